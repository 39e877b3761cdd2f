// Photographs what pages show while something is loading, when it failed, when there is nothing, when the network is gone; the console's
// dialogs; an interview of the console; sign-in that was refused.
import { AgentPage } from './agent_page.mjs';
import { kDesktop, launch } from './browser.mjs';
import { ConsolePage } from './console_page.mjs';
import { CustomerPage } from './customer_page.mjs';
import { createInterview } from './whole_interview.mjs';

/** Sections of the console with the button that opens their dialog. */
const kDialogs = [
  { section: 'queues', button: 'create', dialog: 'edit-dialog' },
  { section: 'users', button: 'create', dialog: 'edit-dialog' },
  { section: 'reasons', button: 'create', dialog: 'edit-dialog' },
  { section: 'marks', button: 'create', dialog: 'edit-dialog' },
  { section: 'api-keys', button: 'create', dialog: 'edit-dialog' },
  { section: 'webhooks', button: 'create', dialog: 'edit-dialog' },
  { section: 'media', button: 'upload', dialog: 'media-dialog' },
];
const kList = /\/admin\/queues(\?|$)/;

/** A list that is loading, failed, empty, and one whose network is gone. */
async function photographLists(admin, shoot, locale) {
  const { page } = admin;
  let answer;
  const answered = new Promise((resolve) => {
    answer = resolve;
  });
  await admin.go('users'); // the list of queues is where the console begins
  await page.route(kList, async (route) => {
    await answered;
    await route.abort('connectionreset');
  });
  await admin.go('queues');
  await page.locator('[aria-busy="true"]').waitFor();
  await shoot(page, `console-loading-${locale}`);
  answer();
  await admin.button('retry').waitFor();
  await shoot(page, `console-failed-${locale}`);
  await page.unroute(kList);
  await page.route(kList, (route) => route.fulfill({ json: { items: [] } }));
  await admin.button('retry').click();
  await page.locator('.el-empty').waitFor();
  await shoot(page, `console-empty-${locale}`);
  await page.unroute(kList);
  await admin.go('users');
  await admin.go('queues');
  await admin.context.setOffline(true);
  await page.locator('.el-alert.offline').waitFor();
  await shoot(page, `console-offline-${locale}`);
  await admin.context.setOffline(false);
  await page.locator('.el-alert.offline').waitFor({ state: 'detached' });
}

async function photographDialogs(admin, shoot, locale) {
  for (const { section, button, dialog } of kDialogs) {
    await admin.go(section);
    await admin.button(button).first().click();
    await admin.button(dialog).waitFor();
    await shoot(admin.page, `console-${section}-new-${locale}`);
    if (section === 'queues') {
      await admin.button('edit-save').click(); // nothing is filled in: what each field lacks is said
      await shoot(admin.page, `console-${section}-new-refused-${locale}`);
    }
    await admin.page.keyboard.press('Escape');
    await admin.button(dialog).waitFor({ state: 'hidden' });
  }
}

async function photographAtTheDesk({ stage, shoot, locale, shared, order }) {
  const agent = await AgentPage.open({ locale, shared });
  await agent.signIn(stage.server.origin, stage.demo.account, { ...stage.demo.agent, password: 'not the password' });
  await agent.button('problem').waitFor();
  await shoot(agent.page, `workbench-sign-in-refused-${locale}`);
  await agent.signIn(stage.server.origin, stage.demo.account, stage.demo.agent);
  await agent.button('idle').waitFor();
  const created = await createInterview(stage.integrator, order);
  const customer = await CustomerPage.open({ locale, shared, screen: kDesktop });
  await customer.queue(created.customerLink.url);
  for (const [person, picture] of [[agent, 'workbench'], [customer, 'customer']]) {
    await person.context.setOffline(true);
    await person.page.locator('[data-testid="connection-banner"], .el-alert--error').first().waitFor();
    if (person === agent) await shoot(agent.page, `${picture}-offline-${locale}`);
  }
  await shoot(customer.page, `customer-offline-desktop-${locale}`);
  await customer.page.setViewportSize({ width: 390, height: 844 });
  await shoot(customer.page, `customer-offline-phone-${locale}`);
  await Promise.all([agent, customer].map((person) => person.context.setOffline(false)));
  await customer.leave();
  await Promise.all([agent.close(), customer.close()]);
  return created.interview.id;
}

/** @param shoot(page, name) takes one picture in each size. */
export async function photographStates({ stage, shoot, locale, order }) {
  const shared = await launch();
  const interview = await photographAtTheDesk({ stage, shoot, locale, shared, order });
  const admin = await ConsolePage.enter(stage, { locale, shared });
  await photographLists(admin, shoot, locale);
  await photographDialogs(admin, shoot, locale);
  await admin.page.goto(`${admin.origin}/console/#/interviews/${interview}`);
  await admin.page.locator('[data-testid="interview-detail"]').waitFor();
  await shoot(admin.page, `console-interview-${locale}`);
  await admin.close();
  await shared.close();
}
