// More than two in a call: third parties, handing over, hold, supervision, screens, and a page that is left.
import { expect, test } from '@playwright/test';
import { launch } from '../lib/browser.mjs';
import { kHeardDb, kSilentDb, toneIn } from '../lib/ears.mjs';
import { PersonPage } from '../lib/person_page.mjs';
import { waitUntil } from '../lib/server.mjs';
import { Stage } from '../lib/stage.mjs';
import { pictureMoves } from '../lib/talk.mjs';
import { createInterview } from '../lib/whole_interview.mjs';

const kCustomer = { name: 'customer', colour: '#2d5f8a', hz: 1000 };
const kAgent = { name: 'agent', colour: '#35506b', hz: 500 };
const kOther = { name: 'colleague', colour: '#5b3f77', hz: 700 };
const kGuest = { name: 'guest', colour: '#3f7753', hz: 1400 };
const kSupervisor = { name: 'supervisor', colour: '#775b3f', hz: 1900 };
const kPassword = 'correct horse battery';

let stage;
let shared;
let people = [];
let administrator;

test.beforeEach(async () => {
  stage = await Stage.open();
  shared = await launch();
  administrator = await stage.as(stage.demo.administrator);
});
test.afterEach(async () => {
  for (const person of people) await person.close();
  people = [];
  await shared?.close();
  await stage?.close();
});

async function open(person, options = {}) {
  const page = await PersonPage.open({ shared, person, ...options });
  people.push(page);
  return page;
}
async function another(name, more = {}) {
  const queues = (await administrator.call('GET', '/admin/queues')).items.map((queue) => queue.id);
  await administrator.call('POST', '/admin/users', { name, displayName: name, role: 'agent', password: kPassword, queueIds: queues, ...more });
  return { name, password: kPassword };
}
async function signIn(page, user) {
  await page.signIn(stage.server.origin, stage.demo.account, user);
  await page.button('desk').waitFor();
}
async function talk(changes = {}) {
  const created = await createInterview(stage.integrator, changes);
  const [customer, agent] = await Promise.all([open(kCustomer), open(kAgent)]);
  await signIn(agent, stage.demo.agent);
  await agent.goOnline();
  await customer.queue(created.customerLink.url);
  await agent.answer();
  await customer.button('call-screen').waitFor();
  await agent.answerToFirstFrameMs();
  return { id: created.interview.id, customer, agent };
}
async function invite(agent, name) {
  await agent.button('invite').click();
  await agent.fill('guest-name', name);
  await agent.button('guest-invite').click();
  const link = await agent.button('guest-link').locator('code').innerText();
  await agent.page.keyboard.press('Escape');
  return link;
}
const soon = { timeout: 20_000 };
const hears = (page, who) => expect.poll(() => toneIn(page.page, who.hz), soon).toBeGreaterThan(kHeardDb);
const deaf = async (page, who) => expect(await toneIn(page.page, who.hz, 2_500)).toBeLessThan(kSilentDb);
const kinds = (id) => stage.timelineKinds(id);

test('a third party by invitation is seen and heard by all, sees and hears all, and is put out at once', async () => {
  const { id, customer, agent } = await talk();
  const link = await invite(agent, 'Li Hua');
  const guest = await open(kGuest);
  await guest.joinAsGuest(link);
  const participant = (await stage.integrator.call('GET', `/interviews/${id}/timeline`)).items.find((entry) => entry.kind === 'guest_invited').data.guest;
  const tile = `video-${participant}-camera`;
  await Promise.all([pictureMoves(customer.page, tile, 20_000), pictureMoves(agent.page, tile, 20_000)]);
  await pictureMoves(guest.page, 'agent-video', 20_000);
  for (const page of [customer, agent]) await hears(page, kGuest);
  await hears(guest, kCustomer);
  await hears(guest, kAgent);
  await expect(customer.button('call-news')).toContainText('Li Hua');
  expect(await kinds(id)).toContain('guest_joined');
  await agent.button('invite').click();
  await agent.button('guest-remove').click();
  await expect(guest.button('guest-end')).toHaveAttribute('data-reason', 'removed', soon);
  await expect(customer.button(tile)).toHaveCount(0, soon);
});

test('handing over keeps the customer connected: no new connection, frames go on', async () => {
  const { id, customer, agent } = await talk();
  const colleague = await another('colleague');
  const other = await open(kOther);
  await signIn(other, colleague);
  await other.goOnline();
  const before = await customer.peers();
  const sent = await customer.framesSent();
  await agent.button('transfer').click();
  await agent.button('transfer-agent').filter({ hasText: 'colleague' }).click();
  await agent.fill('transfer-note', 'Please see to it');
  await agent.button('transfer-go').click();
  await expect(agent.button('transfer-running')).toBeVisible(soon);
  await expect(other.button('ring-note')).toHaveText('Please see to it', soon);
  await other.answer();
  await pictureMoves(other.page, 'customer-video', 20_000);
  await hears(customer, kOther);
  await agent.button('wrap-up').waitFor();
  expect(await customer.framesSent()).toBeGreaterThan(sent);
  expect((await customer.peers()).made).toBe(before.made);
  expect(await kinds(id)).toEqual(expect.arrayContaining(['transfer_started', 'transfer_completed']));
});

test('on hold the customer hears music and not the agent, until the agent is back', async () => {
  const { id, customer, agent } = await talk();
  await hears(customer, kAgent);
  await agent.button('hold').click();
  await expect(customer.button('held')).toBeVisible(soon);
  await expect.poll(() => toneIn(customer.page, kAgent.hz), soon).toBeLessThan(kSilentDb);
  await agent.button('hold').click();
  await expect(customer.button('held')).toHaveCount(0, soon);
  await hears(customer, kAgent);
  expect(await kinds(id)).toEqual(expect.arrayContaining(['hold_started', 'hold_ended']));
});

test('a supervisor listens unseen, whispers to the agent alone, and joins', async () => {
  const { id, customer, agent } = await talk();
  const supervisor = await open(kSupervisor);
  await signIn(supervisor, await another('watcher', { canSupervise: true }));
  await supervisor.button('nav-supervise').click();
  await expect(supervisor.button('live-call')).toHaveCount(1, soon);
  await supervisor.button('supervise-listen').click();
  await pictureMoves(supervisor.page, 'customer-video', 20_000);
  await hears(supervisor, kCustomer);
  await hears(supervisor, kAgent);
  for (const page of [customer, agent]) await deaf(page, kSupervisor);

  await supervisor.button('mode-whisper').click();
  await expect(agent.button('whisper')).toBeVisible(soon);
  await deaf(agent, kSupervisor); // not before the button is held
  await supervisor.button('talk').hover();
  await supervisor.page.mouse.down();
  await hears(agent, kSupervisor);
  await deaf(customer, kSupervisor);
  expect(await customer.page.getByTestId('people-stage').locator('figure').count()).toBe(1);
  await supervisor.page.mouse.up();

  await supervisor.button('mode-join').click();
  await hears(customer, kSupervisor);
  await supervisor.button('supervise-leave').click();
  await expect.poll(() => kinds(id), soon).toEqual(expect.arrayContaining(['supervisor_listening', 'supervisor_whispering', 'supervisor_joined', 'supervisor_left']));
});

test("a shared screen is large for the other side, and ends with the browser's own button", async () => {
  const { id, customer, agent } = await talk();
  await agent.button('share-screen').click();
  await pictureMoves(customer.page, 'video-agent-screen', 20_000);
  await expect(customer.button('people-stage')).toHaveAttribute('data-mode', 'focus');
  await pictureMoves(customer.page, 'agent-video', 20_000);
  await agent.page.evaluate(() => {
    window.__screenTrack.stop();
    window.__screenTrack.dispatchEvent(new Event('ended'));
  });
  await expect(customer.button('people-stage')).toHaveAttribute('data-mode', 'solo', soon);
  await customer.button('share-screen').click();
  await pictureMoves(agent.page, 'video-customer-screen', 20_000);
  await customer.button('stop-screen').click();
  await expect(agent.button('people-stage')).toHaveAttribute('data-mode', 'solo', soon);
  await expect.poll(() => kinds(id), soon).toEqual(expect.arrayContaining(['screen_started', 'screen_stopped']));
});

test('a phone that took the camera: the agent is told, and the picture is back within two seconds of the return', async () => {
  const { id, customer, agent } = await talk();
  const before = await customer.peers();
  await customer.page.evaluate(() => {
    Object.defineProperty(document, 'visibilityState', { value: 'hidden', configurable: true });
    document.dispatchEvent(new Event('visibilitychange'));
    const [track] = document.querySelector('[data-testid="own-video"]').srcObject.getVideoTracks();
    track.stop();
    track.dispatchEvent(new Event('ended'));
  });
  await expect(agent.button('customer-away')).toBeVisible(soon);
  await expect.poll(() => kinds(id), soon).toContain('customer_left_page');
  const sent = await customer.framesSent();
  await customer.page.evaluate(() => {
    delete document.visibilityState;
    document.dispatchEvent(new Event('visibilitychange'));
  });
  const returned = Date.now();
  await waitUntil(async () => (await customer.framesSent()) > sent, 10_000, 'frames after the return');
  expect(Date.now() - returned).toBeLessThanOrEqual(2_000);
  await expect(agent.button('customer-away')).toHaveCount(0, soon);
  expect((await customer.peers()).made).toBe(before.made);
  expect(await kinds(id)).toContain('customer_returned');
});

test('another network restarts the path at once, on the same session', async () => {
  const { customer, agent } = await talk();
  const before = await customer.peers();
  const restarted = customer.page.waitForResponse((response) => response.request().method() === 'PATCH' && response.url().includes('/media/'));
  await customer.page.evaluate(() => window.dispatchEvent(new Event('online')));
  const changedAt = Date.now();
  const response = await restarted;
  expect(response.status()).toBe(200);
  expect(response.request().headers()['if-match']).toBe('"*"');
  expect(Date.now() - changedAt).toBeLessThanOrEqual(2_000);
  await pictureMoves(agent.page, 'customer-video', 10_000);
  expect((await customer.peers()).made).toBe(before.made);
});

test('a desktop page in the background stays in the call', async () => {
  const { customer, agent } = await talk();
  const front = await customer.context.newPage(); // another tab in front of the call
  await front.goto('about:blank');
  await front.bringToFront();
  await front.waitForTimeout(12_000); // longer than the server waits for a silent side
  await pictureMoves(agent.page, 'customer-video', 10_000);
  await expect(agent.button('call-stage')).not.toHaveAttribute('data-notice', /customer/);
  await hears(agent, kCustomer);
});
