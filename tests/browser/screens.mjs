// Photographs every page and state into docs/screens/, in both languages and five sizes, from the real server and real calls:
// `make screenshots`. `<page>-<size>-<language>.png`; docs/screens/README.md lists them.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { AgentPage } from './lib/agent_page.mjs';
import { photographAfter, photographDesign } from './lib/after_screens.mjs';
import { photographBefore } from './lib/before_screens.mjs';
import { kDesktop, kPhone, launch } from './lib/browser.mjs';
import { CustomerPage } from './lib/customer_page.mjs';
import { kSizes, writeIndex } from './lib/screen_index.mjs';
import { kRoot } from './lib/server.mjs';
import { photographDay } from './lib/day_screens.mjs';
import { photographPhotos } from './lib/photo_screens.mjs';
import { photographRecordings } from './lib/recording_screens.mjs';
import { photographSeveral } from './lib/several_screens.mjs';
import { photographStates } from './lib/state_screens.mjs';
import { Stage } from './lib/stage.mjs';
import { createInterview } from './lib/whole_interview.mjs';

const kSettleMs = 400; // transitions of the component libraries end within 300 ms
const kScreens = path.join(kRoot, 'docs/screens');
const kLocales = process.env.SCREENS_LOCALE ? [process.env.SCREENS_LOCALE] : ['zh-CN', 'en'];
/** `SCREENS_ONLY=several`: only the calls of several people; `recordings`: only the console's recordings; `photos`: only photos and devices; `before`, `ways`, `after`, `day`, `design`, `console`, `states` likewise. */
const kOnly = process.env.SCREENS_ONLY;
const wanted = (part) => kOnly === undefined || kOnly === part;
/** The devices that a customer's page is opened on. */
const kDevices = [
  { name: 'phone', screen: { ...kPhone, deviceScaleFactor: 1 } },
  { name: 'desktop', screen: kDesktop },
];
fs.mkdirSync(kScreens, { recursive: true });

/** So many colours are enough for pages, and without dithering they keep the repository small. */
const kFewColours = 'split[a][b];[a]palettegen=max_colors=192:stats_mode=single[p];[b][p]paletteuse=dither=none';
const kSmallest = ['-compression_level', '9', '-pred', 'none'];

/** A customer's page is photographed in the sizes of its kind of device, a page of a desk in all. */
const kSizesOf = { phone: ['phone', 'landscape'], desktop: ['desktop', 'tablet', 'wide'], desk: ['desktop', 'tablet', 'wide', 'phone', 'landscape'] };

const taken = new Set();

async function take(page, name, options = {}) {
  await page.waitForTimeout(kSettleMs);
  const whole = path.join(stage.folder, 'screen.png');
  await page.screenshot({ path: whole, ...options });
  execFileSync('ffmpeg', ['-v', 'error', '-y', '-i', whole, '-vf', kFewColours, ...kSmallest, path.join(kScreens, `${name}.png`)]);
  taken.add(`${name}.png`);
  console.log(name);
}

/** `name` ends with its language; before that it says `phone` or `desktop` where it is a customer's page. */
async function shoot(page, name) {
  const locale = kLocales.find((each) => name.endsWith(`-${each}`));
  const stem = name.slice(0, -locale.length - 1);
  const kind = /-(phone|desktop)$/.exec(stem)?.[1] ?? 'desk';
  const before = page.viewportSize();
  for (const size of kSizesOf[kind]) {
    await page.setViewportSize(kSizes[size]);
    await take(page, `${stem.replace(/-(phone|desktop)$/, '')}-${size}-${locale}`);
  }
  await page.setViewportSize(before);
}

const stage = await Stage.open();
const administrator = await stage.as(stage.demo.administrator);
await administrator.call('POST', '/webhook-endpoints', { url: stage.receiver.url, description: 'Core banking' });

/** The demo company speaks Chinese; in the English pictures it has another name and order. */
const kEnglishSections = [
  { kind: 'order', title: 'Order', fields: [{ label: 'Number', value: 'LN-2026-000117' }, { label: 'Applied', value: '2026-11-20' }] },
  { kind: 'product', title: 'Product', fields: [{ label: 'Name', value: 'Business loan' }, { label: 'Amount', value: '¥200,000.00' }, { label: 'Term', value: '24 months' }] },
  { kind: 'borrower', title: 'Borrower', fields: [{ label: 'Name', value: 'Wang Xiaoming' }, { label: 'Document', value: '****1234' }] },
  { kind: 'guarantor', title: 'Guarantor', fields: [{ label: 'Name', value: 'Li Hua' }] },
];
const kEnglishReasons = [
  ['rejected', 'Not the person themselves'], ['rejected', 'Seems to act on instructions'], ['needs_supplement', 'The documents are not complete'],
];
const orderOf = (locale) => (locale === 'en' ? { companyName: 'Example Bank', sections: kEnglishSections } : {});

async function speakEnglish() {
  await administrator.call('PATCH', '/admin/tenant', { name: 'Example Bank' });
  for (const queue of (await administrator.call('GET', '/admin/queues')).items) await administrator.call('PATCH', `/admin/queues/${queue.id}`, { name: 'Loans' });
  for (const user of (await administrator.call('GET', '/admin/users')).items)
    await administrator.call('PATCH', `/admin/users/${user.id}`, { displayName: user.role === 'agent' ? 'Li Jing' : 'Administrator' });
  const reasons = (await administrator.call('GET', '/admin/reasons')).items;
  for (const reason of reasons) await administrator.call('PATCH', `/admin/reasons/${reason.id}`, { enabled: false });
  for (const [kind, text] of kEnglishReasons) await administrator.call('POST', '/admin/reasons', { kind, text });
}

/** The customer's pages up to the queue, the call, the end; the workbench's beside them. */
async function way(locale, size) {
  const tag = `${size.name}-${locale}`;
  const created = await createInterview(stage.integrator, orderOf(locale));
  const customer = await CustomerPage.open({ locale, screen: size.screen });
  await customer.enter(`${stage.server.origin}/i#t=nonsense`);
  await customer.button('problem-page').waitFor();
  await shoot(customer.page, `customer-unknown-${tag}`);
  await customer.page.goto('about:blank');
  await customer.enter(created.customerLink.url);
  await customer.button('consent-accept').waitFor();
  await shoot(customer.page, `customer-consent-${tag}`);
  await customer.consent();
  await customer.button('device-continue').waitFor();
  await shoot(customer.page, `customer-devices-${tag}`);
  await customer.checkDevices();
  await customer.button('place-allow').waitFor();
  await shoot(customer.page, `customer-place-${tag}`);
  const agent = await AgentPage.open({ locale });
  await agent.page.goto(`${stage.server.origin}/workbench/`);
  await agent.button('sign-in-submit').waitFor();
  if (size.name === 'desktop') await shoot(agent.page, `workbench-sign-in-${locale}`);
  await agent.signIn(stage.server.origin, stage.demo.account, stage.demo.agent);
  await agent.button('idle').waitFor();
  await agent.button('presence-away').click();
  await customer.givePlace();
  await customer.button('queue-page').waitFor();
  await shoot(customer.page, `customer-queue-${tag}`);
  await agent.button('waiting-customer').waitFor();
  if (size.name === 'desktop') await shoot(agent.page, `workbench-desk-${locale}`);
  await agent.goOnline();
  await agent.button('ring-answer').waitFor();
  if (size.name === 'desktop') await shoot(agent.page, `workbench-ring-${locale}`);
  await customer.button('ring-page').waitFor();
  await shoot(customer.page, `customer-ring-${tag}`);
  await agent.answer();
  await customer.inCall();
  await agent.answerToFirstFrameMs();
  await agent.seesWidth(1280).catch(() => {}); // a busy machine may not get there; the picture is taken all the same
  await agent.takePhoto();
  await customer.page.evaluate(() => document.activeElement?.blur());
  if (size.name === 'desktop') {
    await shoot(agent.page, `workbench-call-${locale}`);
    await agent.button('photo-open').first().click();
    await agent.button('photo-viewer').waitFor();
    await shoot(agent.page, `workbench-photo-${locale}`);
    await agent.page.keyboard.press('Escape');
  }
  await shoot(customer.page, `customer-call-${tag}`);
  await agent.conclude('rejected', locale === 'en' ? 'The documents are not complete' : '资料不全');
  await customer.ended();
  await shoot(customer.page, `customer-end-${tag}`);
  await agent.button('wrap-up-outcome').waitFor();
  if (size.name === 'desktop') await shoot(agent.page, `workbench-wrap-up-${locale}`);
  await agent.finishWrapUp();
  if (size.name === 'desktop') {
    await agent.button('nav-records').click();
    await agent.button('interviews').waitFor();
    await shoot(agent.page, `workbench-records-${locale}`);
    await agent.page.goto(`${stage.server.origin}/workbench/#/records/${created.interview.id}`);
    await agent.button('interview-detail').waitFor();
    await agent.button('recording-video').waitFor({ timeout: 60_000 });
    await agent.button('recording-video').evaluate((video) => new Promise((resolve) => {
      const seek = () => {
        video.addEventListener('seeked', resolve, { once: true });
        video.currentTime = video.duration / 2;
      };
      if (video.readyState >= 1) seek();
      else video.addEventListener('loadedmetadata', seek, { once: true });
    }));
    await shoot(agent.page, `workbench-record-${locale}`);
  }
  await agent.button('presence-offline').click();
  await agent.page.waitForFunction(() => document.querySelector('[data-presence="offline"]'));
  await Promise.all([customer.close(), agent.close()]);
}

async function consolePages(locale) {
  const { browser, close } = await launch();
  const page = await (await browser.newContext({ ...kDesktop, locale, timezoneId: 'Asia/Shanghai', ignoreHTTPSErrors: true })).newPage();
  await page.goto(`${stage.server.origin}/console/`);
  for (const [id, text] of [['account', stage.demo.account], ['name', stage.demo.administrator.name], ['password', stage.demo.administrator.password]]) {
    const field = page.getByTestId(`sign-in-${id}`);
    await field.waitFor();
    await ((await field.evaluate((node) => node.matches('input'))) ? field : field.locator('input')).fill(text);
  }
  await shoot(page, `console-sign-in-${locale}`);
  await page.getByTestId('sign-in-submit').click();
  const sections = page.locator('[data-testid^="nav-"]');
  await sections.first().waitFor();
  const ids = await sections.evaluateAll((nodes) => nodes.map((node) => node.dataset.testid));
  for (const id of ids.filter((each) => each !== 'nav-recordings')) { // those have pictures of their own, with something in them
    await page.getByTestId(id).click();
    await page.waitForLoadState('networkidle');
    await shoot(page, `console-${id.slice(4)}-${locale}`);
  }
  await close();
}

try {
  for (const locale of kLocales) {
    if (locale === 'en') await speakEnglish();
    for (const size of kDevices) {
      if (wanted('ways')) await way(locale, size);
      if (wanted('before')) await photographBefore({ stage, shoot, locale, size, order: orderOf(locale) });
      if (wanted('after')) await photographAfter({ stage, administrator, shoot, locale, size, order: orderOf(locale) });
      if (wanted('several')) await photographSeveral({ stage, administrator, shoot, locale, size, order: orderOf(locale) });
    }
    if (wanted('photos')) await photographPhotos({ stage, administrator, shoot, locale, order: orderOf(locale) });
    if (wanted('day')) await photographDay({ stage, administrator, shoot, locale, order: orderOf(locale) });
    if (wanted('design')) await photographDesign({ stage, take, locale, sizes: kSizesOf.desk });
    if (wanted('console')) await consolePages(locale);
    if (wanted('states')) await photographStates({ stage, shoot, locale, order: orderOf(locale) });
    if (wanted('recordings')) await photographRecordings({ stage, administrator, shoot, locale, sizes: kDevices, order: orderOf(locale) });
  }
  // Of pages that are no more, and after a whole run only.
  if (kOnly === undefined && kLocales.length === 2) {
    for (const file of fs.readdirSync(kScreens)) if (file.endsWith('.png') && !taken.has(file)) fs.rmSync(path.join(kScreens, file));
  }
  writeIndex(kScreens);
} finally {
  await stage.close();
}
