// The agent's pages: signing in, being rung, the call with its photos and decision, and what must not get lost.
import { expect, test } from '@playwright/test';
import { isAccessible } from '../lib/accessibility.mjs';
import { AgentPage } from '../lib/agent_page.mjs';
import { launch } from '../lib/browser.mjs';
import { CustomerPage } from '../lib/customer_page.mjs';
import { HiddenPage } from '../lib/hidden_page.mjs';
import { fits, nothingOverlaps, speaks } from '../lib/looks.mjs';
import { Stage } from '../lib/stage.mjs';
import { pictureMoves } from '../lib/talk.mjs';
import { createInterview } from '../lib/whole_interview.mjs';

/** What the integrator and the demo company gave: may be in any language. */
const kData = ['演示银行', '演示坐席', '贷款面签'];
const kMostTabs = 60;
/** Runs before the page's own scripts: counts the tones that it plans and takes back, and remembers what it has the desktop show. */
const kRingWitness = `(() => {
  window.__ring = { tones: 0, silenced: 0, notices: [] };
  const { start, stop } = AudioScheduledSourceNode.prototype;
  AudioScheduledSourceNode.prototype.start = function (...at) { window.__ring.tones += 1; return start.apply(this, at); };
  AudioScheduledSourceNode.prototype.stop = function (...at) { if (at.length === 0) window.__ring.silenced += 1; return stop.apply(this, at); };
  const Native = window.Notification;
  window.Notification = class extends Native {
    constructor(title, options) {
      super(title, options);
      this.__seen = { title, body: options.body, requireInteraction: options.requireInteraction, open: true };
      window.__ring.notices.push(this.__seen);
    }
    close() { this.__seen.open = false; super.close(); }
  };
})()`;

let stage;
let shared;
let people = [];

test.beforeAll(async () => {
  stage = await Stage.open();
  shared = await launch();
});
test.afterEach(async () => {
  await setFree();
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

/** Whatever a test left: the next one finds the agent offline and free. */
async function setFree() {
  const agent = await stage.as(stage.demo.agent);
  const desk = await agent.call('GET', '/agent/desk');
  if (desk.interview) await agent.call('POST', `/agent/interviews/${desk.interview.interview.id}/hang-up`, undefined, { allowProblem: true });
  await agent.call('POST', '/agent/wrap-up/finish', undefined, { allowProblem: true });
  await agent.call('PUT', '/agent/presence', { presence: 'offline' }, { allowProblem: true });
}

async function openAgent(options = {}) {
  const agent = await AgentPage.open({ shared, ...options });
  people.push(agent);
  return agent;
}
async function signedIn(options = {}) {
  const agent = await openAgent(options);
  await agent.signIn(stage.server.origin, stage.demo.account, stage.demo.agent);
  await agent.button('idle').waitFor();
  return agent;
}
async function waiting(changes = {}) {
  const created = await createInterview(stage.integrator, changes);
  const customer = await CustomerPage.open({ shared });
  people.push(customer);
  await customer.queue(created.customerLink.url);
  await customer.page.locator('[data-testid="queue-page"], [data-testid="ring-page"]').first().waitFor();
  return { id: created.interview.id, customer };
}
async function talking(options = {}) {
  const agent = await signedIn(options);
  await agent.goOnline();
  const { id, customer } = await waiting();
  await agent.answer();
  await customer.inCall();
  await agent.answerToFirstFrameMs();
  return { agent, id, customer };
}
const read = (id) => stage.integrator.call('GET', `/interviews/${id}`);
const photosOf = async (id) => (await stage.integrator.call('GET', `/interviews/${id}/photos`)).items;

for (const [locale, wrong, required] of [
  ['zh-CN', /密码/, '请填写企业账号'],
  ['en', /password/i, 'Please fill in: Company account'],
]) {
  test(`signing in, in ${locale}: what is missing, what is wrong, and then the desk`, async () => {
    const agent = await openAgent({ locale });
    await agent.page.goto(`${stage.server.origin}/workbench/`);
    await agent.button('sign-in-submit').click();
    await expect(agent.page.getByText(required)).toBeVisible();
    await speaks(agent.page, locale, kData);
    await isAccessible(agent.page);
    await agent.signIn(stage.server.origin, stage.demo.account, { ...stage.demo.agent, password: 'not the password' });
    await expect(agent.button('problem')).toContainText(wrong);
    await expect(agent.page.locator('input[name="password"]')).toHaveValue('');
    await expect(agent.button('idle')).toHaveCount(0);
    await agent.fill('sign-in-password', stage.demo.agent.password);
    await agent.button('sign-in-submit').click();
    await expect(agent.button('idle')).toHaveAttribute('data-ready', 'false');
    await expect(agent.button('presence')).toHaveAttribute('data-presence', 'offline');
    await speaks(agent.page, locale, kData);
    await isAccessible(agent.page);
    for (const width of [1024, 1280, 1920]) {
      await agent.page.setViewportSize({ width, height: 720 });
      await fits(agent.page);
    }
    await agent.button('sign-out').click();
    await agent.button('sign-in-submit').waitFor();
    await agent.page.reload();
    await agent.button('sign-in-submit').waitFor(); // signed out is signed out
  });
}

test('a ring is declined, after a question: the customer waits on', async () => {
  const agent = await signedIn();
  await agent.goOnline();
  const { id, customer } = await waiting({ nickName: 'declined-one' });
  await expect(agent.button('ring-name')).toHaveText('declined-one');
  await agent.page.keyboard.press('Escape');
  await expect(agent.button('ring-decline-confirm')).toBeVisible();
  expect(await stage.timelineKinds(id)).not.toContain('declined');
  await agent.button('ring-decline-confirm').click();
  await expect.poll(() => stage.timelineKinds(id)).toContain('declined');
  await expect(customer.button('end-page')).toHaveCount(0);
  expect((await read(id)).status).toMatch(/queued|ringing/);
});

test('behind another tab the ring is heard and the desktop tells of it; both end when the agent comes back and answers', async () => {
  const desk = await HiddenPage.open(stage.server.origin, ['notifications', 'camera', 'microphone']);
  people.push(desk);
  await desk.page.evaluateOnNewDocument(kRingWitness);
  await desk.page.goto(`${stage.server.origin}/workbench/`);
  const { account, agent } = stage.demo;
  for (const [id, text] of [['account', account], ['name', agent.name], ['password', agent.password]])
    await desk.page.locator(`input[data-testid="sign-in-${id}"], [data-testid="sign-in-${id}"] input`).fill(text);
  await desk.click('sign-in-submit');
  await desk.click('presence-online');
  await desk.page.waitForSelector('[data-presence="online"]');
  await desk.goBehind();
  expect(await desk.visibility()).toBe('hidden');
  const seen = () => desk.page.evaluate(() => window.__ring);
  expect(await seen()).toEqual({ tones: 0, silenced: 0, notices: [] });

  const { id, customer } = await waiting({ nickName: 'behind-one' });
  await expect.poll(async () => (await seen()).notices.length).toBe(1);
  const rung = await seen();
  expect(rung.tones, 'the whole ring is planned at once').toBeGreaterThan(2);
  expect(rung.notices[0]).toMatchObject({ open: true, requireInteraction: true });
  expect(`${rung.notices[0].title} ${rung.notices[0].body}`).toContain('behind-one');
  expect(`${rung.notices[0].title} ${rung.notices[0].body}`, 'what others may read on the screen is no order').not.toContain('LN-');

  await desk.comeBack();
  await desk.click('ring-answer');
  await customer.inCall();
  await expect.poll(async () => (await seen()).silenced, 'what was planned and not heard yet').toBeGreaterThan(0);
  // A page in front that has no focus yet may say it once more; what was said is taken back.
  await expect.poll(async () => (await seen()).notices.filter((notice) => notice.open)).toEqual([]);
  expect((await read(id)).status).toBe('talking');
  for (const step of ['outcome-passed', 'outcome-confirm', 'wrap-up-finish', 'presence-offline']) await desk.click(step);
  await customer.ended();
  await desk.page.waitForSelector('[data-presence="offline"]');
});

test('an agent who is away takes a waiting customer from the list', async () => {
  const agent = await signedIn();
  await agent.button('presence-away').click();
  await expect(agent.button('presence')).toHaveAttribute('data-presence', 'away');
  const { id, customer } = await waiting({ nickName: 'taken-one' });
  const listed = agent.button('waiting-customer').filter({ hasText: 'taken-one' });
  await expect(listed).toHaveCount(1);
  await expect(agent.button('ring')).toHaveCount(0); // nobody rings for one who is away
  await agent.button(`take-${id}`).click();
  await agent.button('call-stage').waitFor();
  await customer.inCall();
  expect(await stage.timelineKinds(id)).toContain('taken');
  await agent.conclude('passed');
  await agent.finishWrapUp();
  await agent.button('idle').waitFor();
  await expect(listed).toHaveCount(0);
});

test('the call: the order, the customer, photos that are viewed and deleted, and a supplement with its reason', async () => {
  const { agent, id, customer } = await talking();
  await test.step('what the agent sees', async () => {
    for (const kind of ['order', 'product', 'borrower', 'guarantor', 'company', 'corporate_guarantor'])
      await expect(agent.button(`section-${kind}`)).toHaveCount(1);
    await expect(agent.button('section-product')).toContainText('¥200,000.00');
    await expect(agent.button('customer-place')).toContainText('31.23040, 121.47370');
    await expect(agent.button('recording-sign')).toBeVisible();
    await expect(agent.button('sign-out')).toBeDisabled();
    await speaks(agent.page, 'zh-CN', ['wang', ...kData]);
    await isAccessible(agent.page);
  });
  await test.step('a photo, its size, its hash', async () => {
    await agent.takePhoto();
    const [photo] = await photosOf(id);
    await agent.button('photo-open').click();
    await expect(agent.button('photo-size')).toHaveText(`${photo.width} × ${photo.height}`);
    await expect(agent.button('photo-sha256')).toContainText(photo.watermarkedSha256);
    const width = (node) => node.naturalWidth;
    await expect.poll(() => agent.button('photo-full').evaluate(width)).toBe(photo.width);
    await agent.button('photo-original').click();
    await expect(agent.button('photo-sha256')).toContainText(photo.sha256);
    expect(photo.sha256).not.toBe(photo.watermarkedSha256);
  });
  await test.step('deleting it', async () => {
    const box = agent.page.locator('.delete-photo-box');
    await agent.button('photo-delete').click();
    await box.getByRole('button', { name: '取消' }).click();
    expect(await stage.timelineKinds(id)).not.toContain('photo_deleted');
    await agent.button('photo-delete').click();
    await box.getByRole('button', { name: '删除' }).click();
    await expect(agent.button('photo-viewer')).toBeHidden();
    await expect(agent.button('photo-open')).toHaveCount(0);
    expect(await stage.timelineKinds(id)).toContain('photo_deleted');
    expect((await photosOf(id)).filter((photo) => !photo.deletedAt)).toEqual([]);
  });
  await test.step('a decision needs its reason', async () => {
    await agent.button('outcome-supplement').click();
    await expect(agent.button('outcome-confirm')).toBeDisabled();
    await agent.button('outcome-listed').first().click();
    const listed = await agent.button('outcome-listed').first().innerText();
    await agent.fill('outcome-reason', '下次带上 营业执照');
    await agent.button('outcome-confirm').click();
    await expect(agent.button('wrap-up-outcome')).toContainText('下次带上 营业执照');
    await customer.ended();
    const { outcome } = await read(id);
    expect(outcome.kind).toBe('needs_supplement');
    expect(outcome.reason).toContain(listed);
    expect(outcome.reason).toContain('下次带上 营业执照');
    await expect(customer.page.locator('body')).not.toContainText('营业执照');
  });
  await agent.finishWrapUp();
  await agent.button('idle').waitFor();
});

test('a reload in a call comes back to the same call', async () => {
  const { agent, id, customer } = await talking();
  await agent.page.reload();
  await agent.button('call-stage').waitFor();
  await pictureMoves(agent.page, 'customer-video', 15_000);
  await pictureMoves(customer.page, 'agent-video', 15_000);
  expect((await stage.timelineKinds(id)).filter((kind) => kind === 'answered')).toHaveLength(1);
  expect((await read(id)).status).toBe('talking');
  await agent.conclude('passed');
  await customer.ended();
  await agent.finishWrapUp();
});

test('the account is used in a second tab: it says so and takes over when it is told to, and the first can come back', async () => {
  const first = await signedIn({ locale: 'en' });
  const second = new AgentPage(first.process, first.context, await first.context.newPage());
  await second.signIn(stage.server.origin, stage.demo.account, stage.demo.agent);
  await second.button('taken-over').waitFor();
  await first.button('idle').waitFor(); // undisturbed
  await second.button('take-over-here').click();
  await second.button('idle').waitFor();
  await first.button('taken-over').waitFor();
  await expect(first.button('presence')).toHaveCount(0);
  await speaks(first.page, 'en', kData);
  await isAccessible(first.page);
  await first.button('take-over-here').click();
  await first.button('idle').waitFor();
  await second.button('taken-over').waitFor();
});

test('by keyboard alone: answer with Enter, photograph with P, decide, finish', async () => {
  const agent = await signedIn();
  const { keyboard } = agent.page;
  /** Goes on with Tab until the focus is there. */
  async function tabTo(id) {
    const isThere = () => agent.page.evaluate((name) => document.activeElement?.dataset.testid === name, id);
    for (let tabs = 0; tabs < kMostTabs; tabs += 1) {
      if (await isThere()) return;
      await keyboard.press('Tab');
    }
    expect(await isThere(), `${id} is reached within ${kMostTabs} tabs`).toBe(true);
  }
  await tabTo('presence-online');
  await keyboard.press('Space');
  await expect(agent.button('presence')).toHaveAttribute('data-presence', 'online');
  const { id, customer } = await waiting();
  await agent.button('ring').waitFor();
  await keyboard.press('Enter');
  await agent.button('call-stage').waitFor();
  await agent.answerToFirstFrameMs();
  await keyboard.press('p');
  await expect(agent.button('photo-open')).toHaveCount(1);
  await tabTo('outcome-rejected');
  await keyboard.press('Space');
  await tabTo('outcome-reason');
  await keyboard.type('pp'); // letters in a field photograph nothing
  await tabTo('outcome-confirm');
  await keyboard.press('Enter');
  await customer.ended();
  await tabTo('wrap-up-finish');
  await keyboard.press('Enter');
  await agent.button('idle').waitFor();
  expect((await read(id)).outcome).toMatchObject({ kind: 'rejected', reason: 'pp' });
  expect(await photosOf(id)).toHaveLength(1);
});

/** Less than this of a face helps nobody. */
const kLeastStage = { width: 420, height: 220 };

for (const locale of ['zh-CN', 'en']) {
  test(`the call on a small desktop and on a tablet, in ${locale}: nothing overlaps, is cut off or pushes the picture away`, async () => {
    const { agent, customer } = await talking({ locale });
    const { page } = agent;
    await agent.takePhoto();
    await agent.takePhoto();
    await agent.button('mark').first().click();
    await expect(agent.button('mark-last')).not.toBeEmpty();
    /** The two sizes of the promise, and one between where the columns are narrower. */
    async function holds(state) {
      for (const [width, height] of [[1280, 720], [1024, 768], [768, 1024]]) {
        await test.step(`${state}, ${width} × ${height}`, async () => {
          await page.setViewportSize({ width, height });
          await fits(page);
          await nothingOverlaps(page, 'call', { whole: width >= 860 });
          const stage = await agent.button('call-stage').boundingBox();
          expect(stage.width).toBeGreaterThanOrEqual(kLeastStage.width);
          expect(stage.height, `the picture, ${state}, ${width} × ${height}`).toBeGreaterThanOrEqual(kLeastStage.height);
          if (width >= 860) return;
          await agent.button('conclude-panel').evaluate((panel) => panel.scrollIntoView({ block: 'end' }));
          await nothingOverlaps(page, 'call');
          await page.screenshot({ path: test.info().outputPath(`${state}-${width}.png`) });
          await agent.button('call-stage').evaluate((top) => top.scrollIntoView());
        });
        await page.screenshot({ path: test.info().outputPath(`${state}-${width}x${height}.png`) });
      }
    }
    await holds('marks and photos');
    await agent.button('ask-photo').click();
    await expect(agent.button('ask-photo')).toBeDisabled();
    await agent.button('hold').click();
    await agent.button('held').waitFor();
    await agent.button('outcome-rejected').click();
    await holds('held, asked for a photo, a decision begun');
    await agent.button('hold').click();
    await expect(agent.button('held')).toHaveCount(0);
    await agent.fill('outcome-reason', 'x');
    await agent.button('outcome-confirm').click();
    await customer.ended();
    await agent.finishWrapUp();
  });
}

test('in the call every control is reached with Tab, and the focus is never lost when dialogs close or buttons are busy', async () => {
  const { agent, customer } = await talking();
  const { page } = agent;
  const { keyboard } = page;
  const focused = () => page.evaluate(() => document.activeElement.dataset.testid ?? document.activeElement.tagName);
  const focusIs = (id) => expect.poll(focused, { message: `the focus is on ${id}` }).toBe(id);
  await agent.takePhoto();

  await test.step('Tab', async () => {
    const missed = () => page.evaluate(() => [...document.querySelectorAll('[data-testid="call"] :is(button, select, textarea, input, a[href], [role="slider"]):not([disabled], [tabindex="-1"], [data-seen])')]
      .filter((node) => node.checkVisibility({ visibilityProperty: true }))
      .map((node) => node.dataset.testid ?? node.outerHTML.slice(0, 120)));
    await agent.button('call').focus();
    for (let tabs = 0; tabs < kMostTabs; tabs += 1) {
      await keyboard.press('Tab');
      await page.evaluate(() => (document.activeElement.dataset.seen = ''));
    }
    expect(await missed()).toEqual([]);
  });

  await test.step('dialogs give the focus back to where it was', async () => {
    for (const [key, dialog] of [['i', 'invite-dialog'], ['t', 'transfer-dialog'], ['l', 'player-dialog'], ['?', 'call-keys']]) {
      await agent.button('mark').first().focus();
      await keyboard.press(key);
      await agent.button(dialog).waitFor();
      expect(await focused()).not.toBe('mark');
      await keyboard.press('Escape');
      await expect(agent.button(dialog)).toHaveCount(0);
      await focusIs('mark');
    }
    await agent.button('mark-own').focus();
    await keyboard.press('Enter');
    await page.locator('.el-message-box input').waitFor();
    await keyboard.type('seen the original');
    await keyboard.press('Enter');
    await expect(agent.button('mark-last')).toContainText('seen the original');
    await focusIs('mark-own');
    await agent.button('hang-up').focus();
    await keyboard.press('Enter');
    await page.locator('.hang-up-confirm').waitFor();
    await keyboard.press('Escape');
    await expect(page.locator('.hang-up-confirm')).toBeHidden();
    await focusIs('hang-up');
  });

  await test.step('a button that waits for its answer has the focus again', async () => {
    await agent.button('hold').focus();
    await keyboard.press('Space');
    await agent.button('held').waitFor();
    await focusIs('hold');
    await keyboard.press('Space');
    await expect(agent.button('held')).toHaveCount(0);
    await focusIs('hold');
    await agent.button('ask-landscape').focus();
    await keyboard.press('Space');
    await expect(agent.button('ask-landscape')).toHaveAttribute('aria-pressed', 'true');
    await focusIs('ask-landscape');
  });

  await test.step('with what is gone it goes on beside, never nowhere', async () => {
    await agent.button('photo-open').focus();
    await keyboard.press('Enter');
    await agent.button('photo-delete').focus();
    await keyboard.press('Enter');
    await page.locator('.delete-photo-box').getByRole('button', { name: '删除' }).focus();
    await keyboard.press('Enter');
    await expect(agent.button('photo-open')).toHaveCount(0);
    await expect(agent.button('photo-viewer')).toBeHidden();
    await expect(page.locator('.delete-photo-box')).toBeHidden();
    await expect.poll(() => page.evaluate(() => document.querySelector('[data-testid="call"]').contains(document.activeElement))).toBe(true);
    await keyboard.press('n');
    await focusIs('notes-text');
  });

  await agent.conclude('passed');
  await customer.ended();
  await expect.poll(() => page.evaluate(() => document.activeElement !== document.body)).toBe(true);
  await agent.finishWrapUp();
});
