// Photographs every page into docs/screens/ (both languages, phone and desktop), from the real server and real calls:
//   node tests/browser/screens.mjs
import fs from 'node:fs';
import path from 'node:path';
import { AgentPage } from './lib/agent_page.mjs';
import { kDesktop, kPhone, launch } from './lib/browser.mjs';
import { CustomerPage } from './lib/customer_page.mjs';
import { kRoot } from './lib/server.mjs';
import { Stage } from './lib/stage.mjs';
import { createInterview } from './lib/whole_interview.mjs';

const kSettleMs = 400; // transitions of the component libraries end within 300 ms
const kScreens = path.join(kRoot, 'docs/screens');
const kLocales = process.env.SCREENS_LOCALE ? [process.env.SCREENS_LOCALE] : ['zh-CN', 'en'];
const kSizes = [
  { name: 'phone', screen: { ...kPhone, deviceScaleFactor: 1 } },
  { name: 'desktop', screen: kDesktop },
];
fs.mkdirSync(kScreens, { recursive: true });

async function shoot(page, name) {
  await page.waitForTimeout(kSettleMs);
  await page.screenshot({ path: path.join(kScreens, `${name}.png`) });
  console.log(name);
}

const stage = await Stage.open();
const administrator = await stage.as(stage.demo.administrator);
await administrator.call('POST', '/webhook-endpoints', { url: stage.receiver.url, description: 'Core banking' });

/** The customer's pages up to the queue, the call, the end; the workbench's beside them. */
async function way(locale, size) {
  const tag = `${size.name}-${locale}`;
  const created = await createInterview(stage.integrator);
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
  await customer.givePlace();
  await customer.button('queue-page').waitFor();
  await shoot(customer.page, `customer-queue-${tag}`);

  const agent = await AgentPage.open({ locale });
  await agent.page.goto(`${stage.server.origin}/workbench/`);
  await agent.button('sign-in-submit').waitFor();
  if (size.name === 'desktop') await shoot(agent.page, `workbench-sign-in-${locale}`);
  await agent.signIn(stage.server.origin, stage.demo.account, stage.demo.agent);
  await agent.button('idle').waitFor();
  if (size.name === 'desktop') await shoot(agent.page, `workbench-desk-${locale}`);
  await agent.goOnline();
  await agent.button('ring-answer').waitFor();
  if (size.name === 'desktop') await shoot(agent.page, `workbench-ring-${locale}`);
  await customer.button('ring-page').waitFor();
  await shoot(customer.page, `customer-ring-${tag}`);
  await agent.answer();
  await customer.inCall();
  await agent.answerToFirstFrameMs();
  await agent.page.waitForFunction(() => document.querySelector('[data-testid="customer-video"] video, video[data-testid="customer-video"]')?.videoWidth === 1280, undefined, { timeout: 20_000 }).catch(() => {});
  await agent.takePhoto();
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
    await shoot(agent.page, `workbench-record-${locale}`);
  }
  await Promise.all([customer.close(), agent.close()]);
}

async function consolePages(locale) {
  const { browser, close } = await launch();
  const page = await (await browser.newContext({ ...kDesktop, locale, ignoreHTTPSErrors: true })).newPage();
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
  for (const id of await sections.evaluateAll((nodes) => nodes.map((node) => node.dataset.testid))) {
    await page.getByTestId(id).click();
    await page.waitForLoadState('networkidle');
    await shoot(page, `console-${id.slice(4)}-${locale}`);
  }
  await close();
}

try {
  for (const locale of kLocales) {
    for (const size of kSizes) await way(locale, size);
    await consolePages(locale);
  }
} finally {
  await stage.close();
}
