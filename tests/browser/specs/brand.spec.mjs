// A company's colour and logo: set in the console, seen by its customers, guests and agents, and readable whatever they chose.
import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { isAccessible } from '../lib/accessibility.mjs';
import { AgentPage } from '../lib/agent_page.mjs';
import { launch } from '../lib/browser.mjs';
import { ConsolePage } from '../lib/console_page.mjs';
import { CustomerPage } from '../lib/customer_page.mjs';
import { PersonPage } from '../lib/person_page.mjs';
import { kRoot } from '../lib/server.mjs';
import { Stage } from '../lib/stage.mjs';
import { startTalking } from '../lib/talk.mjs';
import { createInterview } from '../lib/whole_interview.mjs';

const kShots = path.join(kRoot, 'test-output/brand');
/** A drawing as designers send it: the console makes a PNG of it, and no script of it reaches anybody. */
const kDrawing = `<svg xmlns="http://www.w3.org/2000/svg" width="900" height="300"><script>window.drawn = true</script>
<rect width="900" height="300" rx="60" fill="#c8102e"/><circle cx="150" cy="150" r="90" fill="#fff"/>
<text x="280" y="195" font-size="140" font-family="sans-serif" fill="#fff">EXAMPLE</text></svg>`;

test.describe.configure({ mode: 'serial' });

let stage;
let shared;
let administrator;
let people = [];

test.beforeAll(async () => {
  fs.mkdirSync(kShots, { recursive: true });
  stage = await Stage.open();
  shared = await launch();
  administrator = await stage.as(stage.demo.administrator);
});
test.afterEach(async () => {
  for (const person of people) await person.close();
  people = [];
});
test.afterAll(async () => {
  await shared?.close();
  await stage?.close();
});

async function customer(locale = 'zh-CN') {
  const opened = await CustomerPage.open({ shared, locale });
  people.push(opened);
  const created = await createInterview(stage.integrator);
  await opened.enter(created.customerLink.url);
  await opened.button('consent-page').waitFor();
  return opened;
}
const token = (page, name) => page.evaluate((property) => getComputedStyle(document.documentElement).getPropertyValue(property).trim(), name);
const shot = (page, name) => page.screenshot({ path: path.join(kShots, `${name}.png`) });
/** Its width, once it is there; `part` is a page or a part of one. */
const seen = (part) => part.getByTestId('brand-logo').evaluate((image) => image.complete && image.naturalWidth);
const logoUrl = async () => (await administrator.call('GET', '/admin/tenant')).logoUrl;

test('without a brand the pages are the product’s own', async () => {
  const { page } = await customer();
  await expect(page.getByTestId('brand-logo')).toHaveCount(0);
  expect(await token(page, '--tw-brand')).toBe(await token(page, '--tw-primary'));
});

test('the console says what becomes of a colour, refuses what is none, and makes a small PNG of a drawing', async () => {
  const console_ = await ConsolePage.enter(stage, { shared });
  people.push(console_);
  const { page } = console_;
  await console_.go('settings');
  await console_.fill('field-colour', 'red');
  await expect(page.getByTestId('brand').getByRole('alert')).toBeVisible();
  await expect(page.getByTestId('settings-save')).toBeDisabled();
  await console_.fill('field-colour', '#C8102E');
  await expect(page.getByTestId('brand-preview')).toBeVisible();
  await page.getByTestId('settings-save').click();
  await expect.poll(async () => (await administrator.call('GET', '/admin/tenant')).brandColour).toBe('#c8102e');

  await page.getByTestId('logo-file').setInputFiles({ name: 'notes.txt', mimeType: 'image/png', buffer: Buffer.from('no picture') });
  await expect(page.getByTestId('brand').locator('[data-code="logo.not_picture"]')).toBeVisible();
  await page.getByTestId('logo-file').setInputFiles({ name: 'logo.svg', mimeType: 'image/svg+xml', buffer: Buffer.from(kDrawing) });
  await expect.poll(() => seen(page.getByTestId('brand'))).toBe(480);
  await expect.poll(() => seen(page.locator('header')), 'the console is the company’s, too, and at once').toBe(480);
  expect(await token(page, '--tw-brand')).toBe('#c8102e');
  await isAccessible(page);
  await page.getByTestId('brand').scrollIntoViewIfNeeded();
  await shot(page, 'console');

  const answer = await fetch(stage.server.origin + (await logoUrl()));
  expect(answer.headers.get('content-type')).toBe('image/png');
  expect(answer.headers.get('cache-control')).toContain('immutable');
  expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
  expect(Buffer.from(await answer.arrayBuffer()).includes('script')).toBe(false);
});

for (const locale of ['zh-CN', 'en']) {
  test(`a customer sees the company's colour and logo, in ${locale}`, async () => {
    const { page } = await customer(locale);
    await expect.poll(() => seen(page)).toBe(480);
    expect(await token(page, '--tw-brand')).toBe('#c8102e');
    await expect(page.locator('meta[name="theme-color"]')).toHaveAttribute('content', /^#[0-9a-f]{6}$/);
    await isAccessible(page);
    await shot(page, `customer-${locale}`);
    await page.emulateMedia({ colorScheme: 'dark' });
    await expect(page.locator('html.dark')).toHaveCount(1);
    await shot(page, `customer-${locale}-dark`);
  });
}

test('agents see it in the header', async () => {
  const agent = await AgentPage.open({ shared });
  people.push(agent);
  await agent.signIn(stage.server.origin, stage.demo.account, stage.demo.agent);
  await agent.button('idle').waitFor();
  await expect.poll(() => seen(agent.page)).toBe(480);
  await isAccessible(agent.page);
  await shot(agent.page, 'workbench');
});

test('a guest sees it, before the call and in it', async () => {
  const { customer: invited, agent } = await startTalking(stage, {}, { shared });
  people.push(invited, agent);
  await agent.button('invite').click();
  await agent.fill('guest-name', '李华');
  await agent.button('guest-invite').click();
  const link = await agent.button('guest-link').locator('code').innerText();
  await agent.page.keyboard.press('Escape');
  const guest = await PersonPage.open({ person: { name: '李华' }, shared });
  people.push(guest);
  await guest.page.goto(link);
  await guest.button('consent-accept').waitFor();
  await expect.poll(() => seen(guest.page)).toBe(480);
  expect(await token(guest.page, '--tw-brand')).toBe('#c8102e');
  await isAccessible(guest.page);
  await shot(guest.page, 'guest');
  await guest.button('consent-accept').click();
  await guest.button('device-continue').click();
  await guest.button('call-screen').waitFor();
  expect(await token(guest.page, '--tw-brand')).toBe('#c8102e');
  await agent.conclude('passed');
  await invited.ended();
  await agent.finishWrapUp();
  await agent.button('presence-offline').click();
  await agent.page.locator('[data-presence="offline"]').first().waitFor();
});

// What nobody can read on white, or on black, is what people choose.
for (const colour of ['#ffffff', '#000000', '#ffeb00', '#00e5ff', '#808080']) {
  test(`${colour} keeps nobody out`, async () => {
    await administrator.call('PATCH', '/admin/tenant', { brandColour: colour });
    const opened = await customer();
    expect(await token(opened.page, '--tw-brand')).toBe(colour);
    await isAccessible(opened.page);
    await opened.consent();
    await expect(opened.button('device-continue')).toBeEnabled();
    await isAccessible(opened.page);
    await shot(opened.page, `devices-${colour.slice(1)}`);
  });
}

test('a logo that was replaced is gone, and removing it brings the sign back', async () => {
  const before = await logoUrl();
  const console_ = await ConsolePage.enter(stage, { shared });
  people.push(console_);
  await console_.go('settings');
  await console_.button('remove-logo').click();
  await console_.page.locator('.confirm-yes').click();
  await expect(console_.button('no-logo')).toBeVisible();
  await expect(console_.page.getByTestId('brand-logo')).toHaveCount(0);
  expect((await fetch(stage.server.origin + before)).status).toBe(404);
  const { page } = await customer();
  await expect(page.getByTestId('brand-logo')).toHaveCount(0);
  await administrator.call('PATCH', '/admin/tenant', { brandColour: '' });
});
