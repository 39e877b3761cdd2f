// Photographs the console's recordings: the list, a film with its chapters, hold, deletion and what is left, how long they are kept.
import { launch } from './browser.mjs';
import { ConsolePage } from './console_page.mjs';
import { waitUntil } from './server.mjs';
import { startTalking } from './talk.mjs';

const kTalkS = 10;

/** Two recorded interviews, so that one can be deleted. Resolves with their ids. */
async function record({ stage, locale, order }) {
  const ids = [];
  const shared = await launch();
  for (const businessId of [`LN-2026-0002${locale === 'en' ? 1 : 3}1`, `LN-2026-0002${locale === 'en' ? 1 : 3}2`]) {
    const { agent, customer, interviewId } = await startTalking(stage, { businessId, ...order }, { shared, locale });
    await agent.takePhoto();
    await agent.button('hold').click();
    await customer.button('held').waitFor();
    await agent.button('hold').click();
    await customer.button('held').waitFor({ state: 'detached' });
    await agent.page.waitForFunction((seconds) => {
      const [minutes, rest] = document.querySelector('[data-testid="call-time"]').textContent.split(':').map(Number);
      return minutes * 60 + rest >= seconds;
    }, kTalkS);
    await agent.conclude('passed');
    await customer.ended();
    await agent.finishWrapUp();
    await agent.button('presence-offline').click();
    await agent.page.waitForFunction(() => document.querySelector('[data-presence="offline"]'));
    await Promise.all([customer.close(), agent.close()]);
    await waitUntil(async () => (await stage.integrator.call('GET', `/interviews/${interviewId}/recording`)).status === 'ready', 60_000, 'the film');
    ids.push(interviewId);
  }
  await shared.close();
  return ids;
}

/** @param shoot(page, name) takes one picture. */
export async function photographRecordings({ stage, administrator, shoot, locale, sizes, order }) {
  const english = locale === 'en';
  const [first, second] = await record({ stage, locale, order });
  const reason = english ? 'Dispute 2026-31, asked for by legal' : '纠纷 2026-31，法务部要求';
  for (const size of sizes) {
    const tag = `${size.name}-${locale}`;
    const admin = await ConsolePage.enter(stage, { locale, screen: size.screen });
    const { page } = admin;
    const open = async (id, part) => {
      await page.goto(`${admin.origin}/console/#/recordings/${id}`);
      await admin.button(part).waitFor();
    };
    await open(first, 'recording-video');
    await page.waitForFunction(() => document.querySelector('[data-testid="recording-video"]').readyState >= 1);
    await admin.button('chapter').nth(1).click();
    await page.waitForFunction(() => document.querySelector('[data-testid="recording-video"]').currentTime > 6);
    await admin.button('player-toggle').click();
    await page.evaluate(() => document.activeElement?.blur());
    await shoot(page, `console-recording-${tag}`);
    await admin.button('file-composed').scrollIntoViewIfNeeded();
    await shoot(page, `console-recording-files-${tag}`);
    if (await admin.button('player-keys').isVisible()) { // a phone has no keys
      await admin.button('player-keys').click();
      await admin.button('player-key-list').scrollIntoViewIfNeeded();
      await shoot(page, `console-recording-keys-${tag}`);
    }
    await admin.button('care-delete').click();
    await admin.button('care-submit').click();
    await shoot(page, `console-recording-delete-${tag}`);
    await admin.button('care-cancel').click();
    await administrator.call('PUT', `/interviews/${first}/recording/legal-hold`, { reason });
    await page.reload();
    await admin.button('care-lift').waitFor();
    await admin.button('care-lift').scrollIntoViewIfNeeded();
    await shoot(page, `console-recording-held-${tag}`);
    await page.goto(`${admin.origin}/console/#/settings`);
    await admin.button('retention-days').click();
    await admin.fill('field-retention', '180');
    await admin.button('retention').scrollIntoViewIfNeeded();
    await shoot(page, `console-retention-${tag}`);
    await administrator.call('DELETE', `/interviews/${second}/recording`, { reason }, { allowProblem: true }); // gone already from the second size on
    await open(second, 'tombstone');
    await shoot(page, `console-recording-deleted-${tag}`);
    await page.goto(`${admin.origin}/console/#/recordings`);
    await admin.button('recordings').waitFor();
    await shoot(page, `console-recordings-${tag}`);
    await administrator.call('DELETE', `/interviews/${first}/recording/legal-hold`, { reason });
    await admin.close();
  }
}
