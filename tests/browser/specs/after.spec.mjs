// After the interview: what the last page says, the receipt, how content the customer was, and what nobody is told there.
import { expect, test } from '@playwright/test';
import { ConsolePage } from '../lib/console_page.mjs';
import { launch } from '../lib/browser.mjs';
import { looksRight } from '../lib/looks.mjs';
import { Stage } from '../lib/stage.mjs';
import { startTalking } from '../lib/talk.mjs';

const kReason = 'LN 证件与本人不符';
const kRemark = 'LN 很快,谢谢';
const kData = ['演示银行', '贷款面签', kReason, kRemark];

let stage;
let shared;
let administrator;
let people = [];

test.beforeAll(async () => {
  stage = await Stage.open();
  shared = await launch();
  administrator = await stage.as(stage.demo.administrator);
  const endpoint = await stage.integrator.call('POST', '/webhook-endpoints', { url: stage.receiver.url });
  stage.receiver.secret = endpoint.secret;
});
test.afterEach(async () => {
  for (const person of people) await person.close();
  people = [];
});
test.afterAll(async () => {
  await shared?.close();
  await stage?.close();
});

const settings = (change) => administrator.call('PATCH', '/admin/tenant', change);
const ending = (customer) => expect(customer.button('end-page'));
const seen = (customer) => customer.page.locator('body');

async function talking(locale, changes = {}) {
  const talk = await startTalking(stage, changes, { shared, locale });
  people.push(talk.customer, talk.agent);
  return talk;
}

async function leaveDesk(agent) {
  await agent.finishWrapUp();
  await agent.button('presence-offline').click();
  await expect(agent.button('presence')).toHaveAttribute('data-presence', 'offline');
}

const kWords = {
  'zh-CN': { heading: '面签未通过', copied: '已复制', words: ['很不满意', '不满意', '一般', '满意', '很满意'], thanks: '感谢您的评价：满意' },
  en: { heading: 'Interview not passed', copied: 'Copied', words: ['Very dissatisfied', 'Dissatisfied', 'Neutral', 'Satisfied', 'Very satisfied'], thanks: 'You said: Satisfied' },
};

for (const locale of ['zh-CN', 'en']) {
  test(`told the decision but not why, with a receipt, and asked once how content they were, in ${locale}`, async () => {
    const words = kWords[locale];
    await settings({ customerSeesOutcome: true, tellReason: false, askSatisfaction: true });
    const { interviewId, customer, agent } = await talking(locale);
    await agent.conclude('rejected', kReason);
    await ending(customer).toHaveAttribute('data-ending', 'rejected');
    await expect(customer.page.getByRole('heading', { level: 1 })).toHaveText(words.heading);
    await expect(seen(customer)).not.toContainText(kReason);

    // The receipt: the same everywhere, and copied.
    const read = await stage.integrator.call('GET', `/interviews/${interviewId}`);
    await expect(customer.button('receipt-number')).toHaveText(read.receiptNumber);
    await customer.context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await customer.button('receipt-copy').click();
    await expect(customer.button('receipt-result')).toHaveText(words.copied);
    expect(await customer.page.evaluate(() => navigator.clipboard.readText())).toBe(read.receiptNumber);

    // By keyboard alone: one group of radios, each with its word.
    const form = customer.button('satisfaction');
    await expect(form.getByRole('radio')).toHaveCount(5);
    for (const word of words.words) await expect(form.getByRole('radio', { name: word, exact: true })).toHaveCount(1);
    await expect(customer.button('satisfaction-send')).toBeDisabled();
    await looksRight(customer.page, locale, kData);
    await form.getByRole('radio').first().focus();
    for (let i = 0; i < 3; i += 1) await customer.page.keyboard.press('ArrowRight');
    await expect(form.getByRole('radio', { name: words.words[3], exact: true })).toBeChecked();
    await customer.page.keyboard.press('Tab');
    await customer.page.keyboard.type(kRemark);
    await looksRight(customer.page, locale, kData);
    await customer.page.keyboard.press('Tab');
    await customer.page.keyboard.press('Enter');
    await expect(customer.button('satisfaction-thanks')).toContainText(words.thanks);
    await expect(customer.button('satisfaction-thanks')).toBeFocused();

    // Once: a reload does not ask again, and neither does the server take another.
    await customer.page.reload();
    await expect(customer.button('satisfaction-thanks')).toContainText(words.thanks);
    await expect(form.getByRole('radio')).toHaveCount(0);
    await looksRight(customer.page, locale, kData);

    // The integrator's server is told everything, signed; what was said reaches it, too.
    const { event } = await stage.receiver.waitFor('interview.exited', interviewId);
    expect(event.data.outcome.reason).toBe(kReason);
    expect(event.data.exit).toMatchObject({ latitudeLongitude: '31.230400,121.473700', faces: { available: false, results: [] } });
    expect((await stage.receiver.waitFor('interview.rated', interviewId)).event.data.satisfaction).toMatchObject({ score: 4, comment: kRemark });

    // The administrator finds the interview by the number that the customer reads out.
    const desk = await ConsolePage.enter(stage, { locale, shared });
    people.push(desk);
    await desk.go('interviews');
    await desk.fill('filter-receipt', read.receiptNumber.toLowerCase().replace('-', ' '));
    await expect(desk.button('interviews').locator('.el-table__body tr')).toHaveCount(1);
    await desk.button(`open-${interviewId}`).click();
    await expect(desk.button('fact-receipt')).toContainText(read.receiptNumber);
    await expect(desk.button('fact-satisfaction')).toContainText(kRemark);
    await expect(agent.page.locator('body')).not.toContainText(kRemark);
    await leaveDesk(agent);
  });
}

test('undecided until it is decided, and then why, where the company tells it', async () => {
  await settings({ customerSeesOutcome: true, tellReason: true, askSatisfaction: false });
  const { customer, agent } = await talking('zh-CN');
  await customer.button('hang-up').click();
  await customer.page.locator('.van-dialog__confirm').click();
  await ending(customer).toHaveAttribute('data-ending', 'undecided');
  await expect(customer.button('satisfaction')).toHaveCount(0);
  await customer.button('end-check').click();
  await ending(customer).toContainText('暂时还没有结果');
  await looksRight(customer.page, 'zh-CN', kData);
  await agent.conclude('needs_supplement', kReason);
  await agent.button('wrap-up-outcome').waitFor();
  await customer.button('end-check').click();
  await ending(customer).toHaveAttribute('data-ending', 'needs_supplement');
  await expect(customer.button('end-why')).toContainText(kReason);
  await looksRight(customer.page, 'zh-CN', kData);
  await leaveDesk(agent);
});

test('where the company tells nothing, the page says nothing of the decision', async () => {
  await settings({ customerSeesOutcome: false, tellReason: true, askSatisfaction: false });
  const { customer, agent } = await talking('en');
  await agent.conclude('needs_supplement', kReason);
  await ending(customer).toHaveAttribute('data-ending', 'concluded');
  await expect(seen(customer)).not.toContainText(kReason);
  await expect(seen(customer)).not.toContainText(/supplement|missing/);
  await expect(customer.button('receipt-number')).toBeVisible();
  await looksRight(customer.page, 'en', kData);
  await leaveDesk(agent);
});
