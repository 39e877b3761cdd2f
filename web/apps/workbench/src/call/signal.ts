// The customer's network in four bars and a word, from what the server and the customer's browser measure.
import type { AgentInterview, Connection } from '@telewitness/desk';
import { kLevelWords } from '@telewitness/ui';

export type SignalWord = 'good' | 'fair' | 'poor' | 'bad' | 'unstable' | 'lost' | 'absent' | 'measuring';

export interface Signal {
  /** 0 to 4. */
  bars: number;
  word: SignalWord;
}

/** From which values on a call is felt to be worse (ITU-T G.114: 150 ms one way; speech breaks from about 3 % loss on). */
const kSteps: readonly { word: SignalWord; bars: number; roundTripMs: number; lossPercent: number }[] = [
  { word: 'good', bars: 4, roundTripMs: 200, lossPercent: 1 },
  { word: 'fair', bars: 3, roundTripMs: 400, lossPercent: 3 },
  { word: 'poor', bars: 2, roundTripMs: 800, lossPercent: 8 },
];

/** @param level 0 to 4, as the server measures it; until it has, the figures of the customer's browser decide. */
export function signalOf(connection: Connection, quality: AgentInterview['customerQuality'], level?: number): Signal {
  if (connection === 'absent' || connection === 'lost') return { bars: 0, word: connection };
  if (connection === 'unstable') return { bars: 1, word: 'unstable' };
  if (level !== undefined) return { bars: level, word: kLevelWords[level] ?? 'good' };
  if (quality?.roundTripMs === undefined && quality?.lossPercent === undefined) return { bars: 3, word: 'measuring' };
  const roundTripMs = quality.roundTripMs ?? 0;
  const lossPercent = quality.lossPercent ?? 0;
  const step = kSteps.find((limit) => roundTripMs <= limit.roundTripMs && lossPercent <= limit.lossPercent);
  return step ? { bars: step.bars, word: step.word } : { bars: 1, word: 'bad' };
}
