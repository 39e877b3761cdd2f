// Where the customer is, in every way it can go: needed and refused, left out, too rough, found and said in words.
// Permissions are the browser's own: nothing is answered by a switch, so that they can be refused.
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { AgentPage } from '../lib/agent_page.mjs';
import { join, kDesktop, launch } from '../lib/browser.mjs';
import { CustomerPage } from '../lib/customer_page.mjs';
import { looksRight, speaks } from '../lib/looks.mjs';
import { Stage } from '../lib/stage.mjs';
import { createInterview } from '../lib/whole_interview.mjs';

const kData = ['演示银行', '贷款面签', 'Example Bank'];
const kDevices = ['camera', 'microphone'];
const kEverything = [...kDevices, 'geolocation'];
const kSquare = { latitude: 31.2304, longitude: 121.4737 };
const kShots = process.env.TELEWITNESS_SHOTS;

let stage;
let asking;
let administrator;
let people = [];

test.beforeAll(async () => {
  stage = await Stage.open();
  asking = await launch({ askForDevices: true });
  administrator = await stage.as(stage.demo.administrator);
});
test.afterEach(async () => {
  for (const person of people) {
    if (person instanceof CustomerPage) await person.leave();
    await person.close();
  }
  people = [];
  await administrator.call('PATCH', '/admin/tenant', { placePolicy: 'optional' });
});
test.afterAll(async () => {
  await asking?.close();
  await stage?.close();
});

const read = (created) => stage.integrator.call('GET', `/interviews/${created.interview.id}`);
const shot = async (page, name) => {
  if (kShots) await page.screenshot({ path: path.join(kShots, `${name}.png`), fullPage: true });
};
/** A customer whose devices are fine, before the page that asks for the place. */
async function atThePlace(created, options = {}) {
  const customer = await CustomerPage.open({ shared: asking, permissions: kDevices, place: null, ...options });
  people.push(customer);
  await customer.enter(created.customerLink.url);
  await customer.consent();
  await customer.checkDevices();
  return customer;
}
const allow = (customer) => customer.context.grantPermissions(kEverything, { origin: stage.server.origin });

test('refused where it is needed: no way around, but a way on', async () => {
  await administrator.call('PATCH', '/admin/tenant', { placePolicy: 'required' });
  const created = await createInterview(stage.integrator);
  const customer = await atThePlace(created);
  await customer.givePlace();
  const trouble = customer.button('place-trouble');
  await expect(trouble).toHaveAttribute('data-trouble', /^(refused|dismissed)$/);
  await trouble.locator('li').first().waitFor(); // what to press
  await expect(customer.button('place-skip')).toHaveCount(0);
  await expect(customer.button('queue-page')).toHaveCount(0);
  await looksRight(customer.page, 'zh-CN', kData);
  await shot(customer.page, 'place-refused-required');
  expect((await read(created)).place).toBeUndefined();
  await customer.context.setGeolocation({ ...kSquare, accuracy: 25 });
  await allow(customer); // nobody presses: the page has noticed
  await customer.button('queue-page').waitFor();
  expect((await read(created)).place).toMatchObject({ status: 'given', accuracyM: 25 });
});

test('refused where it may be: the customer goes on, and everybody later reads why', async () => {
  const created = await createInterview(stage.integrator);
  const customer = await atThePlace(created, { locale: 'en' });
  await customer.givePlace();
  const trouble = customer.button('place-trouble');
  await expect(trouble).toHaveAttribute('data-trouble', /^(refused|dismissed)$/);
  const why = await trouble.getAttribute('data-trouble');
  await shot(customer.page, 'place-refused-optional');
  await customer.button('place-skip').click();
  await customer.button('queue-page').waitFor();
  const { place } = await read(created);
  expect(place).toMatchObject({ status: 'refused', reason: why });
  expect(place).not.toHaveProperty('latitude');
  expect(place).not.toHaveProperty('address');
  const agent = await online();
  await agent.answer();
  await expect(agent.button('customer-place')).toContainText('客户拒绝提供位置');
  await speaks(agent.page, 'zh-CN', ['wang', ...kData]);
  await conclude(agent);
});

test('too rough: told as what it is, given as it is, or left out with that reason', async () => {
  const created = await createInterview(stage.integrator);
  const customer = await atThePlace(created, { permissions: kEverything, place: { ...kSquare, accuracy: 4_200 } });
  await customer.givePlace();
  await expect(customer.button('place-trouble')).toHaveAttribute('data-trouble', 'inaccurate');
  await expect(customer.button('place-trouble')).toContainText('4.2');
  await looksRight(customer.page, 'zh-CN', kData);
  await shot(customer.page, 'place-inaccurate');
  await customer.button('place-rough').click();
  await customer.button('queue-page').waitFor();
  const { place } = await read(created);
  expect(place).toMatchObject({ status: 'given', accuracyM: 4_200, addressSource: 'offline' });
  expect(place.address).toMatch(/误差约 4 公里/);

  const another = await createInterview(stage.integrator);
  const other = await atThePlace(another, { permissions: kEverything, place: { ...kSquare, accuracy: 4_200 } });
  await other.givePlace();
  await other.button('place-rough').waitFor();
  await other.button('place-skip').click();
  await other.button('queue-page').waitFor();
  expect((await read(another)).place).toMatchObject({ status: 'refused', reason: 'inaccurate' });
});

test('not asked for: the customer comes to the queue without the page', async () => {
  await administrator.call('PATCH', '/admin/tenant', { placePolicy: 'off' });
  const created = await createInterview(stage.integrator);
  const customer = await atThePlace(created);
  await customer.button('queue-page').waitFor();
  await expect(customer.button('place-page')).toHaveCount(0);
  expect((await read(created)).place).toBeUndefined();
});

async function online() {
  const agent = await AgentPage.open();
  people.push(agent);
  await agent.signIn(stage.server.origin, stage.demo.account, stage.demo.agent);
  await agent.goOnline();
  return agent;
}
async function conclude(agent) {
  await agent.conclude('passed');
  await agent.finishWrapUp();
}

test('found: the agent reads where the customer is, and so does the result', async () => {
  const agent = await online();
  const created = await createInterview(stage.integrator);
  const customer = await atThePlace(created, { permissions: kEverything, place: { ...kSquare, accuracy: 15 } });
  await customer.givePlace();
  await agent.answer();
  await customer.inCall();
  const { place } = await read(created);
  expect(place.address).toMatch(/^中国上海市.*附近$/);
  expect(place.locationInformation).toBe(place.address);
  expect(place.latitudeLongitude).toBe('31.230400,121.473700');
  await expect(agent.button('customer-place')).toContainText(`${place.address} · 31.23040, 121.47370 · 误差约 15 米`);
  await shot(agent.page, 'place-agent');
  await conclude(agent);
  const { outcome } = await read(created);
  expect(outcome.place).toMatchObject({ locationInformation: place.address, latitudeLongitude: '31.230400,121.473700', accuracyM: 15 });
  const told = (await stage.integrator.call('GET', `/interviews/${created.interview.id}/timeline`)).items.find((entry) => entry.kind === 'place_given');
  expect(told.data).toMatchObject({ address: place.address, accuracyM: 15 });
});

test('the company sets its own geocoder, and the key is never shown again', async () => {
  const own = await launch();
  try {
    const { context } = await join(own, { ...kDesktop, locale: 'zh-CN', ignoreHTTPSErrors: true });
    const page = await context.newPage();
    const fill = async (id, text) => {
      const element = page.getByTestId(id);
      await element.waitFor();
      const isField = await element.evaluate((node) => node.matches('input, textarea'));
      await (isField ? element : element.locator('input').first()).fill(text);
    };
    await page.goto(`${stage.server.origin}/console/`);
    await fill('sign-in-account', stage.demo.account);
    await fill('sign-in-name', stage.demo.administrator.name);
    await fill('sign-in-password', stage.demo.administrator.password);
    await page.getByTestId('sign-in-submit').click();
    await page.getByTestId('nav-settings').click();
    const part = page.getByTestId('place-addresses');
    await expect(part.getByTestId('place-offline')).toContainText('坐标不会离开服务器');
    await fill('field-provider-url', 'https://10.0.0.7/?at={latitude},{longitude}&key={key}');
    await fill('field-provider-pointer', '/address');
    await fill('field-provider-key', 's3cret');
    await part.getByTestId('provider-save').click();
    await expect(part.getByRole('alert')).toBeVisible(); // a private address
    await fill('field-provider-url', `https://localhost:${stage.receiver.port}/?at={latitude},{longitude}&key={key}`);
    await part.getByTestId('provider-save').click();
    await expect(part.getByTestId('provider-remove')).toBeVisible();
    await expect(part.locator('input[type=password]')).toHaveValue('');
    await speaks(page, 'zh-CN', [...kData, stage.demo.account, '/result/address']);
    await shot(page, 'place-provider');
    expect(await administrator.call('GET', '/admin/place-provider')).toMatchObject({ provider: { hasKey: true, coordinates: 'wgs84' } });
    await part.getByTestId('provider-remove').click();
    await page.locator('.confirm-yes').click();
    await expect(part.getByTestId('provider-remove')).toHaveCount(0);
    expect(await administrator.call('GET', '/admin/place-provider')).not.toHaveProperty('provider');
  } finally {
    await own.close();
  }
});
