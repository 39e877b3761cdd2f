// Two people brought into a call, for tests that begin there.
import { AgentPage } from './agent_page.mjs';
import { CustomerPage } from './customer_page.mjs';
import { createInterview } from './whole_interview.mjs';

/** Resolves when the agent sees the customer. `prepare` gets each person's page before it is opened; `screen` is the customer's. */
export async function startTalking(stage, changes = {}, { shared = null, locale = 'zh-CN', screen, prepare = async () => {} } = {}) {
  const created = await createInterview(stage.integrator, changes);
  const [customer, agent] = await Promise.all([CustomerPage.open({ shared, locale, screen }), AgentPage.open({ shared, locale })]);
  await Promise.all([prepare(customer.page), prepare(agent.page)]);
  await agent.signIn(stage.server.origin, stage.demo.account, stage.demo.agent);
  await agent.goOnline();
  await customer.queue(created.customerLink.url);
  await agent.answer();
  await customer.inCall();
  await agent.answerToFirstFrameMs();
  return { interviewId: created.interview.id, link: created.customerLink.url, customer, agent };
}

/** Milliseconds until `condition` holds in the page; throws after `timeoutMs`. */
export async function timeUntil(page, condition, timeoutMs) {
  const started = Date.now();
  await page.waitForFunction(condition, undefined, { timeout: timeoutMs, polling: 20 });
  return Date.now() - started;
}

/** Frames decoded by the page's only moving picture go on: resolves when ten more have come. */
export async function pictureMoves(page, testId, timeoutMs) {
  await page.waitForFunction(
    (id) => {
      const holder = document.querySelector(`[data-testid="${id}"]`);
      const video = holder?.matches('video') ? holder : holder?.querySelector('video');
      const frames = video?.getVideoPlaybackQuality().totalVideoFrames ?? 0;
      const stream = video?.srcObject?.id;
      if (window.__movesStream !== stream) {
        window.__movesStream = stream;
        window.__movesFrom = frames;
      }
      return video && frames >= window.__movesFrom + 10;
    },
    testId,
    { timeout: timeoutMs, polling: 50 },
  );
  await page.evaluate(() => delete window.__movesStream);
}
