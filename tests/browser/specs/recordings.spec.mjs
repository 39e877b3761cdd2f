// The console's recordings: found, played with chapters and keys, held, deleted for good; how long they are kept.
import { expect, test } from '@playwright/test';
import { AgentPage } from '../lib/agent_page.mjs';
import { kPhone, launch } from '../lib/browser.mjs';
import { ConsolePage } from '../lib/console_page.mjs';
import { fits, kWidths, looksRight, speaks } from '../lib/looks.mjs';
import { waitUntil } from '../lib/server.mjs';
import { Stage } from '../lib/stage.mjs';
import { startTalking } from '../lib/talk.mjs';

const kTalkS = 12;
const kData = ['演示银行', '演示坐席', '演示管理员', '贷款面签', 'test-01'];
const kSpeeds = [0.5, 0.75, 1, 1.25, 1.5, 2];

// One recording from its making to its end: later tests read what earlier ones did.
test.describe.configure({ mode: 'serial' });

let stage;
let shared;
let admin;
let page;
let interviewId;
let recording;

test.beforeAll(async () => {
  stage = await Stage.open();
  shared = await launch();
  const talk = await startTalking(stage, { businessId: 'LN-FILM' }, { shared });
  interviewId = talk.interviewId;
  await talk.agent.page.waitForFunction((seconds) => {
    const [minutes, rest] = document.querySelector('[data-testid="call-time"]').textContent.split(':').map(Number);
    return minutes * 60 + rest >= seconds;
  }, kTalkS / 2);
  await talk.agent.takePhoto();
  await talk.agent.page.waitForFunction((seconds) => {
    const [minutes, rest] = document.querySelector('[data-testid="call-time"]').textContent.split(':').map(Number);
    return minutes * 60 + rest >= seconds;
  }, kTalkS);
  await talk.agent.conclude('passed');
  await talk.customer.ended();
  await talk.customer.close();
  await talk.agent.finishWrapUp();
  await talk.agent.close();
  recording = await waitUntil(async () => {
    const read = await stage.integrator.call('GET', `/interviews/${interviewId}/recording`);
    return read.status === 'ready' && read;
  }, 60_000, 'the film');
  admin = await ConsolePage.enter(stage, { shared });
  ({ page } = admin);
});
test.afterAll(async () => {
  await shared?.close();
  await stage?.close();
});

const open = () => page.goto(`${stage.server.origin}/console/#/recordings/${interviewId}`);
const video = () => page.getByTestId('recording-video');
const read = (name) => video().evaluate((node, property) => node[property], name);
const rows = () => page.getByTestId('recordings').locator('li');
const tenant = async () => (await stage.as(stage.demo.administrator)).call('GET', '/admin/tenant');

test('the list finds a recording and opens it; what the selection leaves is said', async () => {
  await admin.go('recordings');
  await expect(rows()).toHaveCount(1);
  await expect(rows()).toContainText(/LN-FILM.*演示坐席.*MiB.*已完成.*长期保存/s);
  await admin.fill('filter-business', 'LN-NONE');
  await expect(page.getByText('没有符合条件的录像')).toBeVisible();
  await admin.fill('filter-business', 'LN-FILM');
  await expect(rows()).toHaveCount(1);
  for (const [selection, text] of [['held', '没有法律保留中的录像'], ['expiring', '没有即将到期的录像'], ['deleted', '没有已删除的录像']]) {
    await page.getByTestId(`select-${selection}`).click();
    await expect(page.getByText(text)).toBeVisible();
    expect(page.url()).toContain(`show=${selection}`);
  }
  await page.reload(); // the selection is part of the address
  await expect(page.getByText('没有已删除的录像')).toBeVisible();
  await page.getByTestId('select-any').click();
  await page.getByTestId(`open-${interviewId}`).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('recording-detail')).toContainText('LN-FILM');
});

test('chapters of the recording are a list and marks; one press goes there, and it is said', async () => {
  await open();
  await video().waitFor();
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
  await page.route('**/api/v1/interviews/*/recording', async (route) => {
    const answer = await (await route.fetch()).json();
    const files = answer.files.map((file) => (file.participant === 'customer' ? { ...file, avOffsetMs: 124.6 } : file));
    await route.fulfill({ json: { ...answer, files, avOffsetFlag: true, gaps: [{ fromMs: 2000, toMs: 5000, cause: 'server_restart' }] } });
  });
  await page.reload();
  await video().waitFor();
  await expect(page.getByTestId('gap-mark')).toHaveCount(1);
  await expect(page.getByTestId('av-flag')).toHaveText('音画不同步');
  await expect(page.getByTestId('file-apart')).toHaveText('声音比画面晚 125 毫秒');
  await expect.poll(() => read('readyState')).toBeGreaterThanOrEqual(1);
  await video().evaluate((node) => (node.currentTime = 3));
  await expect(page.getByTestId('in-gap')).toHaveText('此处 0:03 未录制：服务器重启');
  await page.unroute('**/api/v1/interviews/*/recording');
});

test('each file says whose it is; loading, failing and offline are said', async () => {
  await open();
  await page.reload();
  await video().waitFor();
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
    for (const width of kWidths) {
      await other.page.setViewportSize({ width, height: 760 });
      await fits(other.page);
    }
    await other.close();
  }
});

const dialog = () => page.getByTestId('care-dialog');
const timeline = () => stage.timelineKinds(interviewId);

test('a legal hold wants a reason, keeps the recording from being deleted, and is lifted with a reason', async () => {
  await open();
  await page.getByTestId('care-hold').click();
  await page.getByTestId('care-submit').click();
  await expect(dialog()).toContainText('请填写此项');
  await admin.fill('care-reason', '纠纷 2026-31');
  await page.getByTestId('care-submit').click();
  await expect(dialog()).toBeHidden();
  const keeping = page.getByTestId('keeping');
  await expect(keeping).toContainText(/法律保留.*演示管理员.*纠纷 2026-31/s);
  await expect(page.getByTestId('care-delete')).toBeDisabled();
  const refused = await stage.as(stage.demo.administrator).then((api) =>
    api.call('DELETE', `/interviews/${interviewId}/recording`, { reason: 'x' }, { allowProblem: true }));
  expect([refused.status, refused.body.code]).toEqual([409, 'recording.legal_hold']);
  await page.goto(`${stage.server.origin}/console/#/recordings?show=held`);
  await expect(rows()).toContainText('法律保留');
  await open();
  await page.getByTestId('care-lift').click();
  await admin.fill('care-reason', '纠纷已结案');
  await page.getByTestId('care-submit').click();
  await expect(page.getByTestId('keeping')).toHaveAttribute('data-keeping', 'unlimited');
  expect((await timeline()).filter((kind) => kind.startsWith('legal_hold'))).toEqual(['legal_hold_set', 'legal_hold_lifted']);
});

test('an agent sees the recording and may neither hold nor delete it', async () => {
  const agent = await AgentPage.open({ shared });
  await agent.signIn(stage.server.origin, stage.demo.account, stage.demo.agent);
  await agent.button('idle').waitFor();
  await agent.page.goto(`${stage.server.origin}/workbench/#/records/${interviewId}`);
  await agent.button('recording-video').waitFor();
  await expect(agent.button('chapter').first()).toBeVisible();
  for (const id of ['care-hold', 'care-lift', 'care-delete']) await expect(agent.button(id)).toHaveCount(0);
  await agent.close();
});

test('a time limit says what it will do, asks before it is shorter, and shows when a recording goes', async () => {
  await admin.go('settings');
  await page.getByTestId('retention-days').click();
  await admin.fill('field-retention', '0');
  await expect(page.getByTestId('retention').getByRole('alert')).toBeVisible();
  await expect(page.getByTestId('settings-save')).toBeDisabled();
  await admin.fill('field-retention', '7');
  await expect(page.getByTestId('retention-sentence')).toContainText('7 天后');
  await expect(page.getByTestId('retention-warning')).toBeVisible();
  await page.getByTestId('settings-save').click();
  await page.locator('.el-message-box').getByRole('button', { name: '取消' }).click();
  expect((await tenant()).recordingRetentionDays).toBeNull();
  await page.getByTestId('settings-save').click();
  await page.locator('.confirm-yes').click();
  await expect(page.locator('.el-message--success').filter({ hasText: '设置已保存' })).toBeVisible();
  expect((await tenant()).recordingRetentionDays).toBe(7);
  await page.goto(`${stage.server.origin}/console/#/recordings?show=expiring`);
  await expect(rows()).toContainText(/还剩 6 天.*自动删除/s);
  await admin.go('settings');
  await page.getByTestId('retention-never').click();
  await page.getByTestId('settings-save').click(); // keeping longer needs no question
  await expect.poll(async () => (await tenant()).recordingRetentionDays).toBeNull();
});

test('deleting asks for the business id and a reason; what is left says who and why', async () => {
  await open();
  await page.getByTestId('care-delete').click();
  await expect(dialog()).toContainText('无法恢复');
  await admin.fill('care-reason', '客户要求删除');
  await admin.fill('care-typed', 'LN-FIL');
  await page.getByTestId('care-submit').click();
  await expect(dialog()).toContainText('与要求输入的内容不一致');
  await admin.fill('care-typed', 'LN-FILM');
  await page.getByTestId('care-submit').click();
  await expect(page.getByTestId('tombstone')).toContainText(/演示管理员.*客户要求删除/s);
  await expect(video()).toHaveCount(0);
  await expect(page.getByTestId('file-download')).toHaveCount(0);
  await expect(page.getByTestId('file-composed')).toContainText(recording.files.find((file) => file.kind === 'composed').sha256);
  const gone = await stage.integrator.call('POST', `/interviews/${interviewId}/recording/tickets`, undefined, { allowProblem: true });
  expect([gone.status, gone.body.code]).toEqual([410, 'recording.deleted']);
  expect(await timeline()).toContain('recording_deleted');
  await page.goto(`${stage.server.origin}/console/#/recordings?show=deleted`);
  await expect(rows()).toContainText(/已删除.*删除于/s);
  await page.getByTestId(`open-${interviewId}`).click();
  await looksRight(page, 'zh-CN', [...kData, '客户要求删除']);
  await admin.go('audit');
  await expect(page.locator('[data-action="recording.deleted"]')).toHaveText('删除录像');
});
