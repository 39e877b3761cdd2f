// What axe-core finds on a page, by the success criteria of WCAG 2.2 level AA.
import { createRequire } from 'node:module';
import fs from 'node:fs';
import { expect } from '@playwright/test';

const kAxe = fs.readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const kCriteria = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

/** Lines such as `color-contrast (serious): .hint — Element has insufficient colour contrast of 3.9…`. */
export async function barriers(page) {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(kAxe);
  await settled(page);
  const violations = await page.evaluate(async (criteria) => (await window.axe.run(document, { runOnly: { type: 'tag', values: criteria }, resultTypes: ['violations'] })).violations, kCriteria);
  return violations.flatMap(({ id, impact, nodes }) => nodes.map((node) => `${id} (${impact}): ${node.target.join(' ')} — ${node.failureSummary.split('\n').slice(1).join(' ').trim()}`));
}

/** What changes its colour, or fades in, has less contrast until it is there. */
async function settled(page) {
  await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
  await page.waitForFunction(() => document.getAnimations().every((each) => each.playState !== 'running' || each.effect.getComputedTiming().iterations === Infinity));
}

/** Nobody is kept out of this page as it stands, in the light and in the dark. */
export async function isAccessible(page) {
  for (const colorScheme of ['dark', 'light']) {
    await page.emulateMedia({ colorScheme });
    await page.waitForFunction((dark) => document.documentElement.classList.contains('dark') === dark, colorScheme === 'dark');
    expect.soft(await barriers(page), colorScheme).toEqual([]);
  }
}
