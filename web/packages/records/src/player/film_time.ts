// Where gaps of a recording lie in its film: a long one is shown as a short card there, and whole in every time that is told.
import type { Recording } from '@telewitness/desk';

export type RecordingGap = NonNullable<Recording['gaps']>[number];

/** As the composition does it: a gap longer than this is shown as a card of `kLongGapCardMs`. */
export const kLongestGapShownMs = 10 * 60_000;
export const kLongGapCardMs = 10_000;

export interface FilmGap {
  /** On the film's own time. */
  fromMs: number;
  toMs: number;
  /** How long nothing was recorded. */
  lostMs: number;
  cause: string;
}

export function filmGaps(gaps: readonly RecordingGap[]): FilmGap[] {
  let skippedMs = 0;
  return [...gaps]
    .sort((a, b) => a.fromMs - b.fromMs)
    .map((gap) => {
      const lostMs = Math.max(0, gap.toMs - gap.fromMs);
      const shownMs = lostMs > kLongestGapShownMs ? kLongGapCardMs : lostMs;
      const fromMs = gap.fromMs - skippedMs;
      skippedMs += lostMs - shownMs;
      return { fromMs, toMs: fromMs + shownMs, lostMs, cause: gap.cause };
    });
}

export function gapAt(gaps: readonly FilmGap[], positionMs: number): FilmGap | undefined {
  return gaps.find((gap) => positionMs >= gap.fromMs && positionMs < gap.toMs);
}
