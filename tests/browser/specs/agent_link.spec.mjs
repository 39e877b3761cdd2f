// From the integrator's system into the workbench by a signed link, and back there.
import { expect, test } from '@playwright/test';
import { AgentPage } from '../lib/agent_page.mjs';
import { launch } from '../lib/browser.mjs';
import { CustomerPage } from '../lib/customer_page.mjs';
import { Stage } from '../lib/stage.mjs';
import { createInterview } from '../lib/whole_interview.mjs';

let stage;
let shared;
let queue;
test.beforeAll(async () => {
  stage = await Stage.open();
  shared = await launch();
  const administrator = await stage.as(stage.demo.administrator);
  await administrator.call('PATCH', '/admin/tenant', { returnOrigins: [stage.receiver.origin] });
  [queue] = (await stage.integrator.call('GET', '/queues')).items;
});
test.afterAll(async () => {
  await shared?.close();
  await stage?.close();
});

const link = (changes = {}) =>
  stage.integrator.call('POST', '/agent-links', { userName: stage.demo.agent.name, queueId: queue.id, returnUrl: stage.receiver.backUrl, ...changes });

test('a link signs in once, a whole interview follows, and the agent is back at the integrator', async () => {
  const { url } = await link();
  const [agent, customer] = [await AgentPage.open({ shared }), await CustomerPage.open({ shared })];
  await agent.page.goto(url);
  await agent.button('idle').waitFor();
  expect(agent.page.url()).not.toContain(url.split('#t=')[1]);
  await expect(agent.button('sign-in-submit')).toHaveCount(0);
  await expect(agent.button('return-to')).toContainText(new URL(stage.receiver.origin).host);
  await agent.page.reload();
  await expect(agent.button('return-to')).toBeVisible(); // a reload keeps the way back

  await test.step('used again, it opens nothing', async () => {
    const other = await AgentPage.open({ shared, locale: 'en' });
    await other.page.goto(url);
    await expect(other.button('problem')).toHaveAttribute('data-code', 'link.used');
    await other.button('sign-in-submit').waitFor();
    await expect(other.button('idle')).toHaveCount(0);
    await other.close();
  });

  await agent.goOnline();
  const created = await createInterview(stage.integrator);
  await customer.queue(created.customerLink.url);
  await agent.answer();
  await customer.inCall();
  await expect(agent.button('return-to')).toBeDisabled(); // not out of a call
  await agent.conclude('passed');
  await customer.ended();
  await expect(agent.button('wrap-up-finish')).toContainText(new URL(stage.receiver.origin).host);
  await agent.finishWrapUp();
  await agent.page.getByText('Back at the integrator').waitFor();
  expect(agent.page.url()).toBe(stage.receiver.backUrl);
  expect((await stage.integrator.call('GET', `/interviews/${created.interview.id}`)).outcome.kind).toBe('passed');
  await Promise.all([agent.close(), customer.close()]);
});

test('the way back without an interview, and out', async () => {
  const agent = await AgentPage.open({ shared });
  await agent.page.goto((await link()).url);
  await agent.button('return-to').click();
  await agent.page.getByText('Back at the integrator').waitFor();
  await agent.page.goto((await link()).url);
  await agent.button('sign-out').click();
  await agent.page.getByText('Back at the integrator').waitFor();
  await agent.page.goto(`${stage.server.origin}/workbench/`);
  await agent.button('sign-in-submit').waitFor(); // signed out
  await agent.close();
});

test('a link back to somewhere that is not registered, for nobody, or to another queue is not made', async () => {
  const refused = async (changes) => {
    const answer = await stage.integrator.call(
      'POST', '/agent-links', { userName: stage.demo.agent.name, queueId: queue.id, ...changes }, { allowProblem: true });
    expect(answer.status, JSON.stringify(answer.body)).toBeGreaterThanOrEqual(400);
    expect(answer.body).not.toHaveProperty('url');
    return answer.body.code;
  };
  expect(await refused({ returnUrl: 'https://elsewhere.example/' })).toMatch(/return|origin/);
  await refused({ userName: 'nobody' });
  await refused({ queueId: 'que_01ARZ3NDEKTSV4RRFFQ69G5FAV' });
});
