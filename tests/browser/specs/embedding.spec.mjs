// Our pages in an integrator's page under its own origin: where the company allows it everything works, elsewhere nothing shows.
import { expect, test } from '@playwright/test';
import { AgentPage } from '../lib/agent_page.mjs';
import { kDesktop, launch } from '../lib/browser.mjs';
import { CustomerPage } from '../lib/customer_page.mjs';
import { publishHostPage } from '../lib/host_page.mjs';
import { Stage } from '../lib/stage.mjs';
import { createInterview } from '../lib/whole_interview.mjs';

let stage;
let shared;
let administrator;
let agent;
test.beforeAll(async () => {
  stage = await Stage.open();
  shared = await launch();
  administrator = await stage.as(stage.demo.administrator);
  await administrator.call('PATCH', '/admin/tenant', { embedOrigins: [stage.receiver.origin], returnOrigins: [stage.receiver.origin] });
  stage.receiver.published.set('/blank.html', { type: 'text/html', bytes: Buffer.from('<!doctype html><title>Bank</title>') });
});
test.afterAll(async () => {
  await agent?.close();
  await shared?.close();
  await stage?.close();
});

async function agentOnline() {
  if (agent) return agent;
  agent = await AgentPage.open({ shared });
  await agent.signIn(stage.server.origin, stage.demo.account, stage.demo.agent);
  await agent.goOnline();
  return agent;
}

const told = (page) => page.evaluate(() => window.told);
const frameOf = (page, element) => page.frameLocator(`${element} iframe`);

test('a customer has the whole interview inside the page of a company that may', async () => {
  const host = publishHostPage(stage, '/customer.html', 'telewitness-customer', { language: 'zh-CN', accent: '#0b6b4f', company: '演示银行' });
  const created = await createInterview(stage.integrator, { returnUrl: stage.receiver.backUrl });
  const customer = await CustomerPage.open({ shared, screen: kDesktop });
  const { page } = customer;
  await agentOnline();
  await page.goto(host.allowed(created.customerLink.url));
  const frame = frameOf(page, 'telewitness-customer');
  await frame.getByTestId('consent-accept').click();
  await frame.getByTestId('device-continue').click();
  await frame.getByTestId('place-allow').click();
  await agent.answer();
  await frame.getByTestId('call-screen').waitFor();
  // Both see each other: the frame was given camera and microphone.
  await expect.poll(() => frame.locator('video').first().evaluate((video) => video.videoWidth)).toBeGreaterThan(0);
  await agent.conclude('passed');
  await frame.getByTestId('end-page').waitFor();
  await agent.finishWrapUp();
  const news = await told(page);
  expect(news[0][0]).toBe('ready');
  expect(news.filter(([name]) => name === 'state').map(([, detail]) => detail.state)).toEqual(
    expect.arrayContaining(['entered', 'ringing', 'talking', 'ended']));
  const [, ended] = news.find(([name]) => name === 'ended');
  expect(ended).toMatchObject({ interviewId: created.interview.id, endReason: 'concluded', latitudeLongitude: expect.stringMatching(/^31\.2304\d*,121\.4737\d*$/) });
  expect(ended).not.toHaveProperty('outcome');
  expect(ended.returnUrl).toContain(stage.receiver.backUrl);
  expect(JSON.stringify(news)).not.toMatch(/tw[lcm]_/); // no token leaves the frame
  // The way back is the host's to go: the frame stays where it is.
  await expect(frame.getByTestId('return-now')).toHaveCount(0);
  expect(page.url()).toContain('/customer.html');
  await customer.close();
});

test('a page that the company does not list shows nothing, says so, and may not call', async () => {
  const host = publishHostPage(stage, '/stranger.html', 'telewitness-customer', { language: 'en' });
  const created = await createInterview(stage.integrator);
  const customer = await CustomerPage.open({ shared, screen: kDesktop });
  const { page } = customer;
  const refusals = [];
  page.on('console', (message) => refusals.push(message.text()));
  await page.goto(host.other(created.customerLink.url));
  await expect.poll(() => told(page), { timeout: 40_000 }).toEqual([['error', { code: 'element.no_answer' }]]);
  await expect(page.locator('telewitness-customer').getByRole('alert')).toBeVisible();
  expect(refusals.join('\n')).toContain('frame-ancestors');
  expect((await stage.integrator.call('GET', `/interviews/${created.interview.id}`)).status).toBe('created'); // nobody entered
  // Neither may its script: CORS keeps the answer from it.
  const login = { accountId: stage.demo.account, businessId: 'B-1', assistId: '', companyName: '演示银行' };
  const { token } = await stage.integrator.call('POST', '/login-tokens', login);
  const tryLogin = () => page.evaluate(([server, token, login]) =>
    new window.Telewitness.TelewitnessClient({ server, token }).login(login.accountId, login.businessId, login.assistId, login.companyName)
      .then(() => 'in', (error) => error.code), [stage.server.origin, token, login]);
  expect(await tryLogin()).toBe('network.unreachable');
  await customer.close();
});

test('a page without a page of ours logs in, waits, talks and is told how it ended', async () => {
  await administrator.call('PATCH', '/admin/tenant', { customerSeesOutcome: true, tellReason: true });
  await agentOnline();
  const scope = { accountId: stage.demo.account, businessId: 'B-headless', assistId: 'A-1', companyName: '演示银行' };
  const { token } = await stage.integrator.call('POST', '/login-tokens', scope);
  const customer = await CustomerPage.open({ shared, screen: kDesktop });
  const { page } = customer;
  await page.goto(`${stage.receiver.origin}/blank.html`);
  await page.addScriptTag({ url: `${stage.server.origin}/sdk/telewitness.js` });
  const unsupported = await page.evaluate(async ([server, token, scope, queueId]) => {
    const { TelewitnessClient, UnsupportedError } = window.Telewitness;
    const client = new TelewitnessClient({ server, token });
    await client.login(scope.accountId, scope.businessId, scope.assistId, scope.companyName);
    window.client = client;
    return client.startInterview({ nickName: 'he-01', queueId, mode: 'self_service' }).catch((error) => [error instanceof UnsupportedError, error.features]);
  }, [stage.server.origin, token, scope, stage.demo.queueId]);
  expect(unsupported).toEqual([true, ['self_service']]);
  await page.evaluate(async (queueId) => {
    const started = await window.client.startInterview({ nickName: 'he-01', queueId });
    const interview = await started.enter();
    window.interview = interview;
    window.states = [];
    window.calls = [];
    interview.on('state', (state) => window.states.push(state.status));
    interview.on('call', (call) => window.calls.push(call));
    interview.exited.then((result) => (window.result = result));
    await interview.consent(true, interview.state.consentTexts[0]);
    await interview.givePlace({ status: 'refused' });
    await interview.useMedia(await navigator.mediaDevices.getUserMedia({ audio: true, video: true }));
    await interview.enterQueue();
  }, stage.demo.queueId);
  await agent.answer();
  await page.waitForFunction(() => window.calls.includes('connected'));
  await agent.conclude('rejected', '材料不全');
  const result = await (await page.waitForFunction(() => window.result)).jsonValue();
  expect(result).toMatchObject({ businessId: 'B-headless', endReason: 'concluded', outcome: 'rejected', reason: '材料不全' });
  await agent.finishWrapUp();
  await administrator.call('PATCH', '/admin/tenant', { customerSeesOutcome: false, tellReason: false });
  await customer.close();
});

test('the workbench stands in the page of a company that may, for its own agents', async () => {
  await agentOnline();
  const host = publishHostPage(stage, '/agent.html', 'telewitness-agent', { language: 'en', accent: '#0b6b4f' });
  const { url } = await stage.integrator.call('POST', '/agent-links', { userName: stage.demo.agent.name, queueId: stage.demo.queueId });
  const other = await AgentPage.open({ shared });
  await other.page.goto(host.allowed(url));
  const frame = frameOf(other.page, 'telewitness-agent');
  await frame.getByTestId('take-over-here').click(); // the agent's other page was at work until now
  await frame.getByTestId('idle').waitFor();
  await expect.poll(() => told(other.page)).toEqual(expect.arrayContaining([['ready', null], ['state', { state: 'idle' }]]));
  const again = await AgentPage.open({ shared });
  await again.page.goto(host.other(url));
  await expect.poll(() => told(again.page), { timeout: 40_000 }).toEqual([['error', { code: 'element.no_answer' }]]);
  await Promise.all([other.close(), again.close()]);
});
