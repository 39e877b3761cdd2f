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

/**
 * Everything that can be pressed within `root` is whole, in the window (or, where the page scrolls, below it), and lies under nothing else
 * that can be pressed. What its own part scrolls is measured by what of it is seen; with `whole`, only its own parts may scroll.
 */
export async function nothingOverlaps(page, root, { whole = false } = {}) {
  const wrong = await page.getByTestId(root).evaluate((part, mustBeWhole) => {
    const kSlackPx = 1;
    const name = (node) => node.dataset.testid ?? node.getAttribute('aria-label') ?? node.innerText?.slice(0, 30) ?? node.tagName;
    const scrolls = (node) => {
      const { overflowX, overflowY } = getComputedStyle(node);
      return { x: /auto|scroll/.test(overflowX), y: /auto|scroll/.test(overflowY), hides: overflowX !== 'visible' || overflowY !== 'visible' };
    };
    const found = [];
    const seen = [];
    const wholePage = document.scrollingElement;
    for (const node of part.querySelectorAll('button, a[href], input, select, textarea, [role="slider"], [role="tab"]')) {
      if (!node.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue;
      const box = node.getBoundingClientRect();
      if (box.width === 0 || box.height === 0) continue;
      const rect = { left: box.left, right: box.right, top: box.top, bottom: box.bottom };
      for (let up = node.parentElement; up && up !== document.body; up = up.parentElement) {
        const clips = scrolls(up);
        if (!clips.hides) continue;
        const edge = up.getBoundingClientRect();
        const cut = { x: rect.left < edge.left - kSlackPx || rect.right > edge.right + kSlackPx, y: rect.top < edge.top - kSlackPx || rect.bottom > edge.bottom + kSlackPx };
        if ((cut.x && !clips.x) || (cut.y && !clips.y)) found.push(`${name(node)} is cut off by ${name(up)}.${up.className}`);
        rect.left = Math.max(rect.left, edge.left);
        rect.right = Math.min(rect.right, edge.right);
        rect.top = Math.max(rect.top, edge.top);
        rect.bottom = Math.min(rect.bottom, edge.bottom);
      }
      if (rect.right - rect.left < kSlackPx || rect.bottom - rect.top < kSlackPx) continue; // scrolled away
      const below = wholePage.scrollHeight - wholePage.scrollTop;
      if (rect.left < -kSlackPx || rect.right > wholePage.clientWidth + kSlackPx) found.push(`${name(node)} sticks out sideways`);
      if (rect.top + wholePage.scrollTop < -kSlackPx || rect.bottom > below + kSlackPx) found.push(`${name(node)} sticks out below`);
      seen.push({ node, rect });
    }
    for (const [index, { node, rect }] of seen.entries()) {
      for (const other of seen.slice(index + 1)) {
        if (node.contains(other.node) || other.node.contains(node)) continue;
        const across = Math.min(rect.right, other.rect.right) - Math.max(rect.left, other.rect.left);
        const down = Math.min(rect.bottom, other.rect.bottom) - Math.max(rect.top, other.rect.top);
        if (across > kSlackPx && down > kSlackPx) found.push(`${name(node)} and ${name(other.node)} overlap`);
      }
    }
    for (let up = part; mustBeWhole && up; up = up.parentElement) {
      const more = up.scrollHeight - up.clientHeight;
      if (more > kSlackPx && (up === part || scrolls(up).hides)) found.push(`${name(up).slice(0, 30)}.${up.className} is ${more} px too high`);
    }
    return { found, count: seen.length };
  }, whole);
  expect(wrong.count, 'controls that were looked at').toBeGreaterThan(4);
  expect(wrong.found).toEqual([]);
}
