// The demo bank as a newcomer uses it: their list, a link, an interview, the outcome back in the list; and inside the bank's own page.
import { expect, test } from '@playwright/test';
import { Bank } from '../lib/bank.mjs';
import { join, kDesktop, launch } from '../lib/browser.mjs';
import { CustomerPage } from '../lib/customer_page.mjs';
import { Stage } from '../lib/stage.mjs';

test.describe.configure({ mode: 'serial' }); // the second goes on in the workbench of the first

let stage;
let shared;
let bank;
let staff;
let page;
test.beforeAll(async () => {
  stage = await Stage.open({}, async (folder, certificates) => {
    bank = await Bank.start(folder, certificates.certificate);
    return { outgoing: { allow_private: [new URL(bank.origin).host] } };
  });
  bank.setUp(stage);
  shared = await launch();
  staff = await join(shared, { ...kDesktop, locale: 'en', ignoreHTTPSErrors: true, permissions: ['camera', 'microphone', 'geolocation'], geolocation: { latitude: 31.2304, longitude: 121.4737, accuracy: 20 } });
  staff.context.setDefaultTimeout(30_000);
  page = await staff.context.newPage();
});
test.afterAll(async () => {
  await shared?.close();
  bank?.stop();
  await stage?.close();
});

const row = (number) => page.getByTestId(`order-${number}`);

test('an order is interviewed by link, and its outcome is back in the bank’s list', async () => {
  await page.goto(bank.origin);
  const [workbench] = await Promise.all([staff.context.waitForEvent('page'), page.getByTestId('agent').click()]);
  await workbench.getByTestId('idle').waitFor(); // signed in by the bank's link
  await workbench.getByTestId('presence-online').click();

  await page.getByRole('link', { name: 'LN-2026-000117' }).click();
  await page.getByTestId('start').click();
  const link = await page.getByTestId('customer-link').getAttribute('href');
  const customer = await CustomerPage.open({ shared });
  await customer.queue(link);
  await workbench.getByTestId('ring-answer').click();
  await workbench.getByTestId('call-stage').waitFor();
  await expect(workbench.getByText('王大海').first()).toBeVisible(); // from the bank's order endpoint
  await customer.inCall();
  await workbench.getByTestId('outcome-passed').click();
  await workbench.getByTestId('outcome-confirm').click();
  await customer.ended();
  await customer.button('return-now').click();
  await customer.page.getByTestId('message').waitFor(); // the bank believed the signed address
  expect(customer.page.url()).toContain(`${bank.origin}/return?`);
  await page.goto(bank.origin);
  await expect(row('LN-2026-000117')).toContainText('Passed'); // by webhook; the list reads itself again
  await workbench.getByTestId('wrap-up-finish').click();
  await workbench.waitForURL(`${bank.origin}/`); // back where the agent came from
  await customer.close();
});

test('an order is interviewed inside the bank’s own page', async () => {
  const [workbench] = staff.context.pages().filter((each) => each !== page);
  await workbench.goto((await stage.integrator.call('POST', '/agent-links', { userName: stage.demo.agent.name, queueId: stage.demo.queueId })).url);
  await workbench.getByTestId('presence-online').click();
  await page.goto(`${bank.origin}/orders/LN-2026-000119`);
  await page.getByTestId('embedded').click();
  const frame = page.frameLocator('telewitness-customer iframe');
  await frame.getByTestId('consent-accept').click();
  await frame.getByTestId('device-continue').click();
  await frame.getByTestId('place-allow').click();
  await workbench.getByTestId('ring-answer').click();
  await frame.getByTestId('call-screen').waitFor();
  await workbench.getByTestId('outcome-passed').click();
  await workbench.getByTestId('outcome-confirm').click();
  await expect(page.getByTestId('embedded-status')).toHaveText(/^ended: concluded · [0-9A-Z]{4}-[0-9A-Z]{4} ✓$/);
  await page.goto(bank.origin);
  await expect(row('LN-2026-000119')).toContainText('Passed');
});
