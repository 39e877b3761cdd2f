// An interview without a page of ours: an integrator's page draws everything and uses the client alone, photos included.
import { expect, test } from '@playwright/test';
import { AgentPage } from '../lib/agent_page.mjs';
import { launch } from '../lib/browser.mjs';
import { CustomerPage } from '../lib/customer_page.mjs';
import { Stage } from '../lib/stage.mjs';
import { createInterview } from '../lib/whole_interview.mjs';

let stage;
let shared;
let agent;
let shop;

test.beforeAll(async () => {
  stage = await Stage.open();
  shared = await launch();
});
test.afterEach(async () => {
  await agent?.close();
  await shop?.close();
});
test.afterAll(async () => {
  await shared?.close();
  await stage?.close();
});

test('the page answers a photo request with its camera, sees the photo, and deletes it as far as the company allows', async () => {
  const administrator = await stage.as(stage.demo.administrator);
  const allow = (customerPhotos) => administrator.call('PATCH', '/admin/tenant', { customerPhotos });
  await allow('view');
  const created = await createInterview(stage.integrator);
  agent = await AgentPage.open({ shared });
  await agent.signIn(stage.server.origin, stage.demo.account, stage.demo.agent);
  await agent.goOnline();
  shop = await CustomerPage.open({ shared });
  const { page } = shop;
  await page.goto(`${stage.server.origin}/i/`); // any page: nothing of it is used
  await page.addScriptTag({ url: `${stage.server.origin}/sdk/telewitness.js` });

  await page.evaluate(async (link) => {
    const { HeadlessInterview, linkTokenOf } = globalThis.Telewitness;
    const talk = await HeadlessInterview.enter(linkTokenOf(link));
    Object.assign(globalThis, { talk, told: [], wanted: true });
    talk.on('photoRequested', async ({ category }) => {
      globalThis.told.push(`asked ${category}`);
      if (!globalThis.wanted) return talk.photos.refuse();
      await talk.photos.answer({ review: (jpeg) => globalThis.told.push(jpeg.type) > 0 });
    });
    talk.on('photoRequestOver', ({ category }) => globalThis.told.push(`over ${category}`));
    await talk.consent(true, talk.state.consentTexts[0]);
    await talk.givePlace({ status: 'given', latitude: 31.2, longitude: 121.5, accuracyM: 20 });
    await talk.useMedia(await navigator.mediaDevices.getUserMedia({ audio: true, video: true }));
    await talk.enterQueue();
  }, created.customerLink.url);
  const told = () => page.evaluate(() => globalThis.told);
  const listed = () => page.evaluate(() => globalThis.talk.photos.list());
  const remove = (id) => page.evaluate(async (photoId) => {
    const error = await globalThis.talk.photos.delete(photoId).catch((failure) => failure);
    return error && [error instanceof globalThis.Telewitness.ProblemError, error.code];
  }, id);
  await agent.answer();
  await agent.answerToFirstFrameMs();

  await agent.button('photo-category').selectOption('id_front');
  await agent.button('ask-photo').click();
  await agent.page.locator('[data-source="local"][data-status="ready"]').waitFor();
  await expect.poll(told).toEqual(['asked id_front', 'image/jpeg', 'over id_front']);
  const [photo] = await listed();
  expect(photo).toMatchObject({ category: 'id_front', source: 'local' });
  const seen = await page.evaluate(async (id) => {
    const picture = await createImageBitmap(await globalThis.talk.photos.view(id));
    return { width: picture.width, height: picture.height };
  }, photo.id);
  expect(seen.width).toBeGreaterThanOrEqual(photo.width);

  expect(await page.evaluate(() => globalThis.talk.photos.allowed)).toBe('view');
  expect(await remove(photo.id)).toEqual([true, 'photo.not_allowed']);
  expect(await listed()).toHaveLength(1);
  await allow('view_and_delete');
  expect(await remove(photo.id)).toBeUndefined();
  expect(await listed()).toEqual([]);
  await expect(agent.button('photo-open')).toHaveCount(0);
  expect(await stage.timelineKinds(created.interview.id)).toContain('photo_deleted');

  await page.evaluate(() => (globalThis.wanted = false));
  await agent.button('photo-category').selectOption('portrait');
  await agent.button('ask-photo').click();
  await agent.page.locator('[data-status="failed"]').waitFor();
  await expect.poll(async () => (await told()).slice(3)).toEqual(['asked portrait', 'over portrait']);

  const result = await page.evaluate(() => globalThis.talk.leave());
  expect(result).toMatchObject({ interviewId: created.interview.id, photos: `/api/v1/interviews/${created.interview.id}/photos` });
  await agent.button('wrap-up-finish').waitFor();
});
