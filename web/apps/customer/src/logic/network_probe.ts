// Asks the server's network check: small questions and bodies of bytes, with a limit of time each.
import { NoAnswer, Refused, type NetworkProbe } from './network_check';

const kPath = '/api/v1/customer/network-check';
/** Whoever waits longer for a small answer cannot hold a call. */
const kPingTimeoutMs = 3_000;
const kSendTimeoutMs = 8_000;

export function networkProbe(token: string, fetchWith: typeof fetch = fetch): NetworkProbe {
  async function ask(path: string, init: RequestInit, timeoutMs: number, signal: AbortSignal): Promise<void> {
    const limit = new AbortController();
    const stop = () => limit.abort();
    const timer = setTimeout(stop, timeoutMs);
    signal.addEventListener('abort', stop);
    try {
      const response = await fetchWith(path, {
        ...init,
        headers: { authorization: `Bearer ${token}`, ...init.headers },
        cache: 'no-store',
        credentials: 'omit',
        signal: limit.signal,
      });
      await response.arrayBuffer();
      if (!response.ok) throw new Refused(`${response.status}`);
    } catch (error) {
      if (error instanceof Refused) throw error;
      throw new NoAnswer();
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', stop);
    }
  }

  return {
    ping: (signal) => ask(`${kPath}?bytes=0`, { method: 'GET' }, kPingTimeoutMs, signal),
    send(bytes, signal) {
      const body = noise(bytes);
      const headers = { 'content-type': 'application/octet-stream' };
      return ask(kPath, { method: 'POST', headers, body }, kSendTimeoutMs, signal);
    },
  };
}

/** At most so many bytes are given at once by the browser's generator. */
const kRandomPiece = 65_536;

/** Bytes that nothing on the way can make smaller. */
function noise(bytes: number): ArrayBuffer {
  const all = new Uint8Array(bytes);
  for (let at = 0; at < bytes; at += kRandomPiece) crypto.getRandomValues(all.subarray(at, at + kRandomPiece));
  return all.buffer;
}
