// Every page of the customer: what it says, what it must not offer, and where it leads.
import { expect, test } from '@playwright/test';
import { AgentPage } from '../lib/agent_page.mjs';
import { launch } from '../lib/browser.mjs';
import { CustomerPage } from '../lib/customer_page.mjs';
import { kNothingDb, kPlaysDb, loudnessIn } from '../lib/ears.mjs';
import { looksRight } from '../lib/looks.mjs';
import { Api, waitUntil } from '../lib/server.mjs';
import { Stage } from '../lib/stage.mjs';
import { createInterview } from '../lib/whole_interview.mjs';

const kData = ['演示银行', '贷款面签', 'Example Bank'];
const kShortestLinkS = 60;

let stage;
let shared;
let administrator;
let expiring;
let people = [];

test.beforeAll(async () => {
  stage = await Stage.open();
  shared = await launch();
  administrator = await stage.as(stage.demo.administrator);
  await administrator.call('PATCH', '/admin/tenant', { returnOrigins: [stage.receiver.origin], placePolicy: 'optional' });
  expiring = await createInterview(stage.integrator, { linkValidSeconds: kShortestLinkS });
});
test.afterEach(async () => {
  for (const person of people) {
    if (person instanceof CustomerPage) await person.leave();
    await person.close();
  }
  people = [];
});
test.afterAll(async () => {
  await shared?.close();
  await stage?.close();
});

async function someone(options = {}) {
  const customer = await CustomerPage.open({ shared, ...options });
  people.push(customer);
  return customer;
}
async function agent() {
  const opened = await AgentPage.open({ shared });
  people.push(opened);
  await opened.signIn(stage.server.origin, stage.demo.account, stage.demo.agent);
  await opened.button('idle').waitFor();
  return opened;
}
async function leaveDesk(opened) {
  await opened.button('presence-offline').click();
  await expect(opened.button('presence')).toHaveAttribute('data-presence', 'offline');
}
const read = (created) => stage.integrator.call('GET', `/interviews/${created.interview.id}`);
const confirm = (customer) => customer.page.locator('.van-dialog__confirm');
const cancel = (customer) => customer.page.locator('.van-dialog__cancel');
const problem = (customer) => customer.button('problem-page');
const linkToken = (created) => created.customerLink.url.split('#t=')[1];

const kWords = {
  'zh-CN': {
    unknown: '链接无效', ended: '面签已结束', notAllowed: '暂时不能面签', consent: '同意录制后开始面签', devices: '检查摄像头和麦克风',
    place: '告诉我们您在哪里', queue: '正在排队', nobody: '目前没有坐席在线', taken: '已在另一台设备或页面继续', other: '面签已在另一台设备上打开',
  },
  en: {
    unknown: 'This link is not valid', ended: 'This interview is over', notAllowed: 'No interview is possible now', consent: 'Your consent to recording',
    devices: 'Check camera and microphone', place: 'Tell us where you are', queue: 'You are in the queue', nobody: 'No agent is online right now',
    taken: 'Continued on another device or page', other: 'The interview is open on another device',
  },
};

for (const locale of ['zh-CN', 'en']) {
  test(`the way to the queue, in ${locale}, on phones and desktops`, async () => {
    const words = kWords[locale];
    const created = await createInterview(stage.integrator, { nickName: `way-${locale}` });
    const customer = await someone({ locale });
    const heading = customer.page.getByRole('heading', { level: 1 });
    await customer.enter(created.customerLink.url);

    await expect(heading).toHaveText(words.consent);
    const texts = (await administrator.call('GET', '/admin/tenant')).consentTexts;
    await expect(customer.button('consent-page')).toContainText(texts.find((text) => text.language === locale).text.split('\n')[0]);
    await looksRight(customer.page, locale, kData);
    expect(customer.page.url()).not.toContain(linkToken(created)); // neither history nor a screenshot holds it
    await customer.consent();

    await expect(heading).toHaveText(words.devices);
    await expect(customer.button('device-continue')).toBeEnabled();
    await looksRight(customer.page, locale, kData);
    await customer.checkDevices();

    await expect(heading).toHaveText(words.place);
    await looksRight(customer.page, locale, kData);
    expect((await read(created)).place).toBeUndefined(); // nothing is sent before the press
    await customer.givePlace();

    await expect(heading).toHaveText(words.queue);
    await expect(customer.button('queue-position')).toContainText('1');
    await expect(customer.button('queue-nobody')).toContainText(words.nobody);
    await looksRight(customer.page, locale, kData);
    expect((await read(created)).place).toMatchObject({ status: 'given', latitude: 31.2304, longitude: 121.4737 });

    await customer.page.reload();
    await expect(heading).toHaveText(words.queue); // a reload loses nothing, and asks nothing again
    await customer.button('queue-leave').click();
    await confirm(customer).click();
    await expect(customer.button('end-page')).toHaveAttribute('data-reason', 'left_queue');
    await looksRight(customer.page, locale, kData);
  });

  test(`links that lead nowhere, in ${locale}`, async () => {
    const words = kWords[locale];
    const customer = await someone({ locale });
    await customer.enter(`${stage.server.origin}/i#t=nonsense`);
    await expect(problem(customer)).toHaveAttribute('data-problem', 'unknown');
    await expect(problem(customer)).toContainText(words.unknown);
    await looksRight(customer.page, locale);
    await expect(customer.button('retry')).toHaveCount(0);
    await expect(customer.button('consent-page')).toHaveCount(0);

    const created = await createInterview(stage.integrator);
    const session = await new Api(stage.server.origin).call('POST', '/customer/sessions', { linkToken: linkToken(created) });
    await new Api(stage.server.origin, session.token).call('POST', '/customer/consent', consentOf(session.state, false));
    await customer.page.goto('about:blank');
    await customer.enter(created.customerLink.url);
    await expect(problem(customer)).toHaveAttribute('data-problem', 'ended');
    await expect(problem(customer)).toContainText(words.ended);
    await expect(customer.button('retry')).toHaveCount(0);
    await looksRight(customer.page, locale);
  });

  test(`the business system says no, in ${locale}`, async () => {
    stage.receiver.orders = { allowed: false, message: 'Nr. 17 <b>closed</b>', sections: [] };
    const created = await createInterview(stage.integrator, { sections: undefined, orderEndpoint: stage.receiver.orderUrl });
    const customer = await someone({ locale });
    await customer.enter(created.customerLink.url);
    await expect(problem(customer)).toHaveAttribute('data-problem', 'not-allowed');
    await expect(problem(customer)).toContainText(kWords[locale].notAllowed);
    await expect(problem(customer)).toContainText('Nr. 17 <b>closed</b>'); // as text, never as markup
    await expect(customer.button('retry')).toHaveCount(0);
    expect((await read(created)).status).toBe('created');
    stage.receiver.orders = { allowed: true, sections: [] };
    await customer.page.reload();
    await customer.button('consent-accept').waitFor();
  });
}

function consentOf(state, accepted) {
  const [text] = state.consentTexts;
  return { accepted, textVersion: text.version, textSha256: text.sha256, language: text.language };
}

test('refusing the recording ends the interview, after a question', async () => {
  const created = await createInterview(stage.integrator);
  const customer = await someone();
  await customer.enter(created.customerLink.url);
  await customer.button('consent-refuse').click();
  await cancel(customer).click();
  await expect(customer.button('consent-accept')).toBeEnabled();
  expect((await read(created)).status).toBe('entered');
  await customer.button('consent-refuse').click();
  await confirm(customer).click();
  await expect(customer.button('end-page')).toHaveAttribute('data-reason', 'consent_refused');
  expect(await read(created)).toMatchObject({ status: 'ended', endReason: 'consent_refused' });
  const kinds = await stage.timelineKinds(created.interview.id);
  expect(kinds).toContain('consent_refused');
  expect(kinds).not.toContain('recording_started');
});

test('a second device asks before it takes over, and the first one says so', async () => {
  const created = await createInterview(stage.integrator);
  const [first, second] = [await someone(), await someone({ locale: 'en' })];
  await first.enter(created.customerLink.url);
  await first.consent();
  await first.button('device-continue').waitFor();
  await second.enter(created.customerLink.url);
  await expect(second.button('otherDevice-page')).toContainText(kWords.en.other);
  await expect(first.button('device-page')).toBeVisible(); // only asking disturbs nobody
  await second.button('take-over').click();
  await second.button('device-page').waitFor(); // consent was given already
  await expect(first.button('takenOver-page')).toContainText(kWords['zh-CN'].taken);
  await expect(first.button('device-continue')).toHaveCount(0);
  await looksRight(first.page, 'zh-CN', kData);
  await first.button('take-over').click();
  await first.button('device-page').waitFor();
  await expect(second.button('takenOver-page')).toContainText(kWords.en.taken);
});

test('a place that may be refused: the page says so and goes on without', async () => {
  const created = await createInterview(stage.integrator);
  const customer = await someone({ permissions: ['camera', 'microphone'], place: null });
  await customer.enter(created.customerLink.url);
  await customer.consent();
  await customer.checkDevices();
  await customer.givePlace();
  await expect(customer.button('place-trouble')).toHaveAttribute('data-trouble', 'refused');
  await customer.button('place-skip').click();
  await customer.button('queue-page').waitFor();
  expect((await read(created)).place).toMatchObject({ status: 'refused' });
  expect((await read(created)).place).not.toHaveProperty('latitude');
});

test('a place that must be given: there is no way around it, and allowing it later goes on', async () => {
  await administrator.call('PATCH', '/admin/tenant', { placePolicy: 'required' });
  try {
    const created = await createInterview(stage.integrator);
    const customer = await someone({ permissions: ['camera', 'microphone'] });
    await customer.enter(created.customerLink.url);
    await customer.consent();
    await customer.checkDevices();
    await customer.givePlace();
    await customer.button('place-trouble').locator('li').first().waitFor(); // what explains it was loaded
    await expect(customer.button('place-skip')).toHaveCount(0);
    expect((await read(created)).status).toBe('entered');
    await customer.context.grantPermissions(['geolocation', 'camera', 'microphone'], { origin: stage.server.origin });
    await customer.button('queue-page').waitFor(); // nobody pressed again
    expect((await read(created)).place.status).toBe('given');
  } finally {
    await administrator.call('PATCH', '/admin/tenant', { placePolicy: 'optional' });
  }
});

test('two customers wait in order; when the first leaves, the second is next', async () => {
  const queueId = (await administrator.call('POST', '/admin/queues', { name: '贷款面签二' })).id; // nobody of another test waits here
  const [one, two] = [await createInterview(stage.integrator, { nickName: 'one', queueId }), await createInterview(stage.integrator, { nickName: 'two', queueId })];
  const [first, second] = [await someone(), await someone()];
  await first.queue(one.customerLink.url);
  await expect(first.button('queue-position')).toContainText('1');
  await second.queue(two.customerLink.url);
  await expect(second.button('queue-position')).toContainText('2');
  await first.button('queue-leave').click();
  await cancel(first).click();
  await expect(second.button('queue-position')).toContainText('2');
  await first.button('queue-leave').click();
  await confirm(first).click();
  await expect(first.button('end-page')).toHaveAttribute('data-reason', 'left_queue');
  await expect(second.button('queue-position')).toContainText('1');
  expect(await read(one)).toMatchObject({ status: 'ended', endReason: 'left_queue' });
  expect(await read(one)).not.toHaveProperty('outcome');
});

test('music plays while one waits; a press mutes it, also after a reload', async () => {
  const created = await createInterview(stage.integrator, { nickName: 'music' });
  const customer = await someone();
  await customer.queue(created.customerLink.url);
  await customer.button('queue-music-switch').waitFor(); // on a new server the music is being made still
  const loudness = () => expect.poll(() => loudnessIn(customer.page, 'queue-music'));
  await loudness().toBeGreaterThan(kPlaysDb);
  await customer.button('queue-music-switch').click();
  await loudness().toBeLessThan(kNothingDb);
  await customer.page.reload();
  await expect(customer.button('queue-music-switch')).toHaveText('播放等待音乐');
  await loudness().toBeLessThan(kNothingDb);
  await customer.button('queue-music-switch').click();
  await loudness().toBeGreaterThan(kPlaysDb);
  await customer.button('queue-leave').click();
  await confirm(customer).click();
  await expect(customer.button('end-page')).toHaveAttribute('data-reason', 'left_queue');
  await expect(customer.button('queue-music')).toHaveCount(0);
  const { items } = await stage.integrator.call('GET', `/interviews/${created.interview.id}/timeline`);
  const heard = items.filter(({ kind }) => kind.startsWith('queue_music_'));
  expect(heard.map(({ kind }) => kind)).toEqual(['queue_music_started', 'queue_music_ended', 'queue_music_started', 'queue_music_ended']);
  expect(heard[0].data).toMatchObject({ title: 'Telewitness' });
});

test('nobody online, then an agent rings; the call ends at the integrator, who is told no reason', async () => {
  const created = await createInterview(stage.integrator, { returnUrl: `${stage.receiver.backUrl}?case=17` });
  const customer = await someone();
  const desk = await agent();
  await customer.queue(created.customerLink.url);
  await customer.button('queue-nobody').waitFor();
  await desk.goOnline();
  await customer.button('ring-page').waitFor();
  await expect(customer.button('queue-nobody')).toHaveCount(0);
  await desk.answer();
  await customer.inCall();
  await expect(customer.button('rec-sign')).toBeVisible();
  await expect(customer.button('call-elapsed')).toHaveText(/^0:0\d$/);
  await looksRight(customer.page, 'zh-CN', kData);
  const sign = await customer.button('rec-sign').boundingBox();
  expect(sign.height, 'the sign is one line').toBeLessThan(32);
  await customer.button('mute').click();
  await expect(customer.button('mute')).toHaveAttribute('aria-pressed', 'true');
  await desk.conclude('rejected', 'not for the customer');
  await customer.button('return-countdown').waitFor();
  await expect(customer.button('end-page')).not.toContainText('not for the customer');
  await customer.button('return-now').click();
  await customer.page.getByText('Back at the integrator').waitFor();
  const back = new URL(customer.page.url());
  expect(back.origin).toBe(stage.receiver.origin);
  expect([...back.searchParams.keys()]).toEqual(['case', 'interview', 'endReason', 'time', 'place', 'receipt', 'sign']);
  expect(back.searchParams.get('receipt')).toBe((await read(created)).receiptNumber);
  expect(back.searchParams.get('interview')).toBe(created.interview.id);
  expect(back.searchParams.get('endReason')).toBe('concluded');
  expect(back.searchParams.get('place')).toMatch(/^31\.23\d*,121\.47\d*$/);
  expect(back.searchParams.get('sign')).toMatch(/^[\w-]{43}$/);
  expect(back.search).not.toMatch(/reject|reason=|customer/);
  await desk.finishWrapUp();
  await leaveDesk(desk);
});

test('the customer hangs up, after a question; the agent gets to say how it ended', async () => {
  const created = await createInterview(stage.integrator);
  const customer = await someone();
  const desk = await agent();
  await desk.goOnline();
  await customer.queue(created.customerLink.url);
  await desk.answer();
  await customer.inCall();
  await customer.button('hang-up').click();
  await cancel(customer).click();
  await expect(customer.button('call-screen')).toBeVisible();
  await customer.button('hang-up').click();
  await confirm(customer).click();
  await expect(customer.button('end-page')).toHaveAttribute('data-reason', 'hung_up');
  await expect(customer.button('return-now')).toHaveCount(0); // no return address was given
  await desk.button('wrap-up').waitFor();
  await expect(desk.button('wrap-up-outcome')).toHaveCount(0);
  expect(await read(created)).toMatchObject({ status: 'ended', endReason: 'hung_up' });
  await desk.conclude('passed');
  await desk.button('wrap-up-outcome').waitFor();
  await desk.finishWrapUp();
  await leaveDesk(desk);
});

test('without permission for the camera the page says what to press, and goes on when it is given', async () => {
  const asking = await launch({ askForDevices: true });
  try {
    const created = await createInterview(stage.integrator);
    const customer = await someone({ shared: asking, permissions: ['geolocation'], drawn: false, locale: 'en' });
    await customer.enter(created.customerLink.url);
    await customer.consent();
    await expect(customer.button('trouble-both')).toContainText('permission');
    await expect(customer.button('device-continue')).toHaveCount(0);
    await looksRight(customer.page, 'en', kData);
    await customer.context.grantPermissions(['geolocation', 'camera', 'microphone'], { origin: stage.server.origin });
    await expect(customer.button('device-continue')).toBeEnabled(); // nobody pressed again
    await expect(customer.button('trouble-page')).toHaveCount(0);
    await customer.close();
  } finally {
    await asking.close();
  }
});

test('without network the page says so, and goes on by itself', async () => {
  const created = await createInterview(stage.integrator);
  const customer = await someone();
  const sessions = '**/api/v1/customer/sessions';
  await customer.page.route(sessions, (route) => route.abort('internetdisconnected'));
  await customer.enter(created.customerLink.url);
  await expect(problem(customer)).toHaveAttribute('data-problem', 'offline');
  await customer.page.unroute(sessions);
  await customer.consent(); // nobody pressed "try again"
  await customer.checkDevices();
  await customer.givePlace();
  await customer.button('queue-page').waitFor();
  await customer.context.setOffline(true);
  await expect(customer.button('connection-banner')).toContainText('手机没有网络');
  await expect(customer.button('queue-page')).toBeVisible(); // the page stays
  await customer.context.setOffline(false);
  await expect(customer.button('connection-banner')).toHaveCount(0);
  await customer.button('queue-leave').click();
  await confirm(customer).click();
  await expect(customer.button('end-page')).toHaveAttribute('data-reason', 'left_queue');
});

test('a link whose time is over', async () => {
  // Made before the first test, so that its shortest life has passed by now, or nearly.
  const end = Date.parse(expiring.customerLink.expiresAt);
  await waitUntil(() => Date.now() > end, kShortestLinkS * 1000 + 5_000, 'the link to expire');
  for (const [locale, words] of [['zh-CN', '链接已过期'], ['en', 'This link has expired']]) {
    const customer = await someone({ locale });
    await customer.enter(expiring.customerLink.url);
    await expect(problem(customer)).toHaveAttribute('data-problem', 'expired');
    await expect(problem(customer)).toContainText(words);
    await expect(customer.button('retry')).toHaveCount(0);
    await looksRight(customer.page, locale);
  }
  expect((await read(expiring)).status).not.toBe('talking');
});
