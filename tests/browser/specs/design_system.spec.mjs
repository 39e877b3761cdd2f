// The design system's own page: every component in every state keeps nobody out, in both schemes, both languages and any colour.
import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { isAccessible } from '../lib/accessibility.mjs';
import { join, kDesktop, launch } from '../lib/browser.mjs';
import { fits, kWidths, speaks } from '../lib/looks.mjs';
import { kRoot } from '../lib/server.mjs';
import { Stage } from '../lib/stage.mjs';

const kShots = path.join(kRoot, 'test-output/design');
/** Names and samples that are in no language of ours. */
const kData = ['王芳', '芳', 'Li Jing', '示范银行']; // the second: what stands for her while she is not seen

let stage;
let shared;

test.beforeAll(async () => {
  fs.mkdirSync(kShots, { recursive: true });
  stage = await Stage.open();
  shared = await launch();
});
test.afterAll(async () => {
  await shared?.close();
  await stage?.close();
});

async function open(locale) {
  const { context, process } = await join(shared, { ...kDesktop, locale, ignoreHTTPSErrors: true });
  const page = await context.newPage();
  const asked = [];
  page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  await page.goto(`${stage.server.origin}/design/`);
  await page.locator('[data-component]').first().waitFor();
  return { page, asked, close: () => process.close() };
}

for (const locale of ['zh-CN', 'en']) {
  test(`shows every component in every state, in ${locale}`, async () => {
    const { page, asked, close } = await open(locale);
    const components = fs.readdirSync(path.join(kRoot, 'web/packages/ui/src')).filter((name) => name.endsWith('.vue')).map((name) => name.slice(0, -4));
    for (const name of components) await expect(page.locator(`[data-component="${name}"] figure, [data-component="${name}"] li`).first()).toBeVisible();
    await expect.poll(() => page.locator('video').first().evaluate((video) => video.videoWidth)).toBeGreaterThan(0);
    await speaks(page, locale, kData);
    for (const width of kWidths) {
      await page.setViewportSize({ width, height: 760 });
      await fits(page);
    }
    await page.setViewportSize(kDesktop.viewport);
    await isAccessible(page);
    // Nothing of anybody is on it.
    expect(asked.filter((each) => each.startsWith('/api/'))).toEqual([]);
    for (const scheme of ['light', 'dark']) {
      await page.getByTestId('scheme').selectOption(scheme);
      await page.screenshot({ path: path.join(kShots, `${locale}-${scheme}.png`), fullPage: true });
    }
    await close();
  });
}

test('every company’s colour can be tried, and none keeps anybody out', async () => {
  const { page, close } = await open('en');
  const colours = page.locator('#brand button');
  for (let at = 0; at < (await colours.count()); at += 1) {
    await colours.nth(at).click();
    await isAccessible(page);
  }
  await colours.first().click();
  await page.screenshot({ path: path.join(kShots, 'brand.png') });
  await close();
});
