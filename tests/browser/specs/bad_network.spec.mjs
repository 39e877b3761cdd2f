// Two real browsers on a bad network: what passes, what is recorded, and how soon the picture is back.
import { expect, test } from '@playwright/test';
import { NetworkCall, picturesBetween, soundMissing } from '../lib/network_call.mjs';

/** `make chaos` lets the call at 20 % live for ten minutes. */
const kLongMs = Number(process.env.CHAOS_LONG_S ?? 15) * 1000;
const kWindowMs = 12_000;
const kSettleMs = 4_000; // reports of the new loss arrive, buffers grow
const kDelayMs = 10;

const kRebindMs = 4_000;
const kNetworkChangeMs = 2_000;
const kRoundTripMs = 100;

/** Shares of pictures and of concealed sound that are promised at each loss. */
const kPromises = [
  { loss: 0.05, pictures: 0.95, concealed: 0.01 },
  { loss: 0.1, pictures: 0.9, concealed: 0.05 },
];

test.describe('on a bad network', { tag: '@network' }, () => {
  let call;
  test.beforeEach(async () => {
    call = await NetworkCall.open({ seed: 7 });
  });
  test.afterEach(async () => {
    await call?.close();
    call = undefined;
  });

  for (const { loss, pictures, concealed } of kPromises) {
    test(`${loss * 100} % of all packets are lost, both ways, on both sides`, async () => {
      test.setTimeout(420_000);
      await call.relay.set({ loss, delay_ms: kDelayMs });
      await new Promise((resolve) => setTimeout(resolve, kSettleMs));
      const seen = await call.watch(kWindowMs);
      const counters = await call.relay.stats();
      await call.relay.clear();
      const { file } = await call.recorded();
      const recorded = (await picturesBetween(file, seen.from, seen.to)) / seen.framesSent;
      const missing = await soundMissing(file);
      console.log(JSON.stringify({ loss, ...seen, recorded, missing, relay: counters }));
      expect(counters.up.lost / counters.up.received).toBeGreaterThan(loss / 3); // of the whole call, its good part included
      expect(seen.decodedShare).toBeGreaterThanOrEqual(pictures);
      expect(seen.concealedAtAgent).toBeLessThanOrEqual(concealed);
      expect(seen.concealedAtCustomer).toBeLessThanOrEqual(concealed);
      expect(recorded).toBeGreaterThanOrEqual(pictures);
      expect(missing).toBeLessThanOrEqual(concealed);
    });
  }

  test('a fifth of all packets is lost: the call lives', async () => {
    test.setTimeout(kLongMs + 180_000);
    await call.relay.set({ loss: 0.2, delay_ms: kDelayMs });
    const seen = await call.watch(kLongMs);
    console.log(JSON.stringify(seen));
    expect(seen.framesDecoded).toBeGreaterThan(0);
    expect((await call.stage.integrator.call('GET', `/interviews/${call.interviewId}`)).status).toBe('talking');
    const after = await call.watch(2_000);
    expect(after.framesDecoded).toBeGreaterThan(0);
  });

  test('a NAT gives everybody new ports: the picture is back within four seconds', async () => {
    const freeze = await call.longestFreezeMs(() => call.relay.rebind(), kRebindMs + 3_000);
    console.log(`rebind: ${freeze} ms without a new picture`);
    expect(freeze).toBeLessThanOrEqual(kRebindMs);
  });

  test('another network at a round trip of 100 ms: the picture is back within two seconds', async () => {
    await call.relay.set({ delay_ms: kRoundTripMs / 2 });
    await new Promise((resolve) => setTimeout(resolve, kSettleMs));
    const freeze = await call.longestFreezeMs(async () => {
      // Nothing comes through from the old network any more; the browser says that it has another one.
      for (const { flow } of await call.relay.flows()) await call.relay.blackout(60_000, { flow });
      await Promise.all([call.customer, call.agent].map((person) => person.page.evaluate(() => window.dispatchEvent(new Event('online')))));
    }, kNetworkChangeMs + 3_000);
    console.log(`network change: ${freeze} ms without a new picture`);
    expect(freeze).toBeLessThanOrEqual(kNetworkChangeMs);
  });
});
