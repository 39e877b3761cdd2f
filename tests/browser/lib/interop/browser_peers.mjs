// Browsers as foreign clients: Debian's Chromium by Playwright, Debian's Firefox ESR by WebDriver BiDi.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import puppeteer from 'puppeteer-core';
import { join, launch } from '../browser.mjs';
import { peerInPage } from './page_peer.mjs';

export const kFirefox = process.env.FIREFOX ?? '/usr/bin/firefox-esr';

/** No traffic of its own, loopback candidates, sound without a gesture. */
const kFirefoxPreferences = {
  'media.peerconnection.ice.loopback': true,
  'media.peerconnection.ice.obfuscate_host_addresses': false,
  'media.navigator.streams.fake': true,
  'media.navigator.permission.disabled': true,
  'media.autoplay.default': 0,
  'media.autoplay.blocking_policy': 0,
  'media.gmp-manager.updateEnabled': false,
  'media.gmp-provider.enabled': false,
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
  'network.dns.disablePrefetch': true,
  'app.update.enabled': false,
  'app.normandy.enabled': false,
  'browser.safebrowsing.malware.enabled': false,
  'browser.safebrowsing.phishing.enabled': false,
  'browser.safebrowsing.downloads.remote.enabled': false,
  'datareporting.policy.dataSubmissionEnabled': false,
  'datareporting.healthreport.uploadEnabled': false,
  'toolkit.telemetry.server': '',
  'extensions.systemAddon.update.enabled': false,
  'extensions.update.enabled': false,
  'services.settings.server': 'data:,',
};

class PagePeer {
  constructor(page, close) {
    this.page = page;
    this.closeBrowser = close;
  }
  supports(codec) {
    return this.page.evaluate((wanted) => globalThis.interop.supports(wanted), codec);
  }
  publish(request) {
    return this.page.evaluate((wanted) => globalThis.interop.publish(wanted), request);
  }
  watch(request) {
    return this.page.evaluate((wanted) => globalThis.interop.watch(wanted), request);
  }
  seen() {
    return this.page.evaluate(() => globalThis.interop.seen());
  }
  paths() {
    return this.page.evaluate(() => globalThis.interop.paths());
  }
  relayCandidates(iceServers) {
    return this.page.evaluate((servers) => globalThis.interop.relayCandidates(servers), iceServers);
  }
  async close(token) {
    try {
      await this.page.evaluate((held) => globalThis.interop.close(held), token);
    } finally {
      await this.closeBrowser();
    }
  }
}

/** A page of the server itself, so that no other origin comes into it. */
const kPage = '/healthz';

export async function chromiumPeer(origin, args = []) {
  const browser = await launch({ args });
  const { context } = await join(browser, { ignoreHTTPSErrors: true });
  const page = await context.newPage();
  await page.goto(`${origin}${kPage}`);
  await page.evaluate(peerInPage);
  return new PagePeer(page, () => browser.close());
}

export async function firefoxPeer(origin) {
  const profile = fs.mkdtempSync(path.join(os.tmpdir(), 'telewitness-firefox-'));
  const browser = await puppeteer.launch({
    browser: 'firefox',
    executablePath: kFirefox,
    headless: true,
    acceptInsecureCerts: true,
    userDataDir: profile,
    extraPrefsFirefox: kFirefoxPreferences,
  });
  const page = await browser.newPage();
  await page.goto(`${origin}${kPage}`);
  await page.evaluate(() => {
    globalThis.interopFakeMicrophone = true;
  });
  await page.evaluate(peerInPage);
  return new PagePeer(page, async () => {
    await browser.close();
    fs.rmSync(profile, { recursive: true, force: true });
  });
}
