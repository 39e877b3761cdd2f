// The console's recordings: found, and played with chapters, speeds and keys; each stream by itself.
import { expect, test } from '@playwright/test';
import { isAccessible } from '../lib/accessibility.mjs';
import { kPhone, launch } from '../lib/browser.mjs';
import { ConsolePage } from '../lib/console_page.mjs';
import { fits, kWidths, looksRight, speaks } from '../lib/looks.mjs';
import { recordFilm } from '../lib/recorded_film.mjs';
import { Stage } from '../lib/stage.mjs';

const kData = ['演示银行', '演示坐席', '演示管理员', '贷款面签', 'test-01'];
const kSpeeds = [0.5, 0.75, 1, 1.25, 1.5, 2];

let stage;
let shared;
let admin;
let page;
let interviewId;
let recording;

test.beforeAll(async () => {
  stage = await Stage.open();
  shared = await launch();
  ({ interviewId, recording } = await recordFilm(stage, { shared, businessId: 'LN-FILM' }));
  admin = await ConsolePage.enter(stage, { shared });
  ({ page } = admin);
});
test.afterAll(async () => {
  await shared?.close();
  await stage?.close();
});

async function open() {
  await page.goto(`${stage.server.origin}/console/#/recordings/${interviewId}`);
  await page.reload();
  await video().waitFor();
  await expect.poll(() => read('readyState')).toBeGreaterThanOrEqual(1);
}
const video = () => page.getByTestId('recording-video');
const read = (name) => video().evaluate((node, property) => node[property], name);
const rows = () => page.getByTestId('recordings').locator('li');

test('the list finds a recording and opens it', async () => {
  await admin.go('recordings');
  await expect(rows()).toHaveCount(1);
  await expect(rows()).toContainText(/LN-FILM.*演示坐席.*MiB.*已完成.*长期保存/s);
  await admin.fill('filter-business', 'LN-NONE');
  await expect(page.getByText('没有符合条件的录像')).toBeVisible();
  await admin.fill('filter-business', 'LN-FILM');
  await expect(rows()).toHaveCount(1);
  await admin.fill('filter-person', '没有这个人');
  await expect(page.getByText('没有符合条件的录像')).toBeVisible();
  await admin.fill('filter-person', '示坐');
  await expect(rows()).toHaveCount(1);
  await page.getByTestId('filter-to').fill('2020-01-01');
  await expect(page.getByText('没有符合条件的录像')).toBeVisible();
  await page.getByTestId('filter-to').fill('');
  await page.getByTestId('filter-from').fill('2020-01-01');
  await expect(rows()).toHaveCount(1);
  await page.getByTestId(`open-${interviewId}`).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('recording-detail')).toContainText('LN-FILM');
});

test('chapters of the recording are a list and marks; one press goes there, and it is said', async () => {
  await open();
  const chapters = recording.chapters;
  expect(chapters.map((chapter) => chapter.kind)).toContain('photo_taken');
  const list = page.getByTestId('chapter');
  await expect(list).toHaveCount(chapters.length);
  await expect(page.getByTestId('chapter-mark')).toHaveCount(chapters.length);
  const photo = chapters.find((chapter) => chapter.kind === 'photo_taken');
  const item = page.locator('[data-testid="chapter"][data-kind="photo_taken"]');
  await expect(item).toContainText('拍照');
  await item.click();
  await expect.poll(() => read('currentTime')).toBeGreaterThanOrEqual(photo.atMs / 1000);
  await expect(item).toHaveAttribute('aria-current', 'true');
  await expect(page.getByTestId('player-said')).toHaveText('章节：拍照');
  await expect(page.getByTestId('seek-bar')).toHaveAttribute('aria-valuetext', /拍照/);
  await expect.poll(() => read('paused')).toBe(false);
  await page.getByTestId('player-toggle').click();
  await expect.poll(() => read('paused')).toBe(true);
});

test('keys: space and k, arrows, j and l, < and >, numbers; not in a field', async () => {
  await open();
  const player = page.getByTestId('player');
  await player.focus();
  const key = (name) => page.keyboard.press(name);
  await key('0');
  await expect.poll(() => read('currentTime')).toBe(0);
  await key('ArrowRight');
  await expect.poll(() => read('currentTime')).toBe(5);
  await key('l');
  await expect.poll(async () => Math.abs((await read('currentTime')) - Math.min(15, await read('duration')))).toBeLessThan(0.1);
  await key('5');
  const half = (await read('duration')) / 2;
  await expect.poll(() => read('currentTime')).toBeCloseTo(half, 1);
  await key('ArrowLeft');
  await expect.poll(() => read('currentTime')).toBeCloseTo(half - 5, 1);
  await key('j');
  await expect.poll(() => read('currentTime')).toBe(0);
  await key('k');
  await expect.poll(() => read('paused')).toBe(false);
  await key('Space');
  await expect.poll(() => read('paused')).toBe(true);
  for (const speed of [1.25, 1.5, 2, 2]) {
    await key('>');
    await expect.poll(() => read('playbackRate')).toBe(speed);
  }
  await expect(page.getByTestId('player-speed')).toHaveValue('2');
  await expect(page.getByTestId('player-said')).toHaveText('2 倍速');
  for (const speed of [1.5, 1.25, 1, 0.75, 0.5, 0.5]) {
    await key('<');
    await expect.poll(() => read('playbackRate')).toBe(speed);
  }
  await page.getByTestId('player-speed').focus();
  await page.keyboard.press('k'); // a field's own key
  expect(await read('paused')).toBe(true);
  for (const speed of kSpeeds) {
    await page.getByTestId('player-speed').selectOption(String(speed));
    expect(await read('playbackRate')).toBe(speed);
  }
  await page.getByTestId('player-speed').selectOption('1');
  await page.getByTestId('player-keys').click();
  await expect(page.getByTestId('player-key-list')).toContainText('减速、加速');
  await page.getByTestId('player-keys').click();
});

test('the seek bar is dragged, and is a slider for a screen reader', async () => {
  await open();
  const bar = page.getByTestId('seek-bar');
  const box = await bar.boundingBox();
  await page.mouse.move(box.x + 4, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.75, box.y + box.height / 2, { steps: 4 });
  await page.mouse.up();
  const length = await read('duration');
  await expect.poll(async () => (await read('currentTime')) / length).toBeCloseTo(0.75, 1);
  await expect(bar).toHaveRole('slider');
  expect(Number(await bar.getAttribute('aria-valuemax'))).toBe(Math.round(length));
  await bar.focus();
  await page.keyboard.press('Home');
  await expect.poll(() => read('currentTime')).toBe(0);
  await page.keyboard.press('PageUp');
  await expect.poll(() => read('currentTime')).toBeCloseTo(recording.chapters.find((chapter) => chapter.atMs > 0).atMs / 1000, 1);
});

test('a gap is marked, said and hatched; sound and picture apart are flagged at the file', async () => {
  const other = await ConsolePage.enter(stage, { shared });
  // Not by interception, with which Chromium does not load films.
  await other.page.addInitScript(() => {
    const plain = window.fetch;
    window.fetch = async (...args) => {
      const response = await plain(...args);
      if (!/\/recording$/.test(String(args[0])) || !response.ok) return response;
      const answer = await response.json();
      const files = answer.files.map((file) => (file.participant === 'customer' ? { ...file, avOffsetMs: 124.6 } : file));
      return Response.json({ ...answer, files, avOffsetFlag: true, gaps: [{ fromMs: 2000, toMs: 5000, cause: 'server_restart' }] });
    };
  });
  await other.page.goto(`${stage.server.origin}/console/#/recordings/${interviewId}`);
  await other.page.reload();
  await expect(other.button('gap-mark')).toHaveCount(1);
  await expect(other.button('av-flag')).toHaveText('音画不同步');
  await expect(other.button('file-apart')).toHaveText('声音比画面晚 125 毫秒');
  const film = other.button('recording-video');
  await expect.poll(() => film.evaluate((node) => node.readyState)).toBeGreaterThanOrEqual(1);
  await film.evaluate((node) => (node.currentTime = 3));
  await expect(other.button('in-gap')).toHaveText('此处 0:03 未录制：服务器重启');
  await other.close();
});

test('each file says whose it is; loading, failing and offline are said', async () => {
  await open();
  const files = page.getByTestId('file-stream');
  await expect(files.filter({ hasText: '客户' })).toContainText(/摄像头.*(KiB|MiB)/s);
  await expect(files.filter({ hasText: '坐席' })).toContainText('摄像头');
  await expect(page.getByTestId('file-composed')).toContainText('合成录像');
  await page.route('**/api/v1/interviews?*', (route) => route.fulfill({ status: 500, json: { code: 'server.internal', status: 500 } }));
  await admin.go('recordings');
  await expect(page.getByTestId('problem')).toBeVisible();
  await page.unroute('**/api/v1/interviews?*');
  await page.getByTestId('retry').click();
  await expect(rows()).toHaveCount(1);
  await admin.context.setOffline(true);
  await expect(page.getByText('网络已断开').first()).toBeVisible();
  await admin.context.setOffline(false);
  await expect(page.getByText('网络已断开')).toHaveCount(0);
});

test('the pages fit phones and desktops and speak their language', async () => {
  for (const locale of ['zh-CN', 'en']) {
    const other = await ConsolePage.enter(stage, { locale, shared, screen: kPhone });
    await other.page.goto(`${stage.server.origin}/console/#/recordings`);
    await other.page.getByTestId('recordings').waitFor();
    await looksRight(other.page, locale, kData);
    await other.button(`open-${interviewId}`).click();
    await other.button('recording-video').waitFor();
    await speaks(other.page, locale, kData);
    await isAccessible(other.page);
    for (const width of kWidths) {
      await other.page.setViewportSize({ width, height: 760 });
      await fits(other.page);
    }
    await other.close();
  }
});
