// The administrators' console: every section, what it changes, and who may not see it.
import { expect, test } from '@playwright/test';
import { isAccessible } from '../lib/accessibility.mjs';
import { join, kDesktop, launch } from '../lib/browser.mjs';
import { CustomerPage } from '../lib/customer_page.mjs';
import { fits, speaks } from '../lib/looks.mjs';
import { Api } from '../lib/server.mjs';
import { Stage } from '../lib/stage.mjs';
import { createInterview } from '../lib/whole_interview.mjs';

const kData = ['演示银行', '演示管理员', '演示坐席', '贷款面签', 'Core banking'];
const kStepTimeoutMs = 30_000;
const kSections = ['interviews', 'recordings', 'queues', 'users', 'reasons', 'media', 'api-keys', 'webhooks', 'audit', 'settings'];

// One company's console from first to last: later tests read what earlier ones did.
test.describe.configure({ mode: 'serial' });

let stage;
let shared;
let page;
let administrator;

test.beforeAll(async () => {
  stage = await Stage.open();
  shared = await launch();
  administrator = await stage.as(stage.demo.administrator);
  page = await openConsole('zh-CN');
  await signIn(page, stage.demo.administrator);
  await page.getByTestId('nav-interviews').waitFor();
});
test.afterAll(async () => {
  await shared?.close();
  await stage?.close();
});

async function openConsole(locale) {
  const { context } = await join(shared, { ...kDesktop, locale, ignoreHTTPSErrors: true });
  const opened = await context.newPage();
  opened.setDefaultTimeout(kStepTimeoutMs);
  await opened.goto(`${stage.server.origin}/console/`);
  await opened.getByTestId('sign-in-submit').waitFor();
  return opened;
}
async function fill(on, id, text) {
  const element = on.getByTestId(id);
  await element.waitFor();
  const isField = await element.evaluate((node) => node.matches('input, textarea'));
  await (isField ? element : element.locator('input, textarea').first()).fill(text);
}
async function signIn(on, { name, password }) {
  await fill(on, 'sign-in-account', stage.demo.account);
  await fill(on, 'sign-in-name', name);
  await fill(on, 'sign-in-password', password);
  await on.getByTestId('sign-in-submit').click();
}
async function go(section) {
  await page.getByTestId(`nav-${section}`).click();
  await expect(page.getByTestId(`nav-${section}`)).toHaveAttribute('aria-current', 'page'); // the page before has a "create" too
}
const rows = (table) => page.getByTestId(table).locator('.el-table__body tr');
const row = (table, text) => rows(table).filter({ hasText: text });
const yes = () => page.locator('.confirm-yes').click();
async function create(fields) {
  await page.getByTestId('create').click();
  for (const [id, text] of Object.entries(fields)) await fill(page, id, text);
  await page.getByTestId('edit-save').click();
}
const dialogGone = () => expect(page.getByTestId('edit-dialog')).toBeHidden();

test('an agent is not let in, and a wrong password neither', async () => {
  const other = await openConsole('en');
  await speaks(other, 'en');
  await isAccessible(other);
  await signIn(other, stage.demo.agent);
  await expect(other.getByText('This account is not for this page')).toBeVisible();
  await expect(other.getByTestId('nav-queues')).toHaveCount(0);
  await other.reload();
  await other.getByTestId('sign-in-submit').waitFor();
  await signIn(other, { ...stage.demo.administrator, password: 'not the password' });
  await other.getByTestId('problem').waitFor();
  await expect(other.getByTestId('nav-queues')).toHaveCount(0);
  await other.context().close();
});

for (const locale of ['zh-CN', 'en']) {
  test(`every section opens in ${locale}, in its language and its window`, async () => {
    const reasons = (await administrator.call('GET', '/admin/reasons')).items.map((reason) => reason.text);
    const texts = (await administrator.call('GET', '/admin/tenant')).consentTexts.flatMap((text) => text.text.split('\n'));
    const opened = await openConsole(locale);
    await signIn(opened, stage.demo.administrator);
    for (const section of kSections) {
      await opened.getByTestId(`nav-${section}`).click();
      await expect(opened.locator('main h1, main h2').first()).toBeVisible();
      await expect(opened.getByTestId(`nav-${section}`)).toHaveAttribute('aria-current', 'page');
      await expect(opened.getByTestId('problem')).toHaveCount(0);
      await speaks(opened, locale, [...kData, ...reasons, ...texts]);
      await isAccessible(opened);
      for (const width of [1024, 1280]) {
        await opened.setViewportSize({ width, height: 720 });
        await fits(opened);
      }
    }
    await opened.context().close();
  });
}

test('a queue is made, renamed, disabled, enabled and deleted; one in use is not deleted', async () => {
  await go('queues');
  await create({ 'field-name': '  ' });
  await expect(page.getByTestId('edit-dialog')).toContainText('请填写此项');
  await fill(page, 'field-name', '车贷');
  await page.getByTestId('edit-save').click();
  await dialogGone();
  await expect(row('queues', '车贷')).toContainText('启用中');
  const queue = (await administrator.call('GET', '/admin/queues')).items.find((one) => one.name === '车贷');

  await page.getByTestId(`edit-${queue.id}`).click();
  await fill(page, 'field-name', '车贷面签');
  await page.getByTestId('edit-save').click();
  await dialogGone();
  await expect(row('queues', '车贷面签')).toHaveCount(1);

  await page.getByTestId(`toggle-${queue.id}`).click();
  await page.locator('.el-message-box').getByRole('button', { name: '取消' }).click();
  await expect(row('queues', '车贷面签')).toContainText('启用中');
  await page.getByTestId(`toggle-${queue.id}`).click();
  await yes();
  await expect(row('queues', '车贷面签')).toContainText('已停用');
  const refused = await stage.integrator.call(
    'POST', '/interviews', { businessId: 'B', queueId: queue.id, companyName: 'c', nickName: 'n' }, { allowProblem: true });
  expect(refused.body.code).toBe('queue.unknown');
  await page.getByTestId(`toggle-${queue.id}`).click();
  await expect(row('queues', '车贷面签')).toContainText('启用中');
  await page.getByTestId(`delete-${queue.id}`).click();
  await yes();
  await expect(row('queues', '车贷面签')).toHaveCount(0);

  const [used] = (await administrator.call('GET', '/admin/queues')).items;
  await createInterview(stage.integrator, { queueId: used.id });
  await page.getByTestId(`delete-${used.id}`).click();
  await yes();
  await expect(page.locator('.el-message--error')).toBeVisible();
  await expect(row('queues', used.name)).toHaveCount(1);
});

test('a user with a queue signs in, until disabled', async () => {
  const user = { name: 'li.jing', password: 'a long enough password' };
  await go('users');
  await page.getByTestId('create').click();
  await fill(page, 'field-name', user.name);
  await fill(page, 'field-display-name', '李静');
  await fill(page, 'field-password', 'short');
  await page.getByTestId('field-queues').click();
  await page.getByRole('option', { name: '贷款面签' }).click();
  await page.keyboard.press('Escape');
  await page.getByTestId('edit-save').click();
  await expect(page.getByTestId('edit-dialog').getByRole('alert')).toBeVisible(); // too short a password is not taken
  await fill(page, 'field-password', user.password);
  await page.getByTestId('edit-save').click();
  await dialogGone();
  await expect(row('users', 'li.jing')).toContainText(/李静.*坐席.*贷款面签/s);
  const signedIn = await stage.as(user);
  expect((await signedIn.call('GET', '/agent/desk')).queues.map((queue) => queue.name)).toEqual(['贷款面签']);

  const { id } = (await administrator.call('GET', '/admin/users')).items.find((one) => one.name === user.name);
  await page.getByTestId(`toggle-${id}`).click();
  await yes();
  await expect(row('users', 'li.jing')).toContainText('已停用');
  expect((await signedIn.call('GET', '/agent/desk', undefined, { allowProblem: true })).status).toBe(401);
});

test('an API key is shown once, works, and stops working when disabled', async () => {
  await go('api-keys');
  await create({ 'field-name': '信贷系统' });
  await page.getByTestId('secret-dialog').waitFor();
  const secret = await page.getByTestId('secret').locator('code').innerText();
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('secret-dialog')).toBeVisible(); // only the button says that it is kept
  await page.getByTestId('secret-kept').click();
  await expect(page.getByTestId('secret-dialog')).toBeHidden();
  await expect(row('api-keys', '信贷系统')).toContainText('从未使用');
  expect(await page.content()).not.toContain(secret);
  await page.reload();
  await row('api-keys', '信贷系统').waitFor();
  expect(await page.content()).not.toContain(secret);

  const api = new Api(stage.server.origin, secret);
  expect((await api.call('GET', '/queues')).items.length).toBeGreaterThan(0);
  const key = (await administrator.call('GET', '/admin/api-keys')).items.find((one) => one.name === '信贷系统');
  await page.getByTestId(`toggle-${key.id}`).click();
  await yes();
  await expect(row('api-keys', '信贷系统')).toContainText('已停用');
  expect((await api.call('GET', '/queues', undefined, { allowProblem: true })).status).toBe(401);
});

test('a webhook endpoint is made, a message arrives signed, and is sent again by hand', async () => {
  await go('webhooks');
  await create({ 'field-url': 'http://plain.example/hook' });
  await expect(page.getByTestId('edit-dialog').getByRole('alert')).toBeVisible(); // https only
  await fill(page, 'field-url', stage.receiver.url);
  await fill(page, 'field-description', 'Core banking');
  await page.getByTestId('edit-save').click();
  await page.getByTestId('secret-dialog').waitFor();
  stage.receiver.secret = await page.getByTestId('secret').locator('code').innerText();
  await page.getByTestId('secret-kept').click();
  await expect(row('endpoints', 'Core banking')).toContainText(/全部.*启用中/s);

  const created = await createInterview(stage.integrator, { businessId: 'LN-HOOK', nickName: 'hook-01' });
  const customer = await CustomerPage.open({ shared });
  await customer.enter(created.customerLink.url);
  await customer.button('consent-refuse').click();
  await customer.page.locator('.van-dialog__confirm').click();
  await customer.ended();
  await customer.close();
  const message = await stage.receiver.waitFor('interview.ended', created.interview.id);
  expect(message.attempts).toBe(2); // the first one was answered with 500
  expect(stage.receiver.rejected).toBe(0);

  await page.getByText('消息记录').click();
  await expect(row('messages', 'interview.ended')).toContainText('已送达');
  await row('messages', 'interview.ended').getByRole('button', { name: '重新推送' }).click();
  await expect.poll(() => stage.receiver.messages.get(message.id).attempts).toBe(3);
});

test('a reason is made and is offered to agents, until disabled', async () => {
  await go('reasons');
  await page.getByTestId('create').click();
  await fill(page, 'field-text', '证件已过期');
  await page.getByTestId('edit-save').click();
  await dialogGone();
  await expect(row('reasons', '证件已过期')).toContainText('拒绝');
  const agent = await stage.as(stage.demo.agent);
  const offered = async () => (await agent.call('GET', '/agent/desk')).reasons.map((reason) => reason.text);
  expect(await offered()).toContain('证件已过期');
  const reason = (await administrator.call('GET', '/admin/reasons')).items.find((one) => one.text === '证件已过期');
  await page.getByTestId(`toggle-${reason.id}`).click();
  await yes();
  await expect(row('reasons', '证件已过期')).toContainText('已停用');
  expect(await offered()).not.toContain('证件已过期');
});

test('settings: what is wrong is said at its field; a new consent text is a new version', async () => {
  await go('settings');
  await expect(page.getByTestId('settings-save')).toBeDisabled();
  await fill(page, 'field-time-zone', 'Nowhere/Here');
  await page.getByTestId('settings-save').click();
  await expect(page.getByTestId('settings').getByRole('alert')).toBeVisible();
  expect((await administrator.call('GET', '/admin/tenant')).timeZone).toBe('Asia/Shanghai');
  await fill(page, 'field-time-zone', 'Asia/Shanghai');
  await fill(page, 'field-origins', 'https://crm.example.com');
  await fill(page, 'field-consent-en', 'A new text.');
  await page.getByTestId('settings-save').click();
  await expect(page.locator('.el-message--success').filter({ hasText: '设置已保存' })).toBeVisible();
  const tenant = await administrator.call('GET', '/admin/tenant');
  expect(tenant.returnOrigins).toEqual(['https://crm.example.com']);
  const version = (language) => tenant.consentTexts.find((text) => text.language === language);
  expect(version('en')).toMatchObject({ text: 'A new text.', version: '2' });
  expect(version('zh-CN').version).toBe('1');
  await expect(page.getByTestId('settings-save')).toBeDisabled();
});

test('interviews with their timeline, and the audit of all this', async () => {
  await go('interviews');
  await row('interviews', 'LN-HOOK').getByRole('button').click();
  await expect(page.getByTestId('timeline').locator('[data-kind="consent_refused"]')).toContainText('客户不同意录制');
  await expect(page.getByTestId('facts')).toContainText('hook-01');
  await go('audit');
  for (const action of ['queue.deleted', 'user.created', 'api_key.created', 'webhook_message.resent', 'tenant.changed'])
    await expect(page.locator(`[data-action="${action}"]`).first()).toBeVisible();
  await expect(page.locator('[data-action="queue.deleted"]').first()).toHaveText('删除队列');
  expect(await page.getByTestId('audit').innerText()).not.toContain('whsec_');
  await page.getByTestId('sign-out').click();
  await page.getByTestId('sign-in-submit').waitFor();
  await page.goto(`${stage.server.origin}/console/#/audit`);
  await page.getByTestId('sign-in-submit').waitFor();
});
