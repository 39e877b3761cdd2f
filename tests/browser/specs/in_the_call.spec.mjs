// What happens on the customer's side of a call: a photo by their device, devices that are taken away and come back, landscape.
import { expect, test } from '@playwright/test';
import { Stage } from '../lib/stage.mjs';
import { pictureMoves, startTalking } from '../lib/talk.mjs';

test.describe.configure({ mode: 'serial' }); // one conversation

const soon = { timeout: 15_000 };
const kSoonMs = 15_000;
const kUpright = { width: 390, height: 844 };
const kOnItsSide = { width: 844, height: 390 };

let stage;
let administrator;
let customer;
let agent;
let interviewId;
const published = [];

test.beforeAll(async () => {
  test.setTimeout(150_000);
  stage = await Stage.open();
  administrator = await stage.as(stage.demo.administrator);
  ({ customer, agent, interviewId } = await startTalking(stage));
  // A page that was loaded again would have lost this.
  await customer.page.evaluate(() => (window.__sameAsBefore = true));
  customer.page.on('request', (request) => {
    if (request.method() === 'POST' && /\/whip\//.test(request.url())) published.push(request.url());
  });
});
test.afterEach(async ({}, info) => {
  if (info.status === info.expectedStatus) return;
  await customer?.page.screenshot({ path: info.outputPath('customer.png') }).catch(() => {}); // closed before
  await agent?.page.screenshot({ path: info.outputPath('agent.png') }).catch(() => {});
});
test.afterAll(async () => {
  await customer?.close();
  await agent?.close();
  await stage?.close();
});

const timeline = async () => (await stage.integrator.call('GET', `/interviews/${interviewId}/timeline`)).items;
const kinds = async () => (await timeline()).map((entry) => entry.kind);
const happened = (...wanted) => expect.poll(kinds, soon).toEqual(expect.arrayContaining(wanted));
const photos = async () => (await stage.integrator.call('GET', `/interviews/${interviewId}/photos`)).items;
const readyPhotos = async () => (await photos()).filter((photo) => photo.status === 'ready');
const thumbs = () => agent.page.getByTestId('photo-strip').getByRole('listitem');

async function ask(category) {
  await agent.button('photo-category').selectOption(category);
  await agent.button('ask-photo').click();
  await expect(customer.button('photo-asked')).toHaveAttribute('data-step', 'asking', soon);
}
async function takeAndSend() {
  await customer.button('photo-take').click();
  await customer.button('photo-taken').waitFor();
  await customer.button('photo-send').click();
  await customer.button('photo-sent').waitFor();
}

test('the agent asks for a photo; the customer takes, looks at and sends it, and both have it', async () => {
  await ask('id_front');
  await expect(customer.button('photo-asked')).toHaveAttribute('data-category', 'id_front');
  await expect(customer.button('photo-left')).toContainText(/\d+/);
  await expect(customer.button('hang-up')).not.toBeFocused();
  await expect(agent.button('ask-photo')).toBeDisabled();
  await expect(thumbs()).toHaveAttribute('data-status', 'pending');

  await customer.button('photo-take').click();
  await customer.button('photo-taken').waitFor();
  await customer.button('photo-again').click();
  await takeAndSend();
  await expect(thumbs()).toHaveAttribute('data-status', 'ready', soon);
  await expect(thumbs()).toHaveAttribute('data-source', 'local');
  await expect(thumbs()).toHaveAttribute('data-category', 'id_front');
  await expect(customer.button('photo-asked')).toHaveCount(0, soon);

  const [photo] = await readyPhotos();
  expect(photo).toMatchObject({ category: 'id_front', source: 'local', width: 1280, height: 720 });
  await happened('photo_requested', 'photo_taken');
  const entry = (await timeline()).find(({ kind }) => kind === 'photo_taken');
  expect(entry.data).toMatchObject({ source: 'local', category: 'id_front', sha256: photo.sha256 });

  await customer.button('own-photos-open').click();
  await expect(customer.button(`own-photo-${photo.id}`).locator('img')).toBeVisible(soon);
  await expect(customer.button('own-photo-delete'), 'the company only shows them').toHaveCount(0);
  expect(await customer.button('own-photos').innerText()).not.toContain(photo.sha256);
  await customer.button('own-photos-close').click();
  await expect(customer.button('hang-up')).toBeEnabled();
});

test('a photo is taken again and both stand side by side', async () => {
  const [first] = await readyPhotos();
  await agent.button('photo-open').first().click();
  await agent.button('photo-retake').click();
  await expect(customer.button('photo-asked')).toHaveAttribute('data-category', 'id_front', soon);
  await takeAndSend();
  await expect.poll(async () => (await readyPhotos()).length, soon).toBe(2);
  const retake = (await readyPhotos()).find((photo) => photo.replaces);
  expect(retake).toMatchObject({ replaces: first.id, category: 'id_front' });
  await agent.button('photo-open').last().click();
  await agent.button('photo-compare-open').click();
  for (const side of ['compare-left', 'compare-right']) await expect(agent.button(side).locator('img')).toBeVisible(soon);
  const shown = await Promise.all(['compare-left', 'compare-right'].map((side) => agent.button(side).locator('select').inputValue()));
  expect(new Set(shown)).toEqual(new Set([first.id, retake.id]));
  await agent.page.keyboard.press('Escape');
  await expect(agent.button('photo-compare')).toBeHidden();
});

test('the customer may say no, and the agent sees why', async () => {
  await ask('portrait');
  await customer.button('photo-refuse').click();
  await expect(customer.button('photo-asked')).toHaveCount(0);
  await expect(thumbs().last()).toHaveAttribute('data-status', 'failed', soon);
  expect((await photos()).at(-1)).toMatchObject({ category: 'portrait', failure: 'photo.refused' });
  await expect(agent.button('ask-photo')).toBeEnabled();
});

test('where the company lets them, the customer deletes a photo, and it is gone on both sides', async () => {
  await administrator.call('PATCH', '/admin/tenant', { customerPhotos: 'view_and_delete' });
  const before = await readyPhotos();
  await customer.page.evaluate(() => (window.__sameAsBefore = true));
  // The next state brings what the company allows now.
  await agent.button('ask-landscape').click();
  await agent.button('ask-landscape').click();
  await customer.button('own-photos-open').click();
  const gone = before[0].id;
  await customer.button(`own-photo-${gone}`).getByTestId('own-photo-delete').click();
  await customer.page.locator('.van-dialog__confirm').click();
  await expect(customer.button(`own-photo-${gone}`)).toHaveCount(0, soon);
  await customer.button('own-photos-close').click();
  await expect(agent.button(`photo-${gone}`)).toHaveCount(0, soon);
  await happened('photo_deleted');
  const entry = (await timeline()).find(({ kind }) => kind === 'photo_deleted');
  expect(entry.data).toMatchObject({ photoId: gone, by: expect.stringMatching(/^cus_/) });
});

test('a camera that another app takes is noticed on both sides and comes back without a reload', async () => {
  published.length = 0;
  await customer.page.evaluate(() => {
    window.__getUserMedia = navigator.mediaDevices.getUserMedia;
    navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('in use', 'NotReadableError'));
    const [track] = document.querySelector('[data-testid="own-video"]').srcObject.getVideoTracks();
    track.stop();
    track.dispatchEvent(new Event('ended'));
  });
  await expect(customer.button('device-notice').locator('[data-device="camera"]')).toBeVisible(soon);
  await expect(customer.button('call-overlay'), 'the call goes on under it').toHaveCount(0);
  await expect(agent.button('customer-away')).toBeVisible(soon);
  await happened('customer_device_lost');

  await customer.page.evaluate(() => (navigator.mediaDevices.getUserMedia = window.__getUserMedia));
  await customer.button('device-again').click();
  await expect(customer.button('device-notice').locator('[data-device="camera"]')).toHaveCount(0, soon);
  await pictureMoves(agent.page, 'customer-video', kSoonMs);
  await expect(agent.button('customer-away')).toHaveCount(0, soon);
  await happened('customer_device_back');
  const back = (await timeline()).find(({ kind }) => kind === 'customer_device_back');
  expect(back.data).toMatchObject({ device: 'camera', state: 'replaced' });
  expect(published, 'the same session goes on').toEqual([]);
  expect(await customer.page.evaluate(() => window.__sameAsBefore)).toBe(true);
});

test('a phone call that takes the microphone is told to both, and its end too', async () => {
  const become = (muted) =>
    customer.page.evaluate((now) => {
      const [track] = document.querySelector('[data-testid="own-video"]').srcObject.getAudioTracks();
      Object.defineProperty(track, 'muted', { configurable: true, get: () => now });
      if (now) {
        window.__getUserMedia = navigator.mediaDevices.getUserMedia;
        navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('in use', 'NotReadableError'));
      } else navigator.mediaDevices.getUserMedia = window.__getUserMedia;
      track.dispatchEvent(new Event(now ? 'mute' : 'unmute'));
    }, muted);
  await become(true);
  const notice = customer.button('device-notice').locator('[data-device="microphone"]');
  await expect(notice).toHaveAttribute('data-state', 'interrupted', soon);
  await expect(agent.button('customer-device')).toHaveAttribute('data-device', 'microphone', soon);
  await become(false);
  await expect(notice).toHaveCount(0, soon);
  await expect(agent.button('customer-device')).toHaveCount(0, soon);
  const told = (await timeline()).filter(({ data }) => data.device === 'microphone').map(({ kind, data }) => `${kind} ${data.state}`);
  expect(told).toEqual(['customer_device_lost interrupted', 'customer_device_back resumed']);
});

test('the agent asks for landscape: the page is turned while the phone is upright, and not when it is turned itself', async () => {
  const { page } = customer;
  const box = () => page.evaluate(() => {
    const call = document.querySelector('[data-testid="call-screen"]');
    return { wide: call.clientWidth > call.clientHeight, turned: document.documentElement.hasAttribute('data-turned') };
  });
  await page.setViewportSize(kUpright);
  expect(await box()).toEqual({ wide: false, turned: false });
  await agent.button('ask-landscape').click();
  await expect.poll(box, soon).toEqual({ wide: true, turned: true });
  const inside = await customer.button('hang-up').evaluate((button) => {
    const { left, right, top, bottom } = button.getBoundingClientRect();
    return left >= 0 && top >= 0 && right <= innerWidth && bottom <= innerHeight;
  });
  expect(inside).toBe(true);
  await page.setViewportSize(kOnItsSide);
  await expect.poll(box, soon).toEqual({ wide: true, turned: false });
  await page.setViewportSize(kUpright);
  await agent.button('ask-landscape').click();
  await expect.poll(box, soon).toEqual({ wide: false, turned: false });
  await happened('orientation_asked');
});

test('the outcome has the photo that stands and nothing of those that do not', async () => {
  const standing = (await readyPhotos()).filter((photo) => !photo.replacedBy).map((photo) => photo.id);
  await agent.conclude('passed');
  await customer.ended();
  await expect(customer.button('own-photos-open')).toHaveCount(0);
  const { outcome } = await stage.integrator.call('GET', `/interviews/${interviewId}`);
  expect(outcome.photos.map((photo) => photo.id)).toEqual(standing);
  expect(outcome.photos.every((photo) => photo.source === 'local' && photo.status === 'ready')).toBe(true);
  expect(standing).toHaveLength(1);
});
