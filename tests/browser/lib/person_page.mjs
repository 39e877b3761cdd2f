// Somebody with a colour and a tone of their own in a real browser: third parties, other agents, supervisors.
import fs from 'node:fs';
import path from 'node:path';
import { AgentPage } from './agent_page.mjs';
import { join, kDesktop, launch } from './browser.mjs';
import { kRoot } from './server.mjs';

const source = () => fs.readFileSync(path.join(kRoot, 'tests/browser/lib/person_source.js'), 'utf8');

export class PersonPage extends AgentPage {
  static async open({ person, locale = 'zh-CN', screen = kDesktop, shared = null } = {}) {
    const own = shared ?? (await launch());
    const { context, process } = await join(own, { ...screen, locale, timezoneId: 'Asia/Shanghai', ignoreHTTPSErrors: true, permissions: ['camera', 'microphone', 'geolocation'], geolocation: { latitude: 31.2304, longitude: 121.4737, accuracy: 20 } });
    await context.addInitScript({ content: `window.__person = ${JSON.stringify(person ?? {})};\n${source()}` });
    return new PersonPage(shared ? process : own, context, await context.newPage());
  }

  /** By an invitation's link into the call. */
  async joinAsGuest(link) {
    await this.page.goto(link);
    await this.button('consent-accept').click();
    await this.button('device-continue').click();
    await this.button('call-screen').waitFor();
  }

  /** By a customer's link to the queue. */
  async queue(link) {
    await this.page.goto(link);
    await this.button('consent-accept').click();
    await this.button('device-continue').click();
    await this.button('place-allow').click();
  }

  /** The page's peer connections that are not closed: each with its number in the page, its state and the ICE credentials of both ends. */
  async peers() {
    return this.page.evaluate(() => {
      const name = (description) => /a=ice-ufrag:(\S+)/.exec(description?.sdp ?? '')?.[1];
      return window.__peers
        .map((peer, number) => ({ number, state: peer.connectionState, local: name(peer.localDescription), remote: name(peer.remoteDescription) }))
        .filter((peer) => peer.state !== 'closed');
    });
  }

  /** Frames that this page has sent. */
  async framesSent() {
    return this.page.evaluate(async () => {
      let sent = 0;
      for (const peer of window.__peers)
        for (const stat of (await peer.getStats()).values()) if (stat.type === 'outbound-rtp' && stat.kind === 'video') sent += stat.framesSent ?? 0;
      return sent;
    });
  }
}
