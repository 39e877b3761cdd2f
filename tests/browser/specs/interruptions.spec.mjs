// What happens when somebody, or the server, goes away in the middle of a call.
import { expect, test } from '@playwright/test';
import { waitUntil } from '../lib/server.mjs';
import { Stage } from '../lib/stage.mjs';
import { pictureMoves, startTalking, timeUntil } from '../lib/talk.mjs';

const kToldAfterCloseMs = 1_000;
const kToldAfterKillMs = 8_000;
const kBackAfterRestartMs = 5_000;

const kPatienceMs = 15_000;

const agentSeesTrouble = () => !!document.querySelector('[data-testid="call-stage"]')?.dataset.notice;
const customerSeesTrouble = () => !!document.querySelector('[data-testid="call-overlay"], [data-testid="queue-returning"]');

let stage;
let people = [];
test.beforeEach(async () => {
  stage = await Stage.open({ desk: { agent_absence_s: 5, customer_absence_s: 6 } });
});
test.afterEach(async () => {
  await Promise.all(people.map((person) => person.close()));
  people = [];
  await stage.close();
});

/** What a page does on its way back, each with its milliseconds: where time goes when the limit is missed. */
function stepsBack(page, since) {
  const steps = [];
  const note = (what) => steps.push(`${Date.now() - since} ${what}`);
  page.on('websocket', (socket) => {
    note('socket opened');
    socket.on('socketerror', () => note('socket failed'));
    socket.once('framereceived', () => note('welcome'));
  });
  page.on('response', (response) => {
    const url = new URL(response.url()).pathname;
    if (/\/media\//.test(url)) note(`${response.request().method()} ${response.status()} ${url.split('/').slice(-2).join('/')}`);
  });
  return steps;
}

async function talk() {
  const talking = await startTalking(stage);
  people = [talking.customer, talking.agent];
  return talking;
}

test('the customer closes the page: the agent is told within a second, and can still conclude', async () => {
  const { interviewId, customer, agent } = await talk();
  const told = timeUntil(agent.page, agentSeesTrouble, kToldAfterKillMs);
  await customer.page.close();
  expect(await told).toBeLessThanOrEqual(kToldAfterCloseMs + 200); // the clock started before the page was closed
  const ended = await waitUntil(async () => {
    const read = await stage.integrator.call('GET', `/interviews/${interviewId}`);
    return read.status === 'ended' && read;
  }, 20_000, 'the absent customer to end the interview');
  expect(ended.endReason).toBe('connection_lost');
  await agent.button('wrap-up').waitFor();
  await agent.conclude('rejected', '客户离开');
  await agent.button('wrap-up-outcome').waitFor();
  const read = await stage.integrator.call('GET', `/interviews/${interviewId}`);
  expect(read).toMatchObject({ endReason: 'connection_lost', outcome: { kind: 'rejected', reason: '客户离开' } });
});

test("the customer's browser is killed: the agent is told within eight seconds", async () => {
  const { customer, agent } = await talk();
  const told = timeUntil(agent.page, agentSeesTrouble, kToldAfterKillMs + 2_000);
  await customer.kill();
  expect(await told).toBeLessThanOrEqual(kToldAfterKillMs);
});

test("the agent's browser is killed: the customer is told, and is rung for again in the same interview", async () => {
  const { interviewId, customer, agent } = await talk();
  const told = timeUntil(customer.page, customerSeesTrouble, kToldAfterKillMs + 2_000);
  await agent.kill();
  expect(await told).toBeLessThanOrEqual(kToldAfterKillMs);
  await customer.button('queue-returning').waitFor({ timeout: 20_000 });

  const { AgentPage } = await import('../lib/agent_page.mjs');
  const another = await AgentPage.open();
  people.push(another);
  await another.signIn(stage.server.origin, stage.demo.account, stage.demo.agent);
  await another.goOnline();
  await another.answer();
  await customer.inCall();
  await pictureMoves(another.page, 'customer-video', 15_000);
  await another.conclude('passed');
  await customer.ended();
  const kinds = await stage.timelineKinds(interviewId);
  expect(kinds.filter((kind) => kind === 'answered')).toHaveLength(2);
  const recording = await waitUntil(async () => {
    const read = await stage.integrator.call('GET', `/interviews/${interviewId}/recording`);
    return read.status === 'ready' && read;
  }, 60_000, 'the recording');
  expect(recording.gaps).toHaveLength(1);
});

test('the server is killed in a call: both are back within 5 s, the gap is declared, the recording recovered', async () => {
  const { interviewId, customer, agent } = await talk();
  await new Promise((resolve) => setTimeout(resolve, 5_000)); // something to recover
  const killedAt = Date.now();
  const steps = { customer: stepsBack(customer.page, killedAt), agent: stepsBack(agent.page, killedAt) };
  await stage.server.stop('SIGKILL');
  await stage.server.start();
  const serving = Date.now() - killedAt;
  const back = await Promise.all([
    pictureMoves(agent.page, 'customer-video', kPatienceMs).then(() => Date.now() - killedAt),
    pictureMoves(customer.page, 'agent-video', kPatienceMs).then(() => Date.now() - killedAt),
  ]);
  console.log(JSON.stringify({ serving, back, steps }));
  expect(Math.max(...back)).toBeLessThanOrEqual(kBackAfterRestartMs);
  await new Promise((resolve) => setTimeout(resolve, 2_000));
  await agent.conclude('passed');
  await customer.ended();
  expect(await stage.timelineKinds(interviewId)).toContain('recording_gap');
  const recording = await waitUntil(async () => {
    const read = await stage.integrator.call('GET', `/interviews/${interviewId}/recording`);
    return read.status === 'ready' && read;
  }, 90_000, 'the recording');
  expect(recording.recovered).toBe(true);
  expect(recording.gaps).toHaveLength(1);
  expect(recording.gaps[0].cause).toBe('crash');
});
