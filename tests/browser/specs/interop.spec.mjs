// Foreign clients publish and play by plain WHIP and WHEP, none of them with our SDK: a call between Chromium (the
// agent's side) and each of them, at least ten seconds of decoded frames each way, sound included.
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { talkWithoutPages } from '../lib/interop/actors.mjs';
import { AiortcPeer } from '../lib/interop/aiortc_peer.mjs';
import { chromiumPeer, firefoxPeer } from '../lib/interop/browser_peers.mjs';
import { kFramesPerSecond, summaryOf } from '../lib/interop/counter.mjs';
import { WrtcPeer } from '../lib/interop/wrtc_peer.mjs';
import { Stage } from '../lib/stage.mjs';
import { waitUntil } from '../lib/server.mjs';

const kSeconds = 10;
/** Decoded frames of the seconds watched; a machine that encodes and decodes several streams shows some late. */
const kLeastFrames = kSeconds * 12;
const kPatienceMs = 60_000;
/** Silence has none; Firefox's fake microphone, the quietest here, hums 0.0001 a second. */
const kLeastSoundEnergy = 0.00005 * kSeconds;

const kPeers = {
  chromium: (stage) => chromiumPeer(stage.server.origin),
  firefox: (stage) => firefoxPeer(stage.server.origin),
  wrtc: () => new WrtcPeer(),
  aiortc: (stage) => new AiortcPeer(path.join(stage.server.dataDir, 'tls', 'authority.pem')),
};
/** Debian's Firefox and the npm package carry no H264. */
const kPairs = [['chromium', 'VP8'], ['firefox', 'VP8'], ['wrtc', 'VP8'], ['aiortc', 'VP8'], ['chromium', 'H264'], ['aiortc', 'H264']];

async function expectMovingPicture(peer, who) {
  await waitUntil(async () => {
    const { counters, soundEnergy } = await peer.seen();
    const summary = summaryOf(counters);
    return summary.advanced >= kSeconds * kFramesPerSecond && summary.frames >= kLeastFrames && soundEnergy >= kLeastSoundEnergy;
  }, kPatienceMs, `${who} to see ten seconds`).catch(async (error) => {
    const { counters, soundEnergy } = await peer.seen();
    throw new Error(`${error.message}: ${JSON.stringify({ ...summaryOf(counters), soundEnergy })}`);
  });
  const summary = summaryOf((await peer.seen()).counters);
  expect(summary.backwards, `${who} sees time go back`).toBe(0);
  expect(summary.distinct, `${who} sees frames of different counters`).toBeGreaterThanOrEqual(kLeastFrames);
  return summary;
}

for (const codec of ['VP8', 'H264']) {
  test.describe(codec, () => {
    let stage;
    test.beforeAll(async () => {
      // On every address of the machine: Firefox leaves loopback out of its candidates where there is another interface.
      stage = await Stage.open({ media: { video_codec: codec, addresses: ['0.0.0.0'] } });
    });
    test.afterAll(() => stage?.close());

    for (const [name] of kPairs.filter((pair) => pair[1] === codec)) {
      test(`${name} talks with Chromium in ${codec}`, async () => {
        const talk = await talkWithoutPages(stage);
        const sides = { agent: await chromiumPeer(stage.server.origin), customer: await kPeers[name](stage) };
        const at = (side, url) => ({ url: new URL(talk[side][url], stage.server.origin).href, token: talk[side].token, codec });
        try {
          for (const side of ['agent', 'customer']) expect(await sides[side].supports(codec), `${side} has ${codec}`).toBe(true);
          for (const side of ['agent', 'customer']) await sides[side].publish(at(side, 'publishUrl'));
          for (const side of ['agent', 'customer']) await sides[side].watch(at(side, 'watchUrl'));
          for (const side of ['agent', 'customer']) {
            const seen = await expectMovingPicture(sides[side], side === 'agent' ? `Chromium, watching ${name},` : name);
            test.info().annotations.push({ type: `${side} saw`, description: JSON.stringify(seen) });
          }
        } finally {
          const closed = await Promise.allSettled(['agent', 'customer'].map((side) => sides[side].close(talk[side].token)));
          await talk.end();
          for (const result of closed) expect(result.status, String(result.reason)).toBe('fulfilled');
        }
      });
    }
  });
}
