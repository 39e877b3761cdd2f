import { describe, expect, it } from 'vitest';
import { measureNetwork, NoAnswer, Refused, verdictOf, type Measured, type NetworkProbe } from './network_check';

/** A network on a clock of its own: what a ping takes, by its number, and how many bits a second go up. */
function network(pingMs: (n: number) => number | undefined, upBps: number | undefined) {
  let now = 0;
  let pings = 0;
  const sent: number[] = [];
  const probe: NetworkProbe = {
    async ping() {
      const ms = pingMs(pings);
      pings += 1;
      now += ms ?? 3_000;
      if (ms === undefined) throw new NoAnswer();
    },
    async send(bytes) {
      sent.push(bytes);
      if (upBps === undefined) throw new NoAnswer();
      now += (pingMs(0) ?? 0) + (bytes * 8 * 1000) / upBps;
    },
  };
  const measure = (signal = new AbortController().signal) => measureNetwork(probe, signal, () => now);
  return { probe, measure, sent, count: () => pings, took: () => now };
}

describe('measuring', () => {
  it('a good network takes moments, and what was measured is what it is', async () => {
    const good = network(() => 30, 8_000_000);
    const measured = await good.measure();
    expect(measured.roundTripMs).toBe(30);
    expect(measured.lossPercent).toBe(0);
    expect(measured.upBps).toBeCloseTo(8_000_000, -3);
    expect(Math.max(...good.sent)).toBeLessThanOrEqual(256 * 1024);
    expect(good.took()).toBeLessThan(2_000);
  });

  it('a slow one is asked less, and not asked to send more than it can', async () => {
    const slow = network(() => 600, 200_000);
    const measured = await slow.measure();
    expect(measured.roundTripMs).toBe(600);
    expect(measured.upBps).toBeCloseTo(200_000, -3);
    expect(slow.sent).toEqual([32 * 1024]);
    expect(slow.count()).toBe(7);
    expect(slow.took()).toBeLessThan(9_000);
  });

  it('late answers are losses, and the first one, which also makes the connection, is not counted', async () => {
    const lossy = network((n) => (n === 0 ? 900 : n % 8 === 0 ? 260 : 40), 8_000_000);
    const measured = await lossy.measure();
    expect(measured.roundTripMs).toBe(40);
    expect(measured.lossPercent).toBeCloseTo(6.5, 0); // 3 of 24 are late: a share of 0.065 each way
  });

  it('a network that brings nothing', async () => {
    expect(await network(() => undefined, undefined).measure()).toEqual({
      roundTripMs: undefined,
      lossPercent: 100,
      upBps: undefined,
    });
  });

  it('one that answers but cannot send', async () => {
    expect((await network(() => 30, undefined).measure()).upBps).toBeUndefined();
  });

  it('a server that refuses is no bad network', async () => {
    const { probe } = network(() => 30, 1);
    probe.ping = () => Promise.reject(new Refused());
    await expect(measureNetwork(probe, new AbortController().signal)).rejects.toBeInstanceOf(Refused);
  });

  it('ends when the page is left', async () => {
    const { probe } = network(() => 30, 1);
    const left = new AbortController();
    probe.ping = () => Promise.reject(new NoAnswer());
    left.abort();
    await expect(measureNetwork(probe, left.signal)).rejects.toBeInstanceOf(NoAnswer);
  });
});

describe('the verdict', () => {
  const good: Measured = { roundTripMs: 40, lossPercent: 0, upBps: 5_000_000 };
  it.each<[Partial<Measured>, string, string[]]>([
    [{}, 'good', []],
    [{ roundTripMs: 200, lossPercent: 3, upBps: 1_200_000 }, 'good', []],
    [{ roundTripMs: 201 }, 'fair', ['distance']],
    [{ roundTripMs: 401 }, 'poor', ['distance']],
    [{ lossPercent: 4 }, 'fair', ['loss']],
    [{ lossPercent: 7 }, 'poor', ['loss']],
    [{ upBps: 1_199_999 }, 'fair', ['up']],
    [{ upBps: 399_999 }, 'poor', ['up']],
    [{ upBps: undefined }, 'poor', ['up']],
    [{ roundTripMs: 300, upBps: 100_000, lossPercent: 4 }, 'poor', ['up', 'loss', 'distance']],
    [{ roundTripMs: undefined, lossPercent: 100, upBps: undefined }, 'none', []],
  ])('on %j is %s', (changes, level, causes) => expect(verdictOf({ ...good, ...changes })).toEqual({ level, causes }));
});
