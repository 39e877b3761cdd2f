// Before the call: browsers that cannot hold one, refused permissions, the checks, and what calls a waiting customer back.
// Permissions are the browser's own here: nothing is answered by a switch, so that they can be refused.
import { expect, test } from '@playwright/test';
import { AgentPage } from '../lib/agent_page.mjs';
import { kDesktop, kPhone, launch } from '../lib/browser.mjs';
import { CustomerPage } from '../lib/customer_page.mjs';
import { looksRight } from '../lib/looks.mjs';
import { waitUntil } from '../lib/server.mjs';
import { Stage } from '../lib/stage.mjs';
import { createInterview } from '../lib/whole_interview.mjs';

const kData = ['演示银行', '贷款面签', 'Example Bank'];
const kWechat = 'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 MicroMessenger/8.0.49(0x1800312f) NetType/WIFI';
const kEverything = ['geolocation', 'camera', 'microphone'];
/** As an app's browser: pages get neither camera nor microphone. */
const kNoDevices = "Object.defineProperty(Navigator.prototype, 'mediaDevices', { get: () => undefined });";

let stage;
let asking;
let people = [];
let restore = async () => {};

test.beforeAll(async () => {
  stage = await Stage.open();
  asking = await launch({ askForDevices: true });
});
test.afterEach(async () => {
  for (const person of people) {
    if (person instanceof CustomerPage) await person.leave();
    await person.close();
  }
  people = [];
  await restore();
  restore = async () => {};
});
test.afterAll(async () => {
  await asking?.close();
  await stage?.close();
});

async function someone(options = {}) {
  const customer = await CustomerPage.open({ shared: asking, drawn: false, permissions: kEverything, ...options });
  people.push(customer);
  return customer;
}
const read = (created) => stage.integrator.call('GET', `/interviews/${created.interview.id}`);
const tokenOf = (created) => created.customerLink.url.split('#t=')[1];
const heading = (customer) => customer.page.getByRole('heading', { level: 1 });
const allow = (customer, permissions) => customer.context.grantPermissions(permissions, { origin: stage.server.origin });
/** To the page that tries the devices. */
async function toDevices(customer, created) {
  await customer.enter(created.customerLink.url);
  await customer.consent();
}

for (const locale of ['zh-CN', 'en']) {
  test(`an app's browser without camera says how to open the link elsewhere, in ${locale}`, async () => {
    const created = await createInterview(stage.integrator);
    const inApp = await someone({ locale, screen: { ...kPhone, userAgent: kWechat } });
    await inApp.context.addInitScript(kNoDevices);
    await inApp.enter(created.customerLink.url);
    const page = inApp.button('browser-page');
    await expect(page).toHaveAttribute('data-way', 'menu');
    await expect(page).toHaveAttribute('data-lacks', 'devices');
    await expect(heading(inApp)).toHaveText(locale === 'en' ? 'Please open this in a browser' : '请在浏览器中打开');
    await expect(inApp.button('browser-steps')).toContainText('···');
    await expect(page).toContainText(locale === 'en' ? 'WeChat' : '微信');
    await looksRight(inApp.page, locale, [...kData, 'WeChat', 'Safari', created.customerLink.url]);
    // The link was not opened, so that the other browser need not take anything over; and the app's own menu finds it whole.
    expect((await read(created)).status).toBe('created');
    expect(inApp.page.url()).toContain(`#t=${tokenOf(created)}`);
    await expect(inApp.button('consent-page')).toHaveCount(0);
    await inApp.page.reload();
    await expect(page).toHaveAttribute('data-way', 'menu');

    await inApp.context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: stage.server.origin });
    await inApp.button('link-copy').click();
    await expect(inApp.button('link-result')).toContainText('Safari');
    const copied = await inApp.page.evaluate(() => navigator.clipboard.readText());
    const safari = await someone({ locale });
    await safari.enter(copied);
    await safari.button('consent-accept').waitFor();
    await expect(safari.button('otherDevice-page')).toHaveCount(0);
    expect((await read(created)).status).toBe('entered');
  });
}

test('the same app with a camera goes on as any browser: the name decides nothing', async () => {
  const created = await createInterview(stage.integrator);
  const inApp = await someone({ screen: { ...kPhone, userAgent: kWechat } });
  await toDevices(inApp, created);
  await expect(inApp.button('device-continue')).toBeEnabled();
  await expect(inApp.button('browser-page')).toHaveCount(0);
  expect(inApp.page.url()).not.toContain(tokenOf(created));
});

test('a computer without calls gets a code to go on with on the phone', async () => {
  const created = await createInterview(stage.integrator);
  const old = await someone({ locale: 'en', screen: kDesktop });
  await old.context.addInitScript('delete window.RTCPeerConnection; delete window.webkitRTCPeerConnection;');
  await old.enter(created.customerLink.url);
  await expect(old.button('browser-page')).toHaveAttribute('data-way', 'old');
  await expect(old.button('link-qr')).toBeVisible();
  await expect(old.button('browser-steps')).toHaveCount(0);
  await looksRight(old.page, 'en', [...kData, created.customerLink.url]);
});

for (const [refused, granted, where] of [
  ['camera', ['geolocation', 'microphone'], 'trouble-camera'],
  ['microphone', ['geolocation', 'camera'], 'trouble-microphone'],
  ['both', ['geolocation'], 'trouble-both'],
]) {
  test(`without permission: ${refused}, its own page, and on as soon as it is given`, async () => {
    const created = await createInterview(stage.integrator);
    const customer = await someone({ locale: 'en', permissions: granted });
    await toDevices(customer, created);
    await expect(customer.button(where)).toHaveAttribute('data-trouble', /^(denied|dismissed)$/);
    await expect(customer.page.locator('[data-testid^="trouble-"][data-trouble]')).toHaveCount(1);
    await customer.page.evaluate(() => { window.__same = true; });
    await expect(customer.button(where).locator('li').first()).toBeVisible();
    await expect(customer.button('device-continue')).toHaveCount(0);
    await looksRight(customer.page, 'en', kData);
    await allow(customer, kEverything);
    await expect(customer.button('device-continue')).toBeEnabled(); // nobody pressed, and nothing was loaded again
    await expect(customer.button('trouble-page')).toHaveCount(0);
    expect(await customer.page.evaluate(() => window.__same)).toBe(true);
    expect((await read(created)).status).toBe('entered');
  });
}

test('a device that is taken, and one that is not there, have words of their own', async () => {
  const created = await createInterview(stage.integrator);
  const customer = await someone({ screen: kDesktop });
  await customer.context.addInitScript(() => {
    const real = MediaDevices.prototype.getUserMedia;
    MediaDevices.prototype.getUserMedia = function ask(wanted) {
      if (window.__fails) return Promise.reject(new DOMException(window.__fails[1], window.__fails[0]));
      return real.call(this, wanted);
    };
    window.__fails = ['NotReadableError', 'Could not start video source'];
  });
  await toDevices(customer, created);
  await expect(customer.button('trouble-camera')).toHaveAttribute('data-trouble', 'busy');
  await looksRight(customer.page, 'zh-CN', kData);
  await customer.page.evaluate(() => {
    MediaDevices.prototype.enumerateDevices = async () => [];
    window.__fails = ['NotFoundError', 'Requested device not found'];
  });
  await customer.button('device-again').click();
  await expect(customer.button('trouble-both')).toHaveAttribute('data-trouble', 'missing');
  await expect(customer.button('link-qr')).toBeVisible(); // a phone has both
  const [words, ways] = await customer.page.locator('[data-testid="trouble-page"] > .stack').evaluateAll((parts) => parts.map((part) => part.getBoundingClientRect().toJSON()));
  expect(ways.left, 'what to do stands beside what is wrong').toBeGreaterThanOrEqual(words.right);
  // Connected: nobody presses.
  await customer.page.evaluate(() => {
    window.__fails = undefined;
    navigator.mediaDevices.dispatchEvent(new Event('devicechange'));
  });
  await expect(customer.button('device-continue')).toBeEnabled();
});

test('the place: refused where it is needed, too rough, and found', async () => {
  const administrator = await stage.as(stage.demo.administrator);
  await administrator.call('PATCH', '/admin/tenant', { placePolicy: 'required' });
  // However it goes, the next test is not asked for a place.
  restore = () => administrator.call('PATCH', '/admin/tenant', { placePolicy: 'optional' });
  const created = await createInterview(stage.integrator);
  const customer = await someone({ permissions: ['camera', 'microphone'], locale: 'en' });
  await toDevices(customer, created);
  await customer.checkDevices();
  await customer.givePlace();
  await expect(customer.button('place-trouble')).toHaveAttribute('data-trouble', /^(refused|dismissed)$/);
  await customer.button('place-trouble').locator('li').first().waitFor();
  await expect(customer.button('place-skip')).toHaveCount(0);
  await looksRight(customer.page, 'en', kData);
  expect((await read(created)).place).toBeUndefined();
  await customer.context.setGeolocation({ latitude: 31.2304, longitude: 121.4737, accuracy: 4_200 });
  await allow(customer, kEverything);
  await expect(customer.button('place-trouble')).toHaveAttribute('data-trouble', 'inaccurate'); // nobody pressed
  await expect(customer.button('place-trouble')).toContainText('4.2');
  await expect(customer.button('queue-page')).toHaveCount(0);
  await customer.context.setGeolocation({ latitude: 31.2304, longitude: 121.4737, accuracy: 15 });
  await customer.button('place-allow').click();
  await customer.button('queue-page').waitFor();
  expect((await read(created)).place).toMatchObject({ status: 'given', accuracyM: 15 });
});

test('the checks: network and speaker in words, and nobody is kept from going on', async () => {
  const created = await createInterview(stage.integrator);
  const customer = await someone({ locale: 'en' });
  await toDevices(customer, created);
  const network = customer.button('network-check');
  await expect(network).toHaveAttribute('data-level', /good|fair/, { timeout: 20_000 });
  await expect(customer.button('network-facts')).toContainText(/Round trip \d+ ms · about \d+% lost · [\d.]+ Mb\/s up/);
  await looksRight(customer.page, 'en', kData);
  await customer.button('speaker-play').click();
  await customer.button('speaker-no').click();
  await expect(customer.button('speaker-check')).toContainText('volume');
  await customer.button('speaker-play').click();
  await customer.button('speaker-yes').click();
  await expect(customer.button('speaker-check')).toContainText('You can hear us');

  // A weak network, as the browser itself makes it.
  const devtools = await customer.context.newCDPSession(customer.page);
  await devtools.send('Network.enable');
  await devtools.send('Network.emulateNetworkConditions', { offline: false, latency: 500, downloadThroughput: 40_000, uploadThroughput: 25_000 });
  await customer.button('network-again').click();
  await expect(network).toHaveAttribute('data-level', 'poor', { timeout: 30_000 });
  await expect(customer.button('network-help')).toContainText('VPN');
  await expect(customer.button('device-continue')).toBeEnabled();
  await devtools.send('Network.emulateNetworkConditions', { offline: true, latency: 0, downloadThroughput: -1, uploadThroughput: -1 });
  await customer.button('network-again').click();
  await expect(network).toHaveAttribute('data-level', 'none', { timeout: 20_000 });
  await expect(customer.button('network-facts')).toHaveCount(0);
  await expect(customer.button('device-continue')).toBeEnabled();
  await devtools.send('Network.emulateNetworkConditions', { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: -1 });
  await customer.checkDevices();
  await customer.button('place-page').waitFor();
  // Nothing of it is kept.
  expect((await stage.timelineKinds(created.interview.id)).filter((kind) => /check|network/.test(kind))).toEqual([]);
});

test('a server that is asked too often says nothing bad of the network', async () => {
  const created = await createInterview(stage.integrator);
  const customer = await someone();
  await customer.page.route('**/customer/network-check*', (route) => route.fulfill({ status: 429, contentType: 'application/problem+json', body: '{"code":"network_check.limited"}' }));
  await toDevices(customer, created);
  await expect(customer.button('network-check')).toHaveAttribute('data-level', 'unknown');
  await expect(customer.button('network-help')).toHaveCount(0);
  await expect(customer.button('device-continue')).toBeEnabled();
});

/** Counts what the page would sound and vibrate, and whether the screen is kept on. */
const kWitness = () => {
  window.__sounds = 0;
  window.__vibrated = [];
  window.__locks = 0;
  const start = OscillatorNode.prototype.start;
  OscillatorNode.prototype.start = function count(...args) {
    window.__sounds += 1;
    return start.apply(this, args);
  };
  Navigator.prototype.vibrate = (pattern) => window.__vibrated.push(pattern) > 0;
  Object.defineProperty(Navigator.prototype, 'wakeLock', {
    get: () => ({
      request: async () => {
        window.__locks += 1;
        return Object.assign(new EventTarget(), { release: async () => { window.__locks -= 1; } });
      },
    }),
  });
};

test('the ring sounds and vibrates, the screen stays on, and both end with the interview', async () => {
  const created = await createInterview(stage.integrator);
  const customer = await someone({ screen: kPhone });
  await customer.context.addInitScript(kWitness);
  const desk = await AgentPage.open();
  people.push(desk);
  await desk.signIn(stage.server.origin, stage.demo.account, stage.demo.agent);
  await desk.button('idle').waitFor();
  await customer.queue(created.customerLink.url);
  await customer.button('queue-page').waitFor();
  await expect.poll(() => customer.page.evaluate(() => window.__locks)).toBe(1);
  expect(await customer.page.evaluate(() => window.__vibrated)).toEqual([]);
  await expect(customer.button('queue-spoken')).toContainText('您排在第 1 位');
  await expect(customer.button('queue-spoken')).toHaveAttribute('role', 'status');
  await customer.button('queue-music-switch').click(); // what sounds from now on is the ring
  const before = await customer.page.evaluate(() => window.__sounds);
  await desk.goOnline();
  await customer.button('ring-page').waitFor();
  await expect.poll(() => customer.page.evaluate(() => window.__vibrated.length)).toBeGreaterThan(1);
  expect(await customer.page.evaluate(() => window.__sounds)).toBeGreaterThanOrEqual(before + 3);
  await desk.answer();
  await customer.inCall();
  const rung = await customer.page.evaluate(() => window.__vibrated.length);
  await desk.conclude('passed');
  await customer.ended();
  expect(await customer.page.evaluate(() => window.__vibrated.length)).toBe(rung);
  await expect.poll(() => customer.page.evaluate(() => window.__locks)).toBe(0);
  await desk.finishWrapUp();
  await desk.button('presence-offline').click();
  await expect(desk.button('presence')).toHaveAttribute('data-presence', 'offline');
});

test('who lies behind another page is called, comes back to the same place, and loses nothing by not answering', async () => {
  const created = await createInterview(stage.integrator);
  const customer = await someone({ locale: 'en' });
  await customer.context.addInitScript(kWitness);
  await customer.queue(created.customerLink.url);
  await customer.button('queue-page').waitFor();
  await expect(customer.button('still-there')).toHaveCount(0);
  const visible = (state) => customer.page.evaluate((now) => {
    Object.defineProperty(Document.prototype, 'visibilityState', { configurable: true, get: () => now });
    document.dispatchEvent(new Event('visibilitychange'));
  }, state);
  await visible('hidden');
  await expect(customer.button('still-there')).toBeVisible({ timeout: 20_000 }); // next in line: soon
  await expect(customer.page).toHaveTitle('Are you still there?');
  expect(await customer.page.evaluate(() => window.__vibrated.length)).toBeGreaterThan(0);
  expect((await read(created)).status).toBe('queued');
  await visible('visible');
  await expect(customer.button('still-there')).toHaveCount(0);
  await expect(customer.button('queue-position')).toContainText('1');
  expect(await stage.timelineKinds(created.interview.id)).not.toContain('connection_lost');
});

test('a reload and a short absence keep the place in the queue', async () => {
  const [first, second] = [await createInterview(stage.integrator, { nickName: 'first' }), await createInterview(stage.integrator, { nickName: 'second' })];
  const ahead = await someone();
  const behind = await someone();
  await ahead.queue(first.customerLink.url);
  await expect(ahead.button('queue-position')).toContainText('1');
  await behind.queue(second.customerLink.url);
  await expect(behind.button('queue-position')).toContainText('2');
  await ahead.page.reload();
  await expect(ahead.button('queue-position')).toContainText('1');
  await ahead.page.goto('about:blank'); // away, as when a phone opens another page in the same tab
  await waitUntil(async () => (await stage.timelineKinds(first.interview.id)).includes('connection_lost'), 15_000, 'the absence to be noticed');
  await expect(behind.button('queue-position')).toContainText('2');
  await ahead.enter(first.customerLink.url);
  await expect(ahead.button('queue-position')).toContainText('1');
  await expect(ahead.button('consent-page')).toHaveCount(0); // nothing is asked again
  await expect(behind.button('queue-position')).toContainText('2');
});

/** Chromium lets a page sound that has the camera; others do not before a press. */
const kSilent = () => {
  const resume = AudioContext.prototype.resume;
  Object.defineProperty(AudioContext.prototype, 'state', { get: () => (window.__pressed ? 'running' : 'suspended') });
  AudioContext.prototype.resume = function wait() {
    return window.__pressed ? resume.call(this) : new Promise(() => {});
  };
  window.addEventListener('click', () => { window.__pressed = true; }, true);
};

test('where the browser keeps silent, a tap turns the ring on', async () => {
  const created = await createInterview(stage.integrator);
  const customer = await someone({ locale: 'en' });
  await customer.context.addInitScript(kSilent);
  await customer.queue(created.customerLink.url);
  await customer.button('queue-page').waitFor();
  await expect(customer.button('sound-blocked')).toHaveCount(0); // pressed on the way here
  await customer.page.reload();
  await expect(customer.button('sound-blocked')).toBeVisible();
  await looksRight(customer.page, 'en', kData);
  await customer.button('sound-enable').click();
  await expect(customer.button('sound-blocked')).toHaveCount(0);
  await expect(customer.button('queue-position')).toContainText('1');
});

test('on a wide desktop the pages have two columns, and nothing is below the fold at 1280 by 720', async () => {
  const created = await createInterview(stage.integrator);
  const customer = await someone({ screen: kDesktop });
  await customer.enter(created.customerLink.url);
  const beside = async (left, right) => {
    const [a, b] = [await left.boundingBox(), await right.boundingBox()];
    expect(b.x).toBeGreaterThanOrEqual(a.x + a.width);
    const bottom = await customer.page.evaluate(() => document.documentElement.scrollHeight);
    expect(bottom).toBeLessThanOrEqual(720);
  };
  await customer.button('consent-accept').waitFor();
  await beside(customer.button('consent-accept'), customer.page.locator('article.text'));
  await customer.consent();
  await expect(customer.button('network-check')).toHaveAttribute('data-level', /good|fair/, { timeout: 20_000 });
  await beside(customer.page.locator('.picture'), customer.button('device-continue'));
  await customer.checkDevices();
  await customer.button('place-allow').waitFor();
  await beside(customer.page.locator('.hero'), customer.button('place-allow'));
  await customer.givePlace();
  await customer.button('queue-leave').waitFor();
  await beside(customer.button('queue-position'), customer.button('queue-leave'));
});

test('the first load is small: the checks and the call come when they are needed', async () => {
  const created = await createInterview(stage.integrator);
  const customer = await someone();
  const loaded = [];
  customer.page.on('response', (response) => {
    if (new URL(response.url()).pathname.startsWith('/i')) loaded.push(response);
  });
  await customer.enter(created.customerLink.url);
  await customer.button('consent-accept').waitFor();
  const sizes = await Promise.all(loaded.map(async (response) => [new URL(response.url()).pathname, (await response.request().sizes()).responseBodySize]));
  const bytes = sizes.reduce((sum, [, size]) => sum + size, 0);
  console.log(`first load: ${Math.round(bytes / 1024)} KiB in ${sizes.length} files`);
  expect(bytes).toBeGreaterThan(20 * 1024); // really measured
  expect(bytes).toBeLessThanOrEqual(150 * 1024);
  expect(sizes.filter(([name]) => /TroubleView|ExtraChecks|BrowserApp|media/i.test(name))).toEqual([]);
});
