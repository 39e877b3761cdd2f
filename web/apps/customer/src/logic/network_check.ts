// How the network to the server is: round trip, loss and what can be sent, measured by small requests, and a verdict on it.

export interface NetworkProbe {
  /** One small question and its answer. Rejects with NoAnswer, or with Refused when the server does not want to be asked. */
  ping(signal: AbortSignal): Promise<void>;
  /** Sends so many bytes. */
  send(bytes: number, signal: AbortSignal): Promise<void>;
}
/** The network did not bring an answer in time. */
export class NoAnswer extends Error {}
/** The server answered, but does not measure now: too often, or the session is over. */
export class Refused extends Error {}

export interface Measured {
  /** Median; undefined when nothing was answered. */
  roundTripMs: number | undefined;
  lossPercent: number;
  /** Bits a second; undefined when sending did not succeed. */
  upBps: number | undefined;
}
export type Level = 'good' | 'fair' | 'poor' | 'none';
export type Cause = 'distance' | 'loss' | 'up';
export interface Verdict {
  level: Level;
  /** What is not good, worst first. */
  causes: Cause[];
}

/** Enough to see a loss of a few per cent, and over in a moment on any network that could carry a call. */
const kPings = 24;
const kLeastPings = 6;
const kPingBudgetMs = 3_000;
/** TCP waits at least 200 ms before it sends a lost segment again (RFC 6298 with Linux's floor): such an answer is late. */
const kLateByMs = 180;
const kLateFactor = 2.5;
const kFirstSendBytes = 32 * 1024;
/** The server takes no more at once. */
const kMostSendBytes = 256 * 1024;
/** Long enough that the window has grown. */
const kSendForMs = 1_000;

/** Takes five seconds at most on a network that answers. Rejects with Refused; with the signal's reason when aborted. */
export async function measureNetwork(
  probe: NetworkProbe,
  signal: AbortSignal,
  nowMs: () => number = () => performance.now(),
): Promise<Measured> {
  const timed = async (work: () => Promise<void>): Promise<number | undefined> => {
    const began = nowMs();
    try {
      await work();
      return nowMs() - began;
    } catch (error) {
      if (error instanceof NoAnswer && !signal.aborted) return undefined;
      throw error;
    }
  };
  // The first one also makes the connection.
  if ((await timed(() => probe.ping(signal))) === undefined && (await timed(() => probe.ping(signal))) === undefined) {
    return { roundTripMs: undefined, lossPercent: 100, upBps: undefined };
  }
  const times: (number | undefined)[] = [];
  const began = nowMs();
  while (times.length < kPings && (times.length < kLeastPings || nowMs() - began < kPingBudgetMs)) {
    times.push(await timed(() => probe.ping(signal)));
  }
  const roundTripMs = medianOf(times.filter((time) => time !== undefined));
  const upBps = await sendingSpeed((bytes) => timed(() => probe.send(bytes, signal)), roundTripMs ?? 0);
  return { roundTripMs, lossPercent: lossOf(times, roundTripMs), upBps };
}

function medianOf(values: readonly number[]): number | undefined {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
}

/**
 * A late answer is one whose question or answer was lost on the way: with a share p lost in each direction,
 * 1 - (1 - p)² of the answers are late.
 */
function lossOf(times: readonly (number | undefined)[], medianMs: number | undefined): number {
  const usual = medianMs ?? 0;
  const lateAfter = Math.max(usual * kLateFactor, usual + kLateByMs);
  const late = times.filter((time) => time === undefined || time > lateAfter).length;
  return 100 * (1 - Math.sqrt(1 - late / times.length));
}

async function sendingSpeed(
  send: (bytes: number) => Promise<number | undefined>,
  roundTripMs: number,
): Promise<number | undefined> {
  const speedOf = (bytes: number, ms: number) => (bytes * 8 * 1000) / Math.max(1, ms - roundTripMs);
  const firstMs = await send(kFirstSendBytes);
  if (firstMs === undefined) return undefined;
  const first = speedOf(kFirstSendBytes, firstMs);
  const bytes = Math.min(kMostSendBytes, Math.round((first / 8) * (kSendForMs / 1000)));
  if (bytes <= kFirstSendBytes) return first; // it took a second already
  const ms = await send(bytes);
  return ms === undefined ? first : speedOf(bytes, ms);
}

/** [good up to or from, fair up to or from]; what is beyond is poor. */
const kLimits = {
  /** ITU-T G.114: up to 150 ms one way nobody notices, above 400 ms nobody talks well; half of it is the network's. */
  roundTripMs: [200, 400],
  lossPercent: [3, 6],
  /** The picture of 1280×720 takes 1.2 Mb/s, a small one with sound 400 kb/s. */
  upBps: [1_200_000, 400_000],
} as const;

export function verdictOf({ roundTripMs, lossPercent, upBps }: Measured): Verdict {
  if (roundTripMs === undefined) return { level: 'none', causes: [] };
  const grade = (value: number, [good, fair]: readonly [number, number]) => {
    const sign = good < fair ? 1 : -1;
    return sign * value <= sign * good ? 0 : sign * value <= sign * fair ? 1 : 2;
  };
  const grades: [Cause, number][] = [
    ['up', grade(upBps ?? 0, kLimits.upBps)],
    ['loss', grade(lossPercent, kLimits.lossPercent)],
    ['distance', grade(roundTripMs, kLimits.roundTripMs)],
  ];
  const bad = grades.filter(([, value]) => value > 0).sort(([, a], [, b]) => b - a);
  const worst = bad[0]?.[1] ?? 0;
  return { level: (['good', 'fair', 'poor'] as const)[worst]!, causes: bad.map(([cause]) => cause) };
}
