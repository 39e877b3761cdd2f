// Records: found, filtered, read; the film plays and seeks in the page and is downloaded whole.
import crypto from 'node:crypto';
import fs from 'node:fs';
import { expect, test } from '@playwright/test';
import { isAccessible } from '../lib/accessibility.mjs';
import { AgentPage } from '../lib/agent_page.mjs';
import { launch } from '../lib/browser.mjs';
import { speaks } from '../lib/looks.mjs';
import { waitUntil } from '../lib/server.mjs';
import { Stage } from '../lib/stage.mjs';
import { startTalking } from '../lib/talk.mjs';
import { createInterview } from '../lib/whole_interview.mjs';

const kTalkS = 8;
const kData = ['演示银行', '演示坐席', '贷款面签', '资料不全'];

test.describe.configure({ mode: 'serial' });

let stage;
let shared;
let agent;
let interviewId;
let recording;

test.beforeAll(async () => {
  stage = await Stage.open();
  shared = await launch();
  await createInterview(stage.integrator, { businessId: 'LN-OTHER', nickName: 'li-02' });
  const talk = await startTalking(stage, { businessId: 'LN-RECORDS' }, { shared });
  ({ agent, interviewId } = talk);
  // The film must be long enough to seek in.
  await agent.page.waitForFunction((seconds) => {
    const [minutes, rest] = document.querySelector('[data-testid="call-time"]').textContent.split(':').map(Number);
    return minutes * 60 + rest >= seconds;
  }, kTalkS);
  await agent.takePhoto();
  await agent.conclude('rejected', '资料不全');
  await talk.customer.ended();
  await talk.customer.close();
  await agent.finishWrapUp();
  recording = await waitUntil(async () => {
    const read = await stage.integrator.call('GET', `/interviews/${interviewId}/recording`);
    return read.status === 'ready' && read;
  }, 60_000, 'the film');
});
test.afterAll(async () => {
  await shared?.close();
  await stage?.close();
});

const rows = () => agent.button('interviews').locator('.el-table__body tr');

test('the list, and what its filters leave', async () => {
  await agent.button('nav-records').click();
  await expect(rows()).toHaveCount(2);
  await expect(rows().filter({ hasText: 'LN-RECORDS' })).toContainText(/已结束.*拒绝/s);
  await expect(rows().filter({ hasText: 'LN-OTHER' })).toContainText('已创建');
  await agent.fill('filter-business', 'LN-OTHER');
  await expect(rows()).toHaveCount(1);
  await expect(rows()).toContainText('li-02');
  await agent.fill('filter-business', 'LN-NONE');
  await expect(agent.page.getByText('没有符合条件的面签')).toBeVisible();
  await agent.fill('filter-business', '');
  await agent.button('filter-outcome').click();
  await agent.page.getByRole('option', { name: '拒绝' }).click();
  await expect(rows()).toHaveCount(1);
  await expect(rows()).toContainText('LN-RECORDS');
});

test('one record: facts, photo, timeline in words, hashes on demand', async () => {
  await agent.button(`open-${interviewId}`).click();
  await expect(agent.button('facts')).toContainText('资料不全');
  await expect(agent.button('facts')).toContainText('LN-RECORDS');
  const timeline = (await stage.integrator.call('GET', `/interviews/${interviewId}/timeline`)).items;
  const shown = agent.button('timeline').locator('li');
  await expect(shown).toHaveCount(timeline.length);
  expect(await shown.evaluateAll((nodes) => nodes.map((node) => node.dataset.kind))).toEqual(timeline.map((entry) => entry.kind));
  await expect(agent.button('timeline')).toContainText('坐席接听');
  await expect(agent.button('timeline')).not.toContainText(/accepted|textVersion|endReason/);
  await expect(agent.button('timeline')).not.toContainText(timeline[0].hash);
  await agent.button('show-hashes').click();
  for (const entry of [timeline[0], timeline.at(-1)]) await expect(agent.button('timeline')).toContainText(entry.hash);
  await agent.button('show-hashes').click();
  await expect(agent.button('photo-open')).toHaveCount(1);
  await agent.button('photo-open').click();
  await expect(agent.button('photo-viewer')).toBeVisible();
  await expect(agent.button('photo-delete')).toHaveCount(0); // a record is read, not changed
  await agent.page.keyboard.press('Escape');
  await expect(agent.button('photo-viewer')).toBeHidden();
});

test('the film plays, and seeks by ranges', async () => {
  const video = agent.button('recording-video');
  const ranges = [];
  const onResponse = (response) => {
    if (response.url().includes('/recording/files/')) ranges.push({ status: response.status(), range: response.request().headers().range });
  };
  agent.page.on('response', onResponse);
  await video.evaluate((node) => node.play());
  await expect.poll(() => video.evaluate((node) => node.currentTime)).toBeGreaterThan(0.5);
  expect(await video.evaluate((node) => [node.videoWidth, node.videoHeight])).toEqual([1280, 720]);
  const length = await video.evaluate((node) => node.duration);
  expect(Math.abs(length * 1000 - recording.durationMs)).toBeLessThan(500);
  await video.evaluate((node) => {
    node.currentTime = node.duration - 2;
  });
  await expect.poll(() => video.evaluate((node) => node.ended), { timeout: 15_000 }).toBe(true);
  expect(await video.evaluate((node) => node.error)).toBeNull();
  await agent.page.reload(); // again from the start, this time looking at what is asked for
  await expect.poll(() => video.evaluate((node) => node.readyState)).toBeGreaterThanOrEqual(1);
  await expect.poll(() => ranges.length).toBeGreaterThan(0);
  agent.page.off('response', onResponse);
  expect(ranges.every(({ status, range }) => status === 206 && range?.startsWith('bytes='))).toBe(true);
});

test('every file is downloaded as it was sealed: size and hash', async ({}, info) => {
  const files = recording.files;
  expect(files.map((file) => file.kind).sort()).toEqual(['composed', 'stream', 'stream']);
  for (const kind of ['composed', 'stream']) {
    const row = agent.button(`file-${kind}`).first();
    const [download] = await Promise.all([agent.page.waitForEvent('download'), row.getByTestId('file-download').click()]);
    const file = files.find((one) => one.name === download.suggestedFilename());
    expect(file?.kind).toBe(kind);
    const saved = info.outputPath(download.suggestedFilename());
    await download.saveAs(saved);
    const bytes = fs.readFileSync(saved);
    expect(bytes).toHaveLength(file.sizeBytes);
    expect(crypto.createHash('sha256').update(bytes).digest('hex')).toBe(file.sha256);
    await expect(row).toContainText(file.sha256);
  }
});

test('the same record in English', async () => {
  const other = await AgentPage.open({ shared, locale: 'en' });
  await other.signIn(stage.server.origin, stage.demo.account, stage.demo.agent);
  await other.button('take-over-here').click(); // the first page of this agent is still open
  await other.button('idle').waitFor();
  await other.page.goto(`${stage.server.origin}/workbench/#/records/${interviewId}`);
  await other.button('recording-video').waitFor();
  await expect(other.button('timeline')).toContainText('Agreed: yes');
  await speaks(other.page, 'en', [...kData, '订单号', '申请时间', '个人经营贷']);
  await isAccessible(other.page);
  await other.close();
});
