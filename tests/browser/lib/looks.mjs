// What holds for every page, whatever it says: it fits its window, it is in one language, and it keeps nobody out.
import { expect } from '@playwright/test';
import { isAccessible } from './accessibility.mjs';

/** What the server says of People's Square in Shanghai, where the tests' customers stand; addresses are in Chinese. */
export const kAddress = /中国上海市\S*附近/gu;

/** Widths of a small phone, a common one and a desktop. */
export const kWidths = [320, 390, 1280];

export async function fits(page) {
  const sticksOut = await page.evaluate(() => {
    const width = document.documentElement.clientWidth;
    const over = [...document.querySelectorAll('body *')].find((node) => {
      const box = node.getBoundingClientRect();
      return box.width > 0 && box.right > width + 1 && getComputedStyle(node).position !== 'fixed' && !node.closest('[style*="overflow"], .el-scrollbar, .el-table, .el-overlay');
    });
    return document.scrollingElement.scrollWidth > width ? (over?.outerHTML.slice(0, 200) ?? 'something') : null;
  });
  expect(sticksOut, 'sticks out of the window').toBeNull();
}

/** `data` are names and texts that the integrator gave, and may be in any language. */
export async function speaks(page, locale, data = []) {
  const lines = (await page.locator('body').innerText()).split('\n').map((line) => line.trim()).filter(Boolean);
  const ours = lines
    .filter((line) => line !== '中文' && line !== 'English')
    .map((line) => data.reduce((text, known) => text.replaceAll(known, ''), line.replaceAll(kAddress, '')));
  expect(lines.length).toBeGreaterThan(1);
  // A key that has no words is shown as it is: "queue.heading".
  expect(ours.filter((line) => /^[a-z]+(\.[A-Za-z_-]+)+$/.test(line))).toEqual([]);
  if (locale === 'en') expect(ours.filter((line) => /\p{Script=Han}/u.test(line))).toEqual([]);
  else expect(ours.filter((line) => /[A-Za-z]{4,} [a-z]{2,} [a-z]{2,}/.test(line))).toEqual([]);
}

/** In each width of `kWidths`, light and dark; leaves the page as it was. */
export async function looksRight(page, locale, data = []) {
  const before = page.viewportSize();
  await speaks(page, locale, data);
  for (const width of kWidths) {
    await page.setViewportSize({ width, height: 760 });
    await fits(page);
  }
  await isAccessible(page);
  await page.setViewportSize(before);
}
