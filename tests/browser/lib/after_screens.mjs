// Photographs the customer's last page in each of its endings, and the page of the design system.
import { launch } from './browser.mjs';
import { kSizes } from './screen_index.mjs';
import { startTalking } from './talk.mjs';

const kReason = { 'zh-CN': '证件不清晰', en: 'The document cannot be read' };

/** What ends a conversation, and what the last page has to say of it then. */
const kEndings = [
  { name: 'passed', outcome: 'passed', ending: 'passed' },
  { name: 'supplement', outcome: 'needs_supplement', ending: 'needs_supplement' },
  { name: 'undecided', ending: 'undecided' },
];

export async function photographAfter({ stage, administrator, shoot, locale, size, order }) {
  await administrator.call('PATCH', '/admin/tenant', { customerSeesOutcome: true, tellReason: true, askSatisfaction: true });
  const shared = await launch();
  for (const { name, outcome, ending } of kEndings) {
    const { customer, agent } = await startTalking(stage, order, { shared, locale, screen: size.screen });
    if (outcome) await agent.conclude(outcome, outcome === 'passed' ? undefined : kReason[locale]);
    else {
      await customer.button('hang-up').click();
      await customer.page.locator('.van-dialog__confirm').click();
    }
    await customer.page.locator(`[data-testid="end-page"][data-ending="${ending}"]`).waitFor();
    await shoot(customer.page, `customer-end-${name}-${size.name}-${locale}`);
    if (name === 'passed') {
      await customer.button('satisfaction').getByRole('radio').last().check();
      await customer.button('satisfaction-send').click();
      await customer.button('satisfaction-thanks').waitFor();
      await shoot(customer.page, `customer-end-thanks-${size.name}-${locale}`);
    }
    if (!outcome) await agent.conclude('rejected', kReason[locale]);
    await agent.finishWrapUp();
    await agent.button('presence-offline').click();
    await agent.page.locator('[data-presence="offline"]').first().waitFor();
    await Promise.all([customer.close(), agent.close()]);
  }
  await shared.close();
  await administrator.call('PATCH', '/admin/tenant', { customerSeesOutcome: false, tellReason: false, askSatisfaction: false });
}

/** Every component in every state, as long as it is: light in every size, dark in the first. */
export async function photographDesign({ stage, take, locale, sizes }) {
  const shared = await launch();
  const wanted = [...sizes.map((size) => ['light', size]), ['dark', sizes[0]]];
  for (const [colorScheme, name] of wanted) {
    const context = await shared.browser.newContext({ viewport: kSizes[name], locale, colorScheme, ignoreHTTPSErrors: true });
    const page = await context.newPage();
    await page.goto(`${stage.server.origin}/design/`);
    await page.getByRole('heading', { level: 1 }).first().waitFor();
    await take(page, `design-${colorScheme}-${name}-${locale}`, { fullPage: true });
    await context.close();
  }
  await shared.close();
}
