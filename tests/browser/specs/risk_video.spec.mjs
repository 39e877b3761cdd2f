// The film that the business system gave with the interview: offered first, played to both, and a failure is said and holds nothing up.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { launch } from '../lib/browser.mjs';
import { Stage } from '../lib/stage.mjs';
import { startTalking } from '../lib/talk.mjs';

const kReadyWithinMs = 60_000;

test.describe.configure({ mode: 'serial' });
let stage;
let shared;

test.beforeAll(async () => {
  stage = await Stage.open();
  shared = await launch();
  const file = path.join(stage.folder, 'risk.webm');
  execFileSync('ffmpeg', ['-v', 'error', '-y', '-f', 'lavfi', '-i', 'testsrc2=size=320x180:rate=15:duration=8',
    '-f', 'lavfi', '-i', 'sine=frequency=500:duration=8', '-c:v', 'libvpx', '-deadline', 'realtime', '-c:a', 'libopus', file]);
  stage.receiver.published.set('/risk.webm', { type: 'video/webm', bytes: fs.readFileSync(file) });
});
test.afterAll(async () => {
  await shared?.close();
  await stage?.close();
});

async function leave(talk) {
  await talk.agent.conclude('passed');
  await talk.customer.ended();
  await talk.customer.close();
  await talk.agent.finishWrapUp();
  await talk.agent.close();
}

test("the interview's own film is offered though the library is empty, and both see it", async () => {
  const talk = await startTalking(stage, { businessId: 'LN-RISK', riskVideoUrl: `${stage.receiver.origin}/risk.webm` }, { shared });
  const { agent, customer } = talk;
  await agent.button('player').click();
  const item = agent.button('library-item').filter({ has: agent.button('risk-video') });
  await expect(item).toContainText('risk.webm');
  await expect(item).toContainText('本次面签的风险视频');
  await item.getByTestId('library-play').click({ timeout: kReadyWithinMs }); // appears by itself once it is ready
  await expect(agent.button('player-dialog')).toBeHidden();
  for (const { page } of [agent, customer]) {
    await page.waitForFunction(() => document.querySelector('[data-testid="video-player-broadcast"]')?.videoWidth === 320
      || document.querySelector('[data-testid="video-player-broadcast"] video')?.videoWidth === 320);
  }
  expect(await stage.timelineKinds(talk.interviewId)).toContain('player_started');
  await leave(talk);
});

test('a film that cannot be fetched says why, and everything else goes on', async () => {
  const talk = await startTalking(stage, { businessId: 'LN-NO-RISK', riskVideoUrl: `${stage.receiver.origin}/orders` }, { shared });
  await talk.agent.button('player').click();
  const item = talk.agent.button('library-item').filter({ has: talk.agent.button('risk-video') });
  await expect(item.getByRole('alert')).toBeVisible({ timeout: kReadyWithinMs });
  await expect(item).toContainText('无法播放');
  await expect(item.getByTestId('library-play')).toHaveCount(0);
  await expect(talk.agent.button('say-text')).toBeEnabled();
  await talk.agent.page.keyboard.press('Escape');
  await leave(talk);
});
