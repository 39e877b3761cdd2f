// The customer's way through their page, by the buttons a person sees.
import fs from 'node:fs';
import path from 'node:path';
import { join, kPhone, launch } from './browser.mjs';
import { kRoot } from './server.mjs';

const kStepTimeoutMs = 30_000;
/** People's Square, Shanghai. */
const kPlace = { latitude: 31.2304, longitude: 121.4737, accuracy: 20 };

const source = (name) => fs.readFileSync(path.join(kRoot, 'tests/browser/lib', name), 'utf8');

export class CustomerPage {
  /**
   * A browser process of its own, so that it can be killed alone, unless `shared` gives one. `screen` is a Playwright
   * context's size. Without `drawn` the page has the browser's own devices instead of the drawn picture.
   */
  static async open({ locale = 'zh-CN', screen = kPhone, place = kPlace, permissions = ['geolocation', 'camera', 'microphone'], shared = null, drawn = true } = {}) {
    const own = shared ?? (await launch());
    const { context, process } = await join(own, { ...screen, locale, timezoneId: 'Asia/Shanghai', ignoreHTTPSErrors: true, permissions, ...(place ? { geolocation: place } : {}) });
    if (drawn) await context.addInitScript({ content: source('customer_source.js') });
    return new CustomerPage(shared ? process : own, context, await context.newPage());
  }

  constructor(process, context, page) {
    this.process = process;
    this.context = context;
    this.page = page;
    page.setDefaultTimeout(kStepTimeoutMs);
  }

  async enter(link) {
    await this.page.goto(link);
  }

  button(id) {
    return this.page.getByTestId(id);
  }

  async consent() {
    await this.button('consent-accept').click();
  }

  async checkDevices() {
    await this.button('device-continue').click();
  }

  async givePlace() {
    await this.button('place-allow').click();
  }

  /** From the link to the queue. */
  async queue(link) {
    await this.enter(link);
    await this.consent();
    await this.checkDevices();
    await this.givePlace();
  }

  async inCall(timeoutMs = kStepTimeoutMs) {
    await this.button('call-screen').waitFor({ timeout: timeoutMs }).catch(async (error) => {
      const words = await this.page.locator('body').innerText();
      throw new Error(`the customer is in no call; the page at ${this.page.url().replace(/#.*/, '')} says: ${words.slice(0, 600)}`, { cause: error });
    });
  }

  async ended(timeoutMs = kStepTimeoutMs) {
    await this.button('end-page').waitFor({ timeout: timeoutMs });
  }

  /** Records what the page sends, at its source; resolves with the bytes of a WebM. */
  async recordSource(milliseconds) {
    return Buffer.from(await this.page.evaluate((ms) => window.__recordSource(ms), milliseconds), 'base64');
  }

  /** Ends what this page still has open, so that nobody of one test waits in another. */
  async leave() {
    await this.page.evaluate(async () => {
      const { token } = JSON.parse(sessionStorage.getItem('telewitness.customer') ?? '{}');
      if (token) await fetch('/api/v1/customer/leave', { method: 'POST', headers: { authorization: `Bearer ${token}` } });
    }).catch(() => {}); // gone, or elsewhere
  }

  async kill() {
    await this.process.kill();
  }

  async close() {
    await this.process.close().catch(() => {}); // killed before
  }
}
