// The customer's network in four bars and a word, from what the server and the customer's browser measure.
import type { AgentInterview, Connection } from '@telewitness/desk';
import { kLevelWords, levelOf } from '@telewitness/ui';

export type SignalWord = (typeof kLevelWords)[number] | 'unstable' | 'absent' | 'measuring';

export interface Signal {
  /** 0 to 4. */
  bars: number;
  word: SignalWord;
}

/** @param level 0 to 4, as the server measures it; until it has, the figures of the customer's browser decide. */
export function signalOf(connection: Connection, quality: AgentInterview['customerQuality'], level?: number): Signal {
  if (connection === 'absent' || connection === 'lost') return { bars: 0, word: connection };
  if (connection === 'unstable') return { bars: 1, word: 'unstable' };
  const { roundTripMs, lossPercent } = quality ?? {};
  if (level === undefined && roundTripMs === undefined && lossPercent === undefined)
    return { bars: 3, word: 'measuring' };
  const bars = level ?? levelOf({ roundTripMs: roundTripMs ?? 0, lossPercent: lossPercent ?? 0 });
  return { bars, word: kLevelWords[bars] ?? 'good' };
}
