// The administrators' media library: uploading with progress, what fails and why, an address that is refused, deleting.
import { expect, test } from '@playwright/test';
import { isAccessible } from '../lib/accessibility.mjs';
import { join, kDesktop, launch } from '../lib/browser.mjs';
import { fits, speaks } from '../lib/looks.mjs';
import { wav } from '../lib/media_files.mjs';
import { Stage } from '../lib/stage.mjs';

const kStepTimeoutMs = 30_000;
const kPreparedWithinMs = 90_000;

test.describe.configure({ mode: 'serial' });
let stage;
let shared;
let page;

test.beforeAll(async () => {
  stage = await Stage.open();
  shared = await launch();
  page = await openLibrary('zh-CN');
});
test.afterAll(async () => {
  await shared?.close();
  await stage?.close();
});

async function openLibrary(locale) {
  const { context } = await join(shared, { ...kDesktop, locale, ignoreHTTPSErrors: true });
  const opened = await context.newPage();
  opened.setDefaultTimeout(kStepTimeoutMs);
  await opened.goto(`${stage.server.origin}/console/`);
  for (const [id, text] of Object.entries({
    'sign-in-account': stage.demo.account,
    'sign-in-name': stage.demo.administrator.name,
    'sign-in-password': stage.demo.administrator.password,
  })) {
    const element = opened.getByTestId(id);
    await element.waitFor();
    const isField = await element.evaluate((node) => node.matches('input, textarea'));
    await (isField ? element : element.locator('input, textarea').first()).fill(text);
  }
  await opened.getByTestId('sign-in-submit').click();
  await opened.getByTestId('nav-media').click();
  await opened.getByTestId('upload').waitFor();
  return opened;
}
const row = (text) => page.getByTestId('media').locator('.el-table__body tr').filter({ hasText: text });
const status = (text) => row(text).locator('[data-status]');
async function upload(name, buffer, title) {
  await page.getByTestId('upload').click();
  await page.getByTestId('field-file').setInputFiles({ name, mimeType: 'audio/wav', buffer });
  if (title) await page.getByTestId('field-title').fill(title);
  await page.getByTestId('media-send').click();
  await expect(page.getByTestId('media-dialog')).toBeHidden();
}

test('the library begins with the music of the server, which stays', async () => {
  await expect
    .poll(
      async () => {
        await page.reload();
        await page.getByTestId('media').or(page.getByText('素材库还是空的')).first().waitFor();
        return row('系统自带').count();
      },
      { timeout: kPreparedWithinMs },
    )
    .toBe(1);
  await expect(status('系统自带')).toHaveAttribute('data-status', 'ready', { timeout: kPreparedWithinMs });
  await expect(row('系统自带').getByRole('button', { name: '删除' })).toHaveCount(0);
});

test('a file is named, uploaded and prepared', async () => {
  await page.getByTestId('upload').click();
  await page.getByTestId('media-send').click();
  await expect(page.getByTestId('media-dialog').getByRole('alert')).toHaveCount(2); // file and title are missing
  await page.getByTestId('media-cancel').click();
  await upload('出示证件.wav', wav(2));
  await expect(row('出示证件')).toContainText('提示音');
  await expect(status('出示证件')).toHaveAttribute('data-status', 'ready', { timeout: kPreparedWithinMs });
  await expect(row('出示证件')).toContainText('0:02');
});

test('what is no film says why', async () => {
  await upload('notes.wav', Buffer.alloc(20_000, 7), '会议记录');
  await expect(status('会议记录')).toHaveAttribute('data-status', 'failed', { timeout: kPreparedWithinMs });
  await expect(row('会议记录').locator('[data-code="media_item.not_media"]')).toBeVisible();
});

test('an address in a private network is refused at its field', async () => {
  await page.getByTestId('add-url').click();
  await page.getByTestId('field-url').fill('https://10.0.0.8/film.mp4');
  await page.getByTestId('field-title').fill('内网视频');
  await page.getByTestId('media-send').click();
  await expect(page.getByTestId('media-dialog').locator('[data-code="outgoing.private_address"]')).toBeVisible();
  await page.getByTestId('media-cancel').click();
  await expect(row('内网视频')).toHaveCount(0);
});

for (const locale of ['zh-CN', 'en']) {
  test(`the library reads well in ${locale}`, async () => {
    const opened = locale === 'zh-CN' ? page : await openLibrary(locale);
    await speaks(opened, locale, ['演示银行', '演示管理员', '出示证件', '会议记录']);
    await isAccessible(opened);
    await fits(opened);
    await opened.screenshot({ path: test.info().outputPath(`media-${locale}.png`) });
    if (opened !== page) await opened.context().close();
  });
}

test('deleting asks first', async () => {
  await row('会议记录').getByRole('button', { name: '删除' }).click();
  await page.locator('.el-message-box').getByRole('button', { name: '取消' }).click();
  await expect(row('会议记录')).toHaveCount(1);
  await row('会议记录').getByRole('button', { name: '删除' }).click();
  await page.locator('.confirm-yes').click();
  await expect(row('会议记录')).toHaveCount(0);
});
