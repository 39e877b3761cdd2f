// What the browser measures of the own stream, for the other side's page and the server's record.

export interface Quality {
  roundTripMs: number;
  lossPercent: number;
  bitrateBps: number;
}

interface SentBefore {
  atMs: number;
  bytes: number;
}

type Stat = Record<string, unknown> & { type: string; kind?: string };

const number = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isFinite(value) ? value : undefined;

/** Turns successive getStats reports of a publisher into quality; the first one gives no bit rate yet. */
export class QualityMeter {
  #before: SentBefore | undefined;

  measure(report: Iterable<[string, unknown]>, nowMs: number): Quality | undefined {
    const stats = [...report].map(([, value]) => value as Stat);
    const bytes = stats
      .filter((stat) => stat.type === 'outbound-rtp')
      .reduce((sum, stat) => sum + (number(stat['bytesSent']) ?? 0), 0);
    const remote = stats.filter((stat) => stat.type === 'remote-inbound-rtp');
    const pair = stats.find(
      (stat) => stat.type === 'candidate-pair' && stat['nominated'] === true && stat['state'] === 'succeeded',
    );
    const before = this.#before;
    this.#before = { atMs: nowMs, bytes };
    // A new session counts its bytes from zero.
    if (!before || nowMs <= before.atMs || bytes < before.bytes) return undefined;
    const roundTrip =
      number(pair?.['currentRoundTripTime']) ??
      Math.max(0, ...remote.map((stat) => number(stat['roundTripTime']) ?? 0));
    const loss = Math.max(0, ...remote.map((stat) => number(stat['fractionLost']) ?? 0));
    return {
      roundTripMs: Math.round(roundTrip * 1000),
      lossPercent: Math.round(Math.min(1, loss) * 1000) / 10,
      bitrateBps: Math.round(((bytes - before.bytes) * 8 * 1000) / (nowMs - before.atMs)),
    };
  }
}
