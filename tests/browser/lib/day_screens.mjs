// Photographs an agent's day beside the talking: devices, a call with notes, marks and keys, outcomes that
// are put off, a follow-up, the workbench in a second tab, and the list of marks in the console.
import { AgentPage } from './agent_page.mjs';
import { launch } from './browser.mjs';
import { CustomerPage } from './customer_page.mjs';
import { createInterview } from './whole_interview.mjs';

const kMarks = ['Identity checked', 'Risk read', 'Signs of own will', 'Answered yes', 'Answered no'];

/** @param shoot(page, name) takes one picture. */
export async function photographDay({ stage, administrator, shoot, locale, order }) {
  const english = locale === 'en';
  if (english) {
    const labels = (await administrator.call('GET', '/admin/mark-labels')).items;
    for (const [i, label] of labels.entries())
      await administrator.call('PATCH', `/admin/mark-labels/${label.id}`, { text: kMarks[i] ?? label.text });
  }
  const shared = await launch();
  const agent = await AgentPage.open({ locale, shared });
  await agent.signIn(stage.server.origin, stage.demo.account, stage.demo.agent);
  await agent.button('go-online').click();
  await agent.button('device-dialog').waitFor();
  await agent.page.waitForFunction(() => document.querySelector('[data-testid="device-dialog"] video')?.videoWidth > 0);
  await shoot(agent.page, `workbench-devices-${locale}`);
  await agent.button('device-done').click();
  await agent.page.waitForFunction(() => document.querySelector('[data-presence="online"]'));

  async function talk(changes) {
    const created = await createInterview(stage.integrator, { ...order, ...changes });
    return joined(created.customerLink.url);
  }
  async function joined(link) {
    const customer = await CustomerPage.open({ locale, shared });
    await customer.queue(link);
    await agent.answer();
    await customer.inCall();
    await agent.answerToFirstFrameMs();
    return customer;
  }

  let customer = await talk({ businessId: 'LN-2026-000201', nickName: 'zhao-02' });
  await agent.button('outcome-later').click();
  await shoot(agent.page, `workbench-later-${locale}`);
  await agent.button('outcome-later-confirm').click();
  await customer.ended();
  await agent.button('wrap-up-later').waitFor();
  await shoot(agent.page, `workbench-wrap-up-later-${locale}`);
  await agent.finishWrapUp();
  await customer.close();
  await agent.button('open-outcome').waitFor();
  await shoot(agent.page, `workbench-owed-${locale}`);
  await agent.button('open-outcome-decide').click();
  await agent.button('outcome-dialog').waitFor();
  await shoot(agent.page, `workbench-owed-decide-${locale}`);
  await agent.conclude('passed');
  await agent.button('open-outcomes').waitFor({ state: 'detached' });

  customer = await talk({ businessId: 'LN-2026-000202', nickName: 'qian-03' });
  await agent.conclude('needs_supplement', english ? 'Proof of income is missing' : '缺少收入证明');
  await customer.ended();
  await customer.close();
  await agent.button('follow-up-make').click();
  const link = await agent.button('follow-up-link').locator('code').innerText();
  await shoot(agent.page, `workbench-follow-up-${locale}`);
  await agent.finishWrapUp();

  customer = await joined(link);
  await agent.page.keyboard.press('2');
  await agent.page.keyboard.press('4');
  await agent.page.keyboard.press('n');
  await agent.page.keyboard.type(english ? 'Brings the proof of income. Works since 2019.' : '已补交收入证明，2019 年起在职。');
  await agent.page.waitForFunction(() => document.querySelector('[data-testid="notes"]')?.dataset.state === 'saved');
  await shoot(agent.page, `workbench-notes-${locale}`);
  await agent.button('side-earlier').click();
  await agent.button('earlier-interview').first().waitFor();
  await shoot(agent.page, `workbench-earlier-${locale}`);
  await agent.page.keyboard.press('?');
  await agent.button('call-keys').waitFor();
  await shoot(agent.page, `workbench-keys-${locale}`);
  await agent.page.keyboard.press('Escape');
  const second = new AgentPage(agent.process, agent.context, await agent.context.newPage());
  await second.signIn(stage.server.origin, stage.demo.account, stage.demo.agent);
  await second.button('taken-over').waitFor();
  await shoot(second.page, `workbench-second-tab-${locale}`);
  await second.page.close();
  await agent.conclude('passed');
  await customer.ended();
  await customer.close();
  await agent.finishWrapUp();
  await agent.button('presence-offline').click();
  await agent.page.waitForFunction(() => document.querySelector('[data-presence="offline"]'));
  await shared.close();
}
