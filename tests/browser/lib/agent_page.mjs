// The agent's way through the workbench.
import fs from 'node:fs';
import path from 'node:path';
import { join, kDesktop, launch } from './browser.mjs';
import { kRoot } from './server.mjs';

const kStepTimeoutMs = 30_000;

export class AgentPage {
  /** A browser process of its own, unless `shared` gives one. */
  static async open({ locale = 'zh-CN', screen = kDesktop, shared = null } = {}) {
    const own = shared ?? (await launch());
    const { context, process } = await join(own, { ...screen, locale, timezoneId: 'Asia/Shanghai', ignoreHTTPSErrors: true, permissions: ['camera', 'microphone', 'notifications'] });
    await context.addInitScript({ content: fs.readFileSync(path.join(kRoot, 'tests/browser/lib/agent_source.js'), 'utf8') });
    return new AgentPage(shared ? process : own, context, await context.newPage());
  }

  constructor(process, context, page) {
    this.process = process;
    this.context = context;
    this.page = page;
    page.setDefaultTimeout(kStepTimeoutMs);
  }

  button(id) {
    return this.page.getByTestId(id);
  }

  async signIn(origin, account, { name, password }) {
    await this.page.goto(`${origin}/workbench/`);
    await this.fill('sign-in-account', account);
    await this.fill('sign-in-name', name);
    await this.fill('sign-in-password', password);
    await this.button('sign-in-submit').click();
  }

  /** The test id may be on the field or on the component around it. */
  async fill(id, text) {
    const element = this.button(id);
    await element.waitFor();
    const isField = await element.evaluate((node) => node.matches('input, textarea'));
    await (isField ? element : element.locator('input, textarea').first()).fill(text);
  }

  async goOnline() {
    await this.button('presence-online').click();
  }

  async answer() {
    await this.button('ring-answer').click();
    await this.button('call-stage').waitFor();
  }

  /** Resolves with the time from the click on "answer" to the first frame of the customer that was shown. */
  async answerToFirstFrameMs() {
    const handle = await this.page
      .waitForFunction(() => document.documentElement.dataset.answerToFirstFrameMs)
      .catch(async (error) => {
        throw new Error(`The agent saw no first frame: ${JSON.stringify(await this.page.evaluate(pictureNow))}`, { cause: error });
      });
    return Math.round(Number(await handle.jsonValue()));
  }

  /** Resolves when the customer's picture has this width. */
  async seesWidth(width) {
    await this.page.waitForFunction(
      (wanted) => document.querySelector('[data-testid="customer-video"] video, video[data-testid="customer-video"]')?.videoWidth === wanted, width);
  }

  /** Clicks and resolves with the time of the click, once the photo is there. */
  async takePhoto() {
    const before = await this.button('photo-open').count();
    const clickedAt = await this.page.evaluate(() => {
      document.querySelector('[data-testid="take-photo"]').click();
      return Date.now();
    });
    await this.page.waitForFunction(
      (count) => document.querySelectorAll('[data-testid="photo-open"] img').length > count, before);
    return clickedAt;
  }

  async conclude(kind, reason) {
    await this.button(`outcome-${kind === 'needs_supplement' ? 'supplement' : kind}`).click();
    if (reason) await this.fill('outcome-reason', reason);
    await this.button('outcome-confirm').click();
  }

  async finishWrapUp() {
    await this.button('wrap-up-finish').click();
  }

  async kill() {
    await this.process.kill();
  }

  async close() {
    await this.process.close().catch(() => {}); // killed before
  }
}

/** Runs in the page: what there is of the customer's picture, for the message of a test that failed. */
function pictureNow() {
  const stage = document.querySelector('[data-testid="call-stage"]');
  const video = document.querySelector('[data-testid="customer-video"] video, video[data-testid="customer-video"]');
  return {
    meter: window.__tw ?? null,
    dataset: { ...document.documentElement.dataset },
    visible: document.visibilityState,
    notice: stage?.dataset.notice ?? null,
    picture: stage?.dataset.picture ?? null,
    video: video && { ready: video.readyState, paused: video.paused, width: video.videoWidth, frames: video.getVideoPlaybackQuality().totalVideoFrames, tracks: video.srcObject?.getTracks().map((track) => [track.kind, track.readyState, track.muted]) },
    words: document.body.innerText.slice(0, 300),
  };
}
