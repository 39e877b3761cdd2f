// Whether a camera's small picture is sent beside the large one. The large one is what is recorded, and a browser whose
// network is weak feeds the small one first: so it is sent only where there is room for both.

/** Two sizes and sound; browsers give 1280×720 nothing at all below some 600 kb/s when it is one of two. */
const kRoomForBothBps = 1_200_000;
/** Of the large picture's own limit, where that is lower: an estimate hardly grows beyond what is sent. */
const kRoomShare = 0.8;
/** Below this share of the room the small one goes again, so that an estimate on the edge changes nothing. */
const kTooNarrowShare = 0.75;
/** A network that loses more begins nothing new … */
const kCalmLoss = 0.05;
/** … and one that loses more than this keeps to the large picture: its estimate falls before anybody can look. */
const kRoughLoss = 0.08;
/** Looks in a row that must agree. */
const kLooks = 2;
/** Between the small picture's end and its return; doubled by each further end. */
const kFirstHoldMs = 20_000;
const kMostHoldMs = 320_000;

/** What the browser says of its sending. */
export interface SentPictures {
  /** What it believes its network carries; undefined in browsers that do not tell. */
  estimateBps: number | undefined;
  /** Of the packets of both pictures, what the server last said was lost, 0–1. */
  lossShare: number;
  largeFrames: number;
  smallFrames: number;
}

type Stat = Record<string, unknown> & { type: string };

const number = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined);

/** Reads a getStats report of a publisher. */
export function sentPictures(report: Iterable<[string, unknown]>, smallRid: string): SentPictures {
  const sent: SentPictures = { estimateBps: undefined, lossShare: 0, largeFrames: 0, smallFrames: 0 };
  for (const [, value] of report) {
    const stat = value as Stat;
    if (stat.type === 'candidate-pair' && stat['nominated'] === true) {
      sent.estimateBps = number(stat['availableOutgoingBitrate']) ?? sent.estimateBps;
    }
    if (stat['kind'] !== 'video') continue;
    if (stat.type === 'remote-inbound-rtp')
      sent.lossShare = Math.max(sent.lossShare, number(stat['fractionLost']) ?? 0);
    if (stat.type !== 'outbound-rtp') continue;
    sent[stat['rid'] === smallRid ? 'smallFrames' : 'largeFrames'] += number(stat['framesSent']) ?? 0;
  }
  return sent;
}

export class SmallPicture {
  readonly #roomBps: number;
  #wanted = false;
  #agreeing = 0;
  #before: SentPictures | undefined;
  #holdMs = kFirstHoldMs;
  #heldUntil = 0;

  constructor(largeBps: number) {
    this.#roomBps = Math.min(kRoomForBothBps, largeBps * kRoomShare);
  }

  get wanted(): boolean {
    return this.#wanted;
  }

  /** Takes one look, a few seconds after the one before. True when `wanted` has changed. */
  look(sent: SentPictures, nowMs: number): boolean {
    const before = this.#before;
    this.#before = sent;
    const change = this.#wanted ? this.#harms(sent, before) : this.#fits(sent) && nowMs >= this.#heldUntil;
    this.#agreeing = change ? this.#agreeing + 1 : 0;
    if (this.#agreeing < kLooks) return false;
    this.#agreeing = 0;
    this.#wanted = !this.#wanted;
    if (!this.#wanted) {
      this.#heldUntil = nowMs + this.#holdMs;
      this.#holdMs = Math.min(this.#holdMs * 2, kMostHoldMs);
    }
    return true;
  }

  #fits({ estimateBps, lossShare }: SentPictures): boolean {
    return lossShare <= kCalmLoss && (estimateBps === undefined || estimateBps >= this.#roomBps);
  }

  #harms(sent: SentPictures, before: SentPictures | undefined): boolean {
    if (sent.lossShare > kRoughLoss) return true;
    if (sent.estimateBps !== undefined && sent.estimateBps < this.#roomBps * kTooNarrowShare) return true;
    // The large one stands still while the small one moves.
    return before !== undefined && sent.largeFrames <= before.largeFrames && sent.smallFrames > before.smallFrames;
  }
}
