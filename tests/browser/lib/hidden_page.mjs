// Somebody whose page can really lie behind another tab. Playwright keeps its pages in front for ever (it emulates
// focus), so this one is driven by Puppeteer, without the switches that spare hidden pages.
import puppeteer from 'puppeteer-core';
import { kArguments, kExecutable } from './browser.mjs';

const kSparing = ['--disable-background-timer-throttling', '--disable-backgrounding-occluded-windows', '--disable-renderer-backgrounding'];
const kStepTimeoutMs = 30_000;

export class HiddenPage {
  /** With the browser's own camera and microphone: a drawn picture would stand still behind another tab. */
  static async open(origin, permissions = ['geolocation', 'camera', 'microphone']) {
    const browser = await puppeteer.launch({
      executablePath: kExecutable,
      headless: true,
      args: kArguments,
      ignoreDefaultArgs: kSparing,
      acceptInsecureCerts: true,
    });
    await browser.defaultBrowserContext().overridePermissions(origin, permissions);
    const page = await browser.newPage();
    page.setDefaultTimeout(kStepTimeoutMs);
    await page.setGeolocation({ latitude: 31.2304, longitude: 121.4737, accuracy: 20 });
    return new HiddenPage(browser, page);
  }

  constructor(browser, page) {
    this.browser = browser;
    this.page = page;
  }

  async click(testId) {
    await this.page.locator(`[data-testid="${testId}"]`).click();
  }

  async queue(link) {
    await this.page.goto(link);
    for (const step of ['consent-accept', 'device-continue', 'place-allow']) await this.click(step);
  }

  inCall() {
    return this.page.waitForSelector('[data-testid="call-screen"]');
  }

  /** Another tab comes to the front. */
  async goBehind() {
    const front = await this.browser.newPage();
    await front.goto('about:blank');
    await front.bringToFront();
  }

  async comeBack() {
    await this.page.bringToFront();
  }

  visibility() {
    return this.page.evaluate(() => document.visibilityState);
  }

  async close() {
    await this.browser.close();
  }
}
