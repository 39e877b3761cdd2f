// Photographs what belongs to photos and devices in a call: the customer's side upright, on its side and on a desktop; the agent's beside it.
import { AgentPage } from './agent_page.mjs';
import { kDesktop, launch } from './browser.mjs';
import { CustomerPage } from './customer_page.mjs';
import { createInterview } from './whole_interview.mjs';

const kUpright = { width: 390, height: 844 };
const kSizes = [['phone', kUpright], ['desktop', kDesktop.viewport]];

/** @param shoot(page, name) takes one picture. */
export async function photographPhotos({ stage, administrator, shoot, locale, order }) {
  await administrator.call('PATCH', '/admin/tenant', { customerPhotos: 'view_and_delete' });
  const shared = await launch();
  const created = await createInterview(stage.integrator, order);
  const customer = await CustomerPage.open({ locale, screen: { viewport: kUpright, hasTouch: true }, shared });
  const agent = await AgentPage.open({ locale, shared });
  await agent.signIn(stage.server.origin, stage.demo.account, stage.demo.agent);
  await agent.goOnline();
  await customer.queue(created.customerLink.url);
  await agent.answer();
  await customer.inCall();
  await agent.answerToFirstFrameMs();
  const inEachSize = async (name) => {
    for (const [size, viewport] of kSizes) {
      await customer.page.setViewportSize(viewport);
      await shoot(customer.page, `customer-${name}-${size}-${locale}`);
    }
    await customer.page.setViewportSize(kUpright);
  };

  await agent.button('photo-category').selectOption('id_front');
  await agent.button('ask-photo').click();
  await customer.button('photo-take').waitFor();
  await shoot(agent.page, `workbench-photo-asked-${locale}`);
  await inEachSize('photo-asked');
  await customer.button('photo-take').click();
  await customer.button('photo-taken').waitFor();
  await inEachSize('photo-taken');
  await customer.button('photo-send').click();
  await agent.page.locator('[data-source="local"][data-status="ready"]').waitFor();
  await customer.button('photo-asked').waitFor({ state: 'detached' });
  await agent.button('photo-category').selectOption('portrait');
  await agent.takePhoto();
  await customer.button('own-photos-open').click();
  await customer.page.locator('[data-testid^="own-photo-pho"] img').nth(1).waitFor();
  await inEachSize('own-photos');
  await customer.button('own-photos-close').click();
  await agent.button('photo-open').first().click();
  await agent.button('photo-viewer').waitFor();
  await shoot(agent.page, `workbench-photo-viewer-${locale}`);
  await agent.button('photo-compare-open').click();
  await agent.button('compare-right').locator('img').waitFor();
  await shoot(agent.page, `workbench-photo-compare-${locale}`);
  await agent.page.keyboard.press('Escape');

  await customer.page.evaluate(() => {
    navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('in use', 'NotReadableError'));
    const [track] = document.querySelector('[data-testid="own-video"]').srcObject.getAudioTracks();
    track.stop();
    track.dispatchEvent(new Event('ended'));
  });
  await customer.button('device-again').waitFor();
  await agent.button('customer-device').waitFor();
  await shoot(agent.page, `workbench-customer-device-${locale}`);
  await inEachSize('device-lost');
  await agent.button('ask-landscape').click();
  await customer.page.locator('html[data-turned]').waitFor({ state: 'attached' }); // the element itself has no size then
  await shoot(customer.page, `customer-turned-phone-${locale}`);
  await agent.conclude('passed');
  await customer.ended();
  await agent.finishWrapUp();
  await agent.button('presence-offline').click();
  await agent.page.waitForFunction(() => document.querySelector('[data-presence="offline"]'));
  await shared.close();
}
