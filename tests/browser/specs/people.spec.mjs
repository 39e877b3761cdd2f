// More than two in a call: third parties, hold, supervision, screens, players, handing over, changing networks and pages that
// are left. One conversation goes through all of it, and in the end its film is looked at and listened to.
import { expect, test } from '@playwright/test';
import { kHeardDb, kNothingDb, kPlaysDb, kSilentDb, loudnessIn, toneIn, tonesInFile } from '../lib/ears.mjs';
import {
  Ensemble, kAgent, kColleague, kCustomer, kFilmColours, kFilmHz, kFilmTitle, kGuest, kJoinedHz, kScreenColour, kSupervisor,
} from '../lib/ensemble.mjs';
import { alike, coloursInFilm, coloursSeen, framesShown, watchColours } from '../lib/eyes.mjs';
import { HiddenPage } from '../lib/hidden_page.mjs';
import { waitUntil } from '../lib/server.mjs';
import { pictureMoves } from '../lib/talk.mjs';

test.describe.configure({ mode: 'serial' }); // one conversation

const soon = { timeout: 15_000 };
const kSoonMs = 15_000;
const kBackWithinMs = 2_000;
const kRestartWithinMs = 2_000;
/** Both sides see the same of a film at the same time: two decoders and a sampling of 20 ms lie between them. */
const kTogetherMs = 400;
/** Longer than the server waits for a side that is silent. */
const kBehindMs = 12_000;
const kRecordedWithinMs = 150_000;

let ensemble;
let customer;
let agent;
let guest;
let colleague;

test.beforeAll(async () => {
  test.setTimeout(150_000);
  ensemble = await Ensemble.open();
  await ensemble.talk();
  ({ customer, agent } = ensemble);
});
test.afterEach(async ({}, info) => {
  if (info.status === info.expectedStatus) return;
  for (const [i, { page }] of ensemble?.people.entries() ?? []) await page.screenshot({ path: info.outputPath(`page-${i}.png`) }).catch(() => {}); // closed before
});
test.afterAll(async () => {
  await ensemble?.close();
});

const hears = (page, hz, options) => expect.poll(() => toneIn(page.page, hz, options), soon).toBeGreaterThan(kHeardDb);
const isDeafTo = async (page, hz) => expect(await toneIn(page.page, hz, { milliseconds: 1_500 })).toBeLessThan(kSilentDb);
const loudness = (page, testId) => expect.poll(() => loudnessIn(page.page, testId), soon);
const happened = (...kinds) => expect.poll(() => ensemble.kinds(), soon).toEqual(expect.arrayContaining(kinds));
const open = async (page) => (await page.peers()).filter((peer) => peer.state === 'connected');
async function play(page) {
  await page.button('player').click();
  await page.button('library-item').filter({ hasText: kFilmTitle }).getByTestId('library-play').click();
}
async function freeColleague() {
  colleague ??= await ensemble.colleague(kColleague);
  await colleague.goOnline();
  return colleague;
}

test('two people see and hear each other', async () => {
  await Promise.all([pictureMoves(customer.page, 'agent-video', kSoonMs), pictureMoves(agent.page, 'customer-video', kSoonMs)]);
  await Promise.all([hears(customer, kAgent.hz), hears(agent, kCustomer.hz)]);
});

test('a third party by a link is seen and heard by all, and sees and hears all', async () => {
  await agent.button('invite').click();
  await agent.fill('guest-name', 'Li Hua');
  await agent.button('guest-invite').click();
  const link = await agent.button('guest-link').locator('code').innerText();
  await agent.page.keyboard.press('Escape');
  guest = await ensemble.page(kGuest);
  await guest.joinAsGuest(link);
  const { guestId } = await ensemble.newest('guest_invited');
  await Promise.all([
    pictureMoves(customer.page, `video-${guestId}-camera`, kSoonMs),
    pictureMoves(agent.page, `video-${guestId}-camera`, kSoonMs),
    pictureMoves(guest.page, 'agent-video', kSoonMs), // the first tile, which is the customer's here
  ]);
  await pictureMoves(guest.page, 'video-agent-camera', kSoonMs);
  await Promise.all([hears(customer, kGuest.hz), hears(agent, kGuest.hz), hears(guest, kCustomer.hz), hears(guest, kAgent.hz)]);
  await happened('guest_joined');
});

test("everybody's network is shown on every page, and a poor one is an event", async () => {
  const { guestId } = await ensemble.newest('guest_joined');
  const tile = (page, who) => page.page.locator(`figure[data-participant="${who}"] [data-level]`);
  const shown = [
    customer.button('network'), tile(customer, 'agent'), tile(customer, guestId),
    agent.button('own-network'), tile(agent, 'customer'), tile(agent, guestId),
    guest.button('network'), tile(guest, 'agent'), tile(guest, 'customer'),
  ];
  const allSay = (level) => Promise.all(shown.map((each) => expect(each).toHaveAttribute('data-level', level, soon)));
  await allSay(/^[34]$/);
  await ensemble.relay.set({ delay_ms: 350 }); // a round trip of 0.7 s
  await allSay(/^[01]$/);
  await happened('network_poor');
  await ensemble.relay.clear();
  await allSay(/^[34]$/);
});

test('a third party who is put out is gone at once', async () => {
  const { guestId } = await ensemble.newest('guest_joined');
  await agent.button('invite').click();
  await agent.button('guest-remove').click();
  await expect(guest.button('guest-end')).toHaveAttribute('data-reason', 'removed', soon);
  await agent.page.keyboard.press('Escape');
  for (const page of [customer, agent]) await expect(page.button(`video-${guestId}-camera`)).toHaveCount(0, soon);
  await guest.close();
});

test('on hold the customer hears music, and neither sees nor hears the agent', async () => {
  await agent.button('hold').click();
  await expect(customer.button('held')).toBeVisible(soon);
  await loudness(customer, 'video-player-broadcast').toBeGreaterThan(kPlaysDb);
  await loudness(customer, 'agent-video').toBeLessThan(kNothingDb);
  await loudness(agent, 'customer-video').toBeLessThan(kNothingDb);
  const still = await framesShown(customer.page, 'agent-video');
  await loudness(customer, 'video-player-broadcast').toBeGreaterThan(kPlaysDb); // goes on
  expect(await framesShown(customer.page, 'agent-video')).toBe(still);
  await expect(agent.button('video-player-broadcast')).toHaveCount(0);
  await agent.button('hold').click();
  await expect(customer.button('held')).toHaveCount(0, soon);
  await hears(customer, kAgent.hz);
  await pictureMoves(customer.page, 'agent-video', kSoonMs);
  await happened('hold_started', 'hold_ended');
});

test('a supervisor listens unseen, whispers to the agent alone, and joins', async () => {
  const supervisor = await ensemble.colleague(kSupervisor, { canSupervise: true, queueIds: [] });
  const customerTold = () => ensemble.customerWasTold.join('\n');
  await supervisor.button('nav-supervise').click();
  await expect(supervisor.button('live-call')).toHaveCount(1, soon);
  await supervisor.button('supervise-listen').click();
  await pictureMoves(supervisor.page, 'customer-video', kSoonMs);
  await Promise.all([hears(supervisor, kCustomer.hz), hears(supervisor, kAgent.hz)]);
  const { sessionId } = await ensemble.newest('supervisor_listening');

  await supervisor.button('mode-whisper').click();
  await expect(agent.button('whisper')).toBeVisible(soon);
  await expect(supervisor.button('player')).toHaveCount(0);
  await isDeafTo(agent, kSupervisor.hz); // not before the button is held
  await supervisor.button('talk').hover();
  await supervisor.page.mouse.down();
  await hears(agent, kSupervisor.hz);
  await isDeafTo(customer, kSupervisor.hz);
  await hears(agent, kSupervisor.hz); // all the while
  await expect(customer.button('people-stage').locator('figure')).toHaveCount(1);
  expect(customerTold()).not.toContain(sessionId);
  await supervisor.page.mouse.up();

  await supervisor.page.evaluate((hz) => window.__setTone(hz), kJoinedHz);
  await supervisor.button('mode-join').click();
  await Promise.all([customer, agent].map((page) => pictureMoves(page.page, `video-${sessionId}-camera`, kSoonMs)));
  await Promise.all([hears(customer, kJoinedHz), hears(agent, kJoinedHz)]);
  expect(customerTold()).toContain(sessionId);
  await play(supervisor); // as the agent may, from joining on
  await expect(customer.button('film')).toContainText(kFilmTitle, soon);
  await supervisor.button('player-stop').click();
  await expect(customer.button('film')).toHaveCount(0, soon);
  await supervisor.button('supervise-leave').click();
  await expect(customer.button(`video-${sessionId}-camera`)).toHaveCount(0, soon);
  await happened('supervisor_listening', 'supervisor_whispering', 'supervisor_joined', 'supervisor_left');
  await supervisor.close();
});

test("a shared screen is large for the other side, and ends with the browser's own button", async () => {
  const area = async (page, testId) => {
    const { width, height } = await page.button(testId).boundingBox();
    return width * height;
  };
  await agent.button('share-screen').click();
  await pictureMoves(customer.page, 'video-agent-screen', kSoonMs);
  await pictureMoves(customer.page, 'agent-video', kSoonMs);
  expect(await area(customer, 'video-agent-screen')).toBeGreaterThan(4 * (await area(customer, 'agent-video')));
  await watchColours(customer.page, 'video-agent-screen', [kScreenColour]);
  await expect.poll(() => coloursSeen(customer.page), soon).not.toContain(null);
  await agent.page.evaluate(() => {
    window.__screenTrack.stop();
    window.__screenTrack.dispatchEvent(new Event('ended'));
  });
  await expect(customer.button('video-agent-screen')).toHaveCount(0, soon);
  await customer.button('share-screen').click();
  await pictureMoves(agent.page, 'video-customer-screen', kSoonMs);
  expect(await area(agent, 'video-customer-screen')).toBeGreaterThan(4 * (await area(agent, 'customer-video')));
  await customer.button('stop-screen').click();
  await expect(agent.button('video-customer-screen')).toHaveCount(0, soon);
  await happened('screen_started', 'screen_stopped');
});

test('a film is seen by both at the same time, with its progress on both sides', async () => {
  const sides = [customer, agent];
  const progress = { customer: customer.button('film'), agent: agent.button('player-time') };
  const secondsOf = async (locator) => {
    const [, minutes, seconds] = /(\d+):(\d\d) \/ 0:08/.exec(await locator.innerText()) ?? [];
    return Number(minutes) * 60 + Number(seconds);
  };
  await Promise.all(sides.map((side) => watchColours(side.page, 'video-player-broadcast', kFilmColours.slice(0, 6))));
  await play(agent);
  await Promise.all(sides.map((side) => pictureMoves(side.page, 'video-player-broadcast', kSoonMs)));
  await Promise.all(sides.map((side) => hears(side, kFilmHz)));
  await expect.poll(() => secondsOf(progress.customer), soon).toBeGreaterThanOrEqual(3);
  await agent.button('player-pause').click();
  await expect(customer.button('film')).toContainText('已暂停', soon);
  await expect.poll(() => secondsOf(progress.customer), soon).toBe(await secondsOf(progress.agent));
  const seen = await Promise.all(sides.map((side) => coloursSeen(side.page)));
  const apart = seen[0].flatMap((at, i) => (at && seen[1][i] ? [Math.abs(at - seen[1][i])] : [])).slice(1); // the first: who connected when
  expect(apart.length).toBeGreaterThanOrEqual(2);
  expect(Math.max(...apart)).toBeLessThanOrEqual(kTogetherMs);
  await agent.button('player-pause').click();
  await expect.poll(() => secondsOf(progress.customer), soon).toBeGreaterThanOrEqual(5);
  await agent.button('player-stop').click();
  await expect(customer.button('film')).toHaveCount(0, soon);
  await happened('player_started', 'player_paused', 'player_resumed', 'player_ended');
});

test('another network restarts the path at once, on the same session', async () => {
  const before = await open(customer);
  const restarted = customer.page.waitForResponse((response) => response.request().method() === 'PATCH' && response.url().includes('/media/sessions/'));
  await customer.page.evaluate(() => window.dispatchEvent(new Event('online')));
  const changedAt = Date.now();
  const response = await restarted;
  expect(response.status()).toBe(200);
  expect(response.request().headers()['if-match']).toBe('"*"');
  expect(Date.now() - changedAt).toBeLessThanOrEqual(kRestartWithinMs);
  await expect.poll(async () => (await open(customer)).map((peer) => peer.number), soon).toEqual(before.map((peer) => peer.number));
  await expect.poll(async () => (await open(customer)).every((peer, i) => peer.local !== before[i].local && peer.remote !== before[i].remote), soon).toBe(true);
  await Promise.all([pictureMoves(agent.page, 'customer-video', kSoonMs), pictureMoves(customer.page, 'agent-video', kSoonMs)]);
});

test('a phone that took the camera: the agent is told, and the picture is back within two seconds of the return', async () => {
  const before = await open(customer);
  await customer.page.evaluate(() => {
    Object.defineProperty(document, 'visibilityState', { value: 'hidden', configurable: true });
    document.dispatchEvent(new Event('visibilitychange'));
    const [track] = document.querySelector('[data-testid="own-video"]').srcObject.getVideoTracks();
    track.stop();
    track.dispatchEvent(new Event('ended'));
  });
  await expect(agent.button('customer-away')).toBeVisible(soon);
  await happened('customer_left_page');
  const still = await framesShown(agent.page, 'customer-video');
  await customer.page.evaluate(() => {
    delete document.visibilityState;
    document.dispatchEvent(new Event('visibilitychange'));
  });
  const returned = Date.now();
  await waitUntil(async () => (await framesShown(agent.page, 'customer-video')) > still, 10_000, 'a picture after the return');
  expect(Date.now() - returned).toBeLessThanOrEqual(kBackWithinMs);
  await expect(agent.button('customer-away')).toHaveCount(0, soon);
  expect(await open(customer)).toEqual(before); // replaceTrack: no new session
  await happened('customer_returned');
});

test('a desktop page behind another tab stays in the call', async () => {
  const other = await freeColleague();
  const created = await ensemble.newInterview();
  const hidden = await HiddenPage.open(ensemble.stage.server.origin);
  try {
    await hidden.queue(created.customerLink.url);
    await other.answer();
    await hidden.inCall();
    await pictureMoves(other.page, 'customer-video', kSoonMs);
    await hidden.goBehind();
    await expect.poll(() => hidden.visibility(), soon).toBe('hidden');
    const since = Date.now();
    const before = await framesShown(other.page, 'customer-video');
    const rate = 5; // frames a second at the least
    await waitUntil(
      async () => Date.now() - since > kBehindMs && (await framesShown(other.page, 'customer-video')) > before + (rate * kBehindMs) / 1000,
      2 * kBehindMs, 'the picture of a page in the background to go on',
    );
    expect(await hidden.visibility()).toBe('hidden');
    await loudness(other, 'customer-video').toBeGreaterThan(kPlaysDb);
    await expect(other.button('stage-notice')).toHaveCount(0);
    expect(await ensemble.stage.timelineKinds(created.interview.id)).not.toContain('connection_lost');
    await other.conclude('passed');
    await other.finishWrapUp();
  } finally {
    await hidden.close();
  }
});

test("handing over keeps the customer's connections: frames go on, none is made anew", async () => {
  const other = await freeColleague();
  const before = await open(customer);
  const sent = await customer.framesSent();
  await agent.button('transfer').click();
  await agent.button('transfer-agent').filter({ hasText: kColleague.name }).click();
  await agent.fill('transfer-note', 'Please see to it');
  await agent.button('transfer-go').click();
  await expect(agent.button('transfer-running')).toBeVisible(soon);
  await expect(other.button('ring-note')).toHaveText('Please see to it', soon);
  await other.answer();
  await Promise.all([pictureMoves(other.page, 'customer-video', kSoonMs), pictureMoves(customer.page, 'agent-video', kSoonMs)]);
  await Promise.all([hears(customer, kColleague.hz), hears(other, kCustomer.hz)]);
  await expect(agent.button('wrap-up-handed-over')).toBeVisible(soon); // the outcome is the other's to give
  expect(await customer.framesSent()).toBeGreaterThan(sent);
  expect(before).toHaveLength(2);
  expect(await open(customer)).toEqual(before);
  await happened('transfer_started', 'transfer_completed');
});

test('the film shows and plays what all were to see and hear, and never the whisper', async () => {
  test.setTimeout(kRecordedWithinMs + 60_000);
  await colleague.conclude('passed');
  await customer.button('end-page').waitFor();
  const recording = await ensemble.recorded(kRecordedWithinMs);
  expect(recording.status).toBe('ready');
  const { sessionId } = await ensemble.newest('supervisor_joined');
  const { guestId } = await ensemble.newest('guest_joined');
  const stream = (participant, name) => recording.files.find((file) => file.participant === participant && file.stream === name);
  for (const [participant, name] of [['agent', 'screen'], ['customer', 'screen'], [guestId, 'camera'], [sessionId, 'camera'], [sessionId, 'whisper'], ['player', 'broadcast']])
    expect(stream(participant, name), `${participant} ${name}`).toBeTruthy();

  await test.step('what is heard', async () => {
    const film = recording.files.find((file) => file.kind === 'composed').path;
    const voices = [kCustomer.hz, kAgent.hz, kColleague.hz, kGuest.hz, kJoinedHz, kFilmHz];
    const [whisper, ...heard] = await tonesInFile(film, [kSupervisor.hz, ...voices]);
    test.info().annotations.push({ type: 'levels', description: JSON.stringify({ whisper, heard }) });
    for (const level of heard) expect(level).toBeGreaterThan(kHeardDb);
    expect(whisper).toBeLessThan(kSilentDb);
    expect((await tonesInFile(stream(sessionId, 'whisper').path, [kSupervisor.hz]))[0]).toBeGreaterThan(kHeardDb);
  });
  await test.step('what is seen', async () => {
    const film = recording.files.find((file) => file.kind === 'composed').path;
    const after = (kind, which) => recording.chapters.filter((chapter) => chapter.kind === kind).at(which).atMs + 1_500;
    const large = [480, 200]; // within the left three quarters
    const faces = [[1250, 40], [1250, 220]]; // within the column at the right
    const [screen, ...besides] = await coloursInFilm(film, after('screen_started', 0), [large, ...faces]);
    const [played] = await coloursInFilm(film, after('player_started', -1), [large]);
    test.info().annotations.push({ type: 'colours', description: JSON.stringify({ screen, besides, played }) });
    expect(alike(screen, kScreenColour)).toBe(true);
    expect(alike(besides[0], kCustomer.colour)).toBe(true);
    expect(alike(besides[1], kAgent.colour)).toBe(true);
    expect(kFilmColours.some((colour) => alike(played, colour))).toBe(true);
  });
  await happened('network_recovered');
});
