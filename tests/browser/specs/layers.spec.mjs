// A camera in two sizes: who has little room gets the small picture, and what is recorded stays the large one.
import { expect, test } from '@playwright/test';
import { NetworkCall, picturesBetween, sizesIn } from '../lib/network_call.mjs';

/** Room for the small picture and sound, far too little for the large one. */
const kNarrowKbps = 500;
const kNarrowQueueMs = 300;
const kLargeWidth = 1280;
const kSmallWidth = 320;
const kLayerPatienceMs = 40_000;
const kWindowMs = 6_000;

let call;
test.beforeEach(async () => {
  call = await NetworkCall.open({ seed: 7 });
});
test.afterEach(async () => {
  await call?.close();
  call = undefined;
});

test('a viewer behind a narrow link gets the small picture, the recording keeps the large one', { tag: '@network' }, async () => {
  test.setTimeout(300_000);
  await call.agentSees(kLargeWidth, kLayerPatienceMs);
  const ufrag = await call.receivingUfrag(call.agent);
  await call.relay.set({ rate_kbps: kNarrowKbps, queue_ms: kNarrowQueueMs, direction: 'down', ufrag });
  await call.agentSees(kSmallWidth, kLayerPatienceMs);
  await call.agentHasSettled(kLayerPatienceMs);
  const seen = await call.watch(kWindowMs);
  await call.relay.clear();
  await call.agentSees(kLargeWidth, kLayerPatienceMs);
  const { file } = await call.recorded();
  const recorded = (await picturesBetween(file, seen.from, seen.to)) / seen.framesSent;
  const sizes = await sizesIn(file);
  console.log(JSON.stringify({ narrow: kNarrowKbps, ...seen, recorded, sizes }));
  expect(seen.width).toBe(kSmallWidth);
  expect(seen.decodedShare).toBeGreaterThanOrEqual(0.9);
  expect(seen.concealedAtAgent).toBeLessThanOrEqual(0.01);
  // A sender that is slow to begin sends the small picture first; once the large one is recorded it stays.
  expect(sizes.at(-1)).toBe('1280x720');
  expect(sizes.slice(0, -1).filter((size) => size !== '320x180')).toEqual([]);
  expect(sizes.length).toBeLessThanOrEqual(2);
  expect(recorded).toBeGreaterThanOrEqual(0.95);
});
