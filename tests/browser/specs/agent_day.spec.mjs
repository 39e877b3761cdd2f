// An agent's day beside the talking: notes and marks in a call, an outcome put off and given, a supplement brought in a
// follow-up that the customer opens, and the workbench in two places.
import { expect, test } from '@playwright/test';
import { AgentPage } from '../lib/agent_page.mjs';
import { launch } from '../lib/browser.mjs';
import { CustomerPage } from '../lib/customer_page.mjs';
import { fits, speaks } from '../lib/looks.mjs';
import { waitUntil } from '../lib/server.mjs';
import { Stage } from '../lib/stage.mjs';
import { createInterview } from '../lib/whole_interview.mjs';

/** What the company and the integrator gave: may be in any language. */
const kData = ['演示银行', '演示坐席', '贷款面签', '已核实身份', '已宣读风险', '已确认自愿办理', '回答“是”', '回答“否”', '资料不全'];
const kNotes = '月收入两万，已婚';
const kFilmWithinMs = 60_000;
const soon = { timeout: 15_000 };

let stage;
let agentsBrowser;
let customersBrowser;
let people = [];

test.beforeAll(async () => {
  stage = await Stage.open();
  [agentsBrowser, customersBrowser] = await Promise.all([launch(), launch()]);
});
test.afterEach(async ({}, info) => {
  if (info.status !== info.expectedStatus)
    for (const [i, { page }] of people.entries()) await page.screenshot({ path: info.outputPath(`page-${i}.png`) }).catch(() => {}); // closed before
  for (const person of people) {
    if (person instanceof CustomerPage) await person.leave();
    await person.close();
  }
  people = [];
  const agent = await stage.as(stage.demo.agent);
  await agent.call('POST', '/agent/wrap-up/finish', undefined, { allowProblem: true });
  await agent.call('PUT', '/agent/presence', { presence: 'offline' }, { allowProblem: true });
});
test.afterAll(async () => {
  await agentsBrowser?.close();
  await customersBrowser?.close();
  await stage?.close();
});

async function signedIn(options = {}) {
  const agent = await AgentPage.open({ shared: agentsBrowser, ...options });
  people.push(agent);
  await agent.signIn(stage.server.origin, stage.demo.account, stage.demo.agent);
  await agent.button('idle').waitFor();
  return agent;
}
async function queued(link) {
  const customer = await CustomerPage.open({ shared: customersBrowser });
  people.push(customer);
  await customer.queue(link);
  return customer;
}
async function talking(agent, changes = {}) {
  const created = await createInterview(stage.integrator, changes);
  await agent.goOnline();
  const customer = await queued(created.customerLink.url);
  await agent.answer();
  await customer.inCall();
  await agent.answerToFirstFrameMs();
  return { id: created.interview.id, customer };
}
const timeline = async (id) => (await stage.integrator.call('GET', `/interviews/${id}/timeline`)).items;
const press = (agent, key) => agent.page.keyboard.press(key);
const focused = (agent) => agent.page.evaluate(() => document.activeElement?.closest('[data-testid]')?.dataset.testid);

test('notes and marks by key in the call; the marks are chapters of the film', async () => {
  const agent = await signedIn();
  const { id, customer } = await talking(agent, { businessId: 'LN-MARKS' });

  await test.step('by key alone: marks, notes, the list of keys', async () => {
    await press(agent, '2');
    await expect(agent.button('mark-last')).toContainText('已宣读风险', soon);
    await press(agent, '4');
    await expect(agent.button('mark-last')).toContainText('回答“是”', soon);
    await press(agent, 'n');
    await expect.poll(() => focused(agent)).toBe('notes-text');
    await agent.page.keyboard.type(`${kNotes} 3 p`); // letters and digits belong to the text now
    await expect(agent.button('notes')).toHaveAttribute('data-state', 'saved', soon);
    expect((await timeline(id)).filter((entry) => entry.kind === 'mark_set')).toHaveLength(2);
    await agent.button('side-notes').focus();
    await press(agent, '?');
    await expect(agent.button('call-keys')).toBeVisible();
    await expect(agent.button('call-keys')).toContainText('标记：已宣读风险');
    await press(agent, 'Escape');
    await expect(agent.button('call-keys')).toHaveCount(0);
    await expect.poll(() => focused(agent)).toBe('side-notes'); // the dialog gave the focus back
    await press(agent, 'm');
    await expect(agent.button('mute')).toHaveAttribute('aria-pressed', 'true');
    await press(agent, 'm');
    await press(agent, 'i');
    await expect(agent.button('invite-dialog')).toBeVisible();
    await press(agent, 'Escape');
  });

  await test.step('with what the customer came, and to what they agreed', async () => {
    await expect(agent.button('customer-browser')).toContainText('Chrome');
    await expect(agent.button('customer-consent')).toContainText('已同意录制');
    await expect(agent.button('customer-signal')).toBeVisible();
    await expect(agent.button('customer-place')).toContainText('31.23040');
  });

  await test.step('notes written elsewhere meanwhile are not written over', async () => {
    const elsewhere = await stage.as(stage.demo.agent);
    const read = await elsewhere.call('GET', `/agent/interviews/${id}/notes`);
    await agent.page.route('**/notes', (route) => route.abort()); // this page does not hear of it before it types
    await agent.button('notes').locator('textarea').pressSequentially('！');
    await elsewhere.call('PUT', `/agent/interviews/${id}/notes`, { text: 'from elsewhere', version: read.version });
    await agent.page.unroute('**/notes');
    await expect(agent.button('notes-conflict')).toContainText('from elsewhere', soon);
    expect((await elsewhere.call('GET', `/agent/interviews/${id}/notes`)).text).toBe('from elsewhere');
    await agent.button('notes-mine').click();
    await expect(agent.button('notes')).toHaveAttribute('data-state', 'saved', soon);
    expect((await elsewhere.call('GET', `/agent/interviews/${id}/notes`)).text).toContain(kNotes);
  });

  await test.step('it holds on a small screen and a tablet', async () => {
    for (const size of [{ width: 1280, height: 720 }, { width: 768, height: 1024 }]) {
      await agent.page.setViewportSize(size);
      await fits(agent.page);
      for (const part of ['call-stage', 'marks', 'take-photo', 'outcome-passed']) await expect(agent.button(part)).toBeVisible();
    }
    await agent.page.setViewportSize({ width: 1280, height: 720 });
    await speaks(agent.page, 'zh-CN', ['wang', 'from elsewhere', ...kData]);
  });

  await test.step('the customer was told of none of it', async () => {
    const seen = await customer.page.evaluate(() => document.documentElement.innerHTML);
    expect(seen).not.toContain(kNotes);
    expect(seen).not.toContain('已宣读风险');
  });

  await agent.conclude('passed');
  await customer.ended();
  await agent.finishWrapUp();
  const recording = await waitUntil(async () => {
    const read = await stage.integrator.call('GET', `/interviews/${id}/recording`);
    return read.status === 'ready' && read;
  }, kFilmWithinMs, 'the film');
  const chapters = recording.chapters.filter((chapter) => chapter.kind === 'mark_set');
  expect(chapters.map((chapter) => chapter.title)).toEqual(['已宣读风险', '回答“是”']);
  expect(chapters[0].atMs).toBeLessThanOrEqual(chapters[1].atMs);
  await agent.page.goto(`${stage.server.origin}/workbench/#/records/${id}`);
  await expect(agent.button('chapter').filter({ hasText: '已宣读风险' })).toBeVisible(soon);
});

test('an outcome is put off, owed at the desk, and given', async () => {
  const agent = await signedIn({ locale: 'en' });
  const { id, customer } = await talking(agent, { businessId: 'LN-LATER', nickName: 'later-one' });
  await agent.button('outcome-later').click();
  await expect(agent.button('outcome-later-confirm')).toBeFocused();
  await agent.button('outcome-later-confirm').click();
  await customer.ended();
  await expect(agent.button('wrap-up-later')).toBeVisible();
  await speaks(agent.page, 'en', ['later-one', ...kData]);
  await agent.finishWrapUp(); // without a question: nothing is missing now
  const owed = agent.button('open-outcome').filter({ hasText: 'later-one' });
  await expect(owed).toContainText('23 h left');
  expect(await stage.timelineKinds(id)).toContain('outcome_deferred');
  expect((await stage.integrator.call('GET', `/interviews/${id}`)).outcome).toBeUndefined();
  await agent.page.reload();
  await expect(owed).toBeVisible(soon); // it is the server that knows
  await speaks(agent.page, 'en', ['later-one', ...kData]);
  await owed.getByTestId('open-outcome-decide').click();
  await agent.conclude('rejected', 'not the person');
  await expect(agent.button('open-outcomes')).toHaveCount(0, soon);
  expect((await stage.integrator.call('GET', `/interviews/${id}`)).outcome.reason).toContain('not the person');
});

test('a supplement: the customer opens the follow-up, and the agent sees what there was', async () => {
  const agent = await signedIn();
  const first = await talking(agent, { businessId: 'LN-SUPPLEMENT', nickName: 'supplement-one' });
  await agent.conclude('needs_supplement', '缺少收入证明');
  await first.customer.ended();
  await agent.button('follow-up-make').click();
  const link = await agent.button('follow-up-link').locator('code').innerText();
  await expect(agent.button('follow-up-link').locator('svg, canvas, img').first()).toBeVisible();
  await agent.finishWrapUp();
  const customer = await queued(link);
  await agent.answer();
  await customer.inCall();
  const { interviewId: followUp } = (await timeline(first.id)).find((entry) => entry.kind === 'follow_up_created').data;
  expect((await timeline(followUp))[0].data.followsInterviewId).toBe(first.id);
  await press(agent, 'e');
  await expect(agent.button('earlier-interview')).toHaveCount(1);
  await expect(agent.button('earlier-interview')).toContainText('缺少收入证明');
  await expect(customer.page.locator('body')).not.toContainText('缺少收入证明');
  await agent.conclude('passed');
  await customer.ended();
  await agent.finishWrapUp();
});

for (const [where, other] of [['another tab', true], ['another machine', false]]) {
  test(`the workbench in ${where}: it says so, and a running call moves there when told to`, async () => {
    const agent = await signedIn();
    const { id, customer } = await talking(agent, { businessId: 'LN-TWO', nickName: 'two-places' });
    const second = other
      ? new AgentPage(agent.process, agent.context, await agent.context.newPage())
      : await AgentPage.open({ shared: customersBrowser });
    if (!other) people.push(second);
    second.page.setDefaultTimeout(15_000);
    await second.signIn(stage.server.origin, stage.demo.account, stage.demo.agent);
    await second.button('taken-over').waitFor();
    await speaks(second.page, 'zh-CN', kData);
    await expect(agent.button('call-stage')).toBeVisible(); // the call goes on where it was
    await press(agent, '1');
    await expect(agent.button('mark-last')).toContainText('已核实身份', soon);

    await second.button('take-over-here').click();
    await second.button('call-stage').waitFor();
    await agent.button('taken-over').waitFor();
    await Promise.all([
      expect(second.button('call-stage')).toHaveAttribute('data-picture', 'moving', soon),
      expect(customer.button('call-screen')).toBeVisible(),
    ]);
    await second.page.reload(); // the same page: nobody is asked
    await second.button('call-stage').waitFor();
    await second.conclude('passed');
    await customer.ended();
    await second.finishWrapUp();
    expect((await timeline(id)).filter((entry) => entry.kind === 'answered')).toHaveLength(1);
    expect((await stage.integrator.call('GET', `/interviews/${id}`)).outcome.kind).toBe('passed');
  });
}
