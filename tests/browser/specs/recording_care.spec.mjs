// A recording held, kept for a time, deleted for good, and what is left of it.
import { expect, test } from '@playwright/test';
import { AgentPage } from '../lib/agent_page.mjs';
import { launch } from '../lib/browser.mjs';
import { ConsolePage } from '../lib/console_page.mjs';
import { looksRight } from '../lib/looks.mjs';
import { recordFilm } from '../lib/recorded_film.mjs';
import { Stage } from '../lib/stage.mjs';

const kData = ['演示银行', '演示坐席', '演示管理员', '贷款面签'];

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
  ({ interviewId, recording } = await recordFilm(stage, { shared, businessId: 'LN-FILM' }));
  admin = await ConsolePage.enter(stage, { shared });
  ({ page } = admin);
});
test.afterAll(async () => {
  await shared?.close();
  await stage?.close();
});

const open = () => page.goto(`${stage.server.origin}/console/#/recordings/${interviewId}`);
const video = () => page.getByTestId('recording-video');
const rows = () => page.getByTestId('recordings').locator('li');
const tenant = async () => (await stage.as(stage.demo.administrator)).call('GET', '/admin/tenant');
const dialog = () => page.getByTestId('care-dialog');
const timeline = () => stage.timelineKinds(interviewId);

test('the list says what a selection leaves, and keeps it in the address', async () => {
  await admin.go('recordings');
  for (const [selection, text] of [['held', '没有法律保留中的录像'], ['expiring', '没有即将到期的录像'], ['deleted', '没有已删除的录像']]) {
    await page.getByTestId(`select-${selection}`).click();
    await expect(page.getByText(text)).toBeVisible();
    expect(page.url()).toContain(`show=${selection}`);
  }
  await page.reload(); // the selection is part of the address
  await expect(page.getByText('没有已删除的录像')).toBeVisible();
  await page.getByTestId('select-any').click();
  await expect(rows()).toHaveCount(1);
});

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
