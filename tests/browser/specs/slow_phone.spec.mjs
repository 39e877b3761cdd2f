// The customer's first page on a slow phone: how much it loads, how soon it can be used, and what Lighthouse says of it.
import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import lighthouse from 'lighthouse';
import puppeteer from 'puppeteer-core';
import { kArguments, kExecutable, launch } from '../lib/browser.mjs';
import { CustomerPage } from '../lib/customer_page.mjs';
import { kRoot } from '../lib/server.mjs';
import { kSlowPhone, throttle, watchUsable } from '../lib/slow_phone.mjs';
import { Stage } from '../lib/stage.mjs';
import { createInterview } from '../lib/whole_interview.mjs';

const kMostBytes = 150 * 1024;
const kMostUsableMs = 2_000;
const kLeastScore = 0.9;
/** The figures are of a phone that does nothing else: what the machine does besides costs some of the tries. */
const kTries = 3;
const kOut = path.join(kRoot, 'test-output/slow_phone');

let stage;

test.beforeAll(async () => {
  fs.mkdirSync(kOut, { recursive: true });
  stage = await Stage.open();
});
test.afterAll(() => stage?.close());

const link = async () => (await createInterview(stage.integrator)).customerLink.url;

/** Runs it until it is good enough, at most `kTries` times; the best result. */
async function best(run, isBetter, isGood) {
  let found;
  for (let attempt = 1; attempt <= kTries; attempt += 1) {
    const result = await run(attempt);
    if (found === undefined || isBetter(result, found)) found = result;
    if (isGood(found)) break;
  }
  return found;
}

async function firstLoad() {
  const shared = await launch();
  const customer = await CustomerPage.open({ shared, drawn: false });
  try {
    const loaded = await throttle(customer.page);
    const usable = await watchUsable(customer.page, '[data-testid="consent-accept"]');
    await customer.enter(await link());
    const usableMs = await usable();
    return { usableMs, loads: loaded() };
  } finally {
    await customer.close();
    await shared.close();
  }
}

test('loads at most 150 KiB before the call and can be used within two seconds', async () => {
  const result = await best(firstLoad, (one, other) => one.usableMs < other.usableMs, ({ usableMs }) => usableMs <= kMostUsableMs);
  const bytes = result.loads.reduce((sum, load) => sum + load.bytes, 0);
  console.log(`first load: ${(bytes / 1024).toFixed(1)} KiB in ${result.loads.length} requests, usable after ${Math.round(result.usableMs)} ms`);
  expect(result.loads.length).toBeGreaterThan(2);
  // The code of the call comes while the customer reads and waits.
  expect(result.loads.filter(({ url }) => /\/media-[^/]+\.js/.test(url))).toEqual([]);
  expect(bytes).toBeLessThanOrEqual(kMostBytes);
  expect(result.usableMs).toBeLessThanOrEqual(kMostUsableMs);
});

async function lighthouseOf(url, name) {
  const browser = await puppeteer.launch({ executablePath: kExecutable, headless: true, args: [...kArguments, '--ignore-certificate-errors'] });
  try {
    const { lhr, report } = await lighthouse(url, {
      port: Number(new URL(browser.wsEndpoint()).port),
      output: 'html',
      logLevel: 'error',
      onlyCategories: ['performance', 'accessibility'],
      formFactor: 'mobile',
      throttlingMethod: 'devtools',
      throttling: {
        requestLatencyMs: kSlowPhone.roundTripMs,
        downloadThroughputKbps: kSlowPhone.downBps / 1000,
        uploadThroughputKbps: kSlowPhone.upBps / 1000,
        cpuSlowdownMultiplier: kSlowPhone.cpuSlowdown,
      },
    });
    fs.writeFileSync(path.join(kOut, `${name}.html`), report);
    return lhr;
  } finally {
    await browser.close();
  }
}

test('Lighthouse gives it 90 and more for performance and for accessibility', async () => {
  const { performance, accessibility } = await best(
    async (attempt) => (await lighthouseOf(await link(), `lighthouse-${attempt}`)).categories,
    (one, other) => one.performance.score > other.performance.score,
    (one) => one.performance.score >= kLeastScore,
  );
  console.log(`Lighthouse: performance ${performance.score}, accessibility ${accessibility.score}`);
  expect(performance.score).toBeGreaterThanOrEqual(kLeastScore);
  expect(accessibility.score).toBeGreaterThanOrEqual(kLeastScore);
});
