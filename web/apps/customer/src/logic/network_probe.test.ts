import { afterEach, describe, expect, it, vi } from 'vitest';
import { NoAnswer, Refused } from './network_check';
import { networkProbe } from './network_probe';

const asked = vi.fn<typeof fetch>();
const probe = networkProbe('twc_1', asked);
const open = new AbortController().signal;

afterEach(() => {
  asked.mockReset();
  vi.useRealTimers();
});

describe('the probe', () => {
  it('asks as the customer, past every cache', async () => {
    asked.mockResolvedValue(new Response(''));
    await probe.ping(open);
    expect(asked.mock.calls[0]![0]).toBe('/api/v1/customer/network-check?bytes=0');
    expect(asked.mock.calls[0]![1]).toMatchObject({
      method: 'GET',
      cache: 'no-store',
      credentials: 'omit',
      headers: { authorization: 'Bearer twc_1' },
    });
  });

  it('sends bytes that nothing on the way makes smaller', async () => {
    asked.mockResolvedValue(new Response('{"bytes":200000}'));
    await probe.send(200_000, open);
    const body = new Uint8Array(asked.mock.calls[0]![1]!.body as ArrayBuffer);
    expect(body).toHaveLength(200_000);
    expect(new Set(body.slice(-1_000)).size).toBeGreaterThan(200);
  });

  it('tells a server that refuses from a network that does not answer', async () => {
    asked.mockResolvedValueOnce(new Response('{}', { status: 429 }));
    await expect(probe.ping(open)).rejects.toBeInstanceOf(Refused);
    asked.mockRejectedValueOnce(new TypeError('Failed to fetch'));
    await expect(probe.ping(open)).rejects.toBeInstanceOf(NoAnswer);
  });

  it('waits no longer than a call could', async () => {
    vi.useFakeTimers();
    asked.mockImplementation(
      (_path, init) => new Promise((_, no) => init!.signal!.addEventListener('abort', () => no(new Error('aborted')))),
    );
    const waiting = expect(probe.ping(open)).rejects.toBeInstanceOf(NoAnswer);
    await vi.advanceTimersByTimeAsync(3_000);
    await waiting;
  });
});
