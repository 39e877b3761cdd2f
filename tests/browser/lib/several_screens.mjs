// Photographs a call of several people: the agent's, the customer's, the guest's and the supervisor's side of it.
import { AgentPage } from './agent_page.mjs';
import { launch } from './browser.mjs';
import { CustomerPage } from './customer_page.mjs';
import { PersonPage } from './person_page.mjs';
import { createInterview } from './whole_interview.mjs';

const kSupervisor = { name: 'supervisor', password: 'correct horse battery' };

/** @param shoot(page, name) takes one picture. The workbench is a desktop's page. */
export async function photographSeveral({ stage, administrator, shoot, locale, size, order }) {
  const tag = `${size.name}-${locale}`;
  const desktop = size.name === 'desktop';
  const english = locale === 'en';
  const guestName = english ? 'Li Hua' : '李华';
  await administrator.call('POST', '/admin/users', { ...kSupervisor, displayName: english ? 'Chen Min' : '陈敏', role: 'agent', canSupervise: true, queueIds: [] }, { allowProblem: true }); // there from the second time on
  const shared = await launch();
  const created = await createInterview(stage.integrator, order);
  const customer = await CustomerPage.open({ locale, screen: size.screen, shared });
  const agent = await AgentPage.open({ locale, shared });
  await agent.signIn(stage.server.origin, stage.demo.account, stage.demo.agent);
  await agent.goOnline();
  await customer.queue(created.customerLink.url);
  await agent.answer();
  await customer.inCall();
  await agent.answerToFirstFrameMs();

  await agent.button('invite').click();
  await agent.fill('guest-name', guestName);
  await agent.button('guest-invite').click();
  const link = await agent.button('guest-link').locator('code').innerText();
  const guest = await PersonPage.open({ person: { name: english ? 'Guest' : '担保人', colour: '#3f7753' }, locale, screen: size.screen, shared });
  if (desktop) await shoot(agent.page, `workbench-invite-${locale}`);
  await agent.page.keyboard.press('Escape');
  await guest.page.goto(link);
  await guest.button('consent-accept').waitFor();
  await shoot(guest.page, `guest-consent-${tag}`);
  await guest.button('consent-accept').click();
  await guest.button('device-continue').waitFor();
  await shoot(guest.page, `guest-devices-${tag}`);
  await guest.button('device-continue').click();
  await guest.button('call-screen').waitFor();
  for (const page of [customer.page, agent.page, guest.page]) await moving(page, 2);
  await shoot(guest.page, `guest-call-${tag}`);
  await shoot(customer.page, `customer-several-${tag}`);
  if (desktop) await shoot(agent.page, `workbench-several-${locale}`);

  for (const dialog of ['transfer', 'player']) {
    await agent.button(dialog).click();
    await agent.button(`${dialog}-dialog`).waitFor();
    if (desktop) await shoot(agent.page, `workbench-${dialog}-${locale}`);
    await agent.page.keyboard.press('Escape');
    await agent.button(`${dialog}-dialog`).waitFor({ state: 'hidden' });
  }
  await agent.button('hold').click();
  await agent.button('held').waitFor();
  await customer.button('held').waitFor();
  await shoot(customer.page, `customer-hold-${tag}`);
  if (desktop) await shoot(agent.page, `workbench-hold-${locale}`);
  await agent.button('hold').click();
  await customer.button('held').waitFor({ state: 'detached' });

  const supervisor = await PersonPage.open({ person: { name: 'supervisor' }, locale, shared });
  await supervisor.signIn(stage.server.origin, stage.demo.account, kSupervisor);
  await supervisor.button('nav-supervise').click();
  await supervisor.button('live-call').waitFor();
  if (desktop) await shoot(supervisor.page, `workbench-supervise-${locale}`);
  await supervisor.button('supervise-listen').click();
  await supervisor.button('supervised-call').waitFor();
  await moving(supervisor.page, 2);
  if (desktop) await shoot(supervisor.page, `workbench-supervised-${locale}`);
  await supervisor.button('supervise-leave').click();

  await agent.conclude('passed');
  await customer.ended();
  await guest.button('guest-end').waitFor();
  await shoot(guest.page, `guest-end-${tag}`);
  await agent.finishWrapUp();
  await agent.button('presence-offline').click();
  await agent.page.waitForFunction(() => document.querySelector('[data-presence="offline"]'));
  await shared.close();
}

/** `count` pictures of others are shown. */
async function moving(page, count) {
  await page.waitForFunction((least) => [...document.querySelectorAll('[data-testid="people-stage"] figure video')].filter((video) => video.videoWidth > 0).length >= least, count);
}
