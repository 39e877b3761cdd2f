import { describe, expect, it } from 'vitest';
import { filmGaps, gapAt, kLongestGapShownMs } from './film_time';

const gap = (fromMs: number, toMs: number) => ({ fromMs, toMs, cause: 'crash' });

describe('gaps in a film', () => {
  it('lie where they were while they are short', () => {
    expect(filmGaps([gap(60_000, 90_000)])).toEqual([{ fromMs: 60_000, toMs: 90_000, lostMs: 30_000, cause: 'crash' }]);
  });

  it('a long one is ten seconds of film, and moves what follows', () => {
    const hourMs = 3_600_000;
    expect(filmGaps([gap(60_000, 60_000 + hourMs), gap(hourMs + 120_000, hourMs + 125_000)])).toEqual([
      { fromMs: 60_000, toMs: 70_000, lostMs: hourMs, cause: 'crash' },
      { fromMs: 130_000, toMs: 135_000, lostMs: 5_000, cause: 'crash' },
    ]);
  });

  it('exactly the longest one is shown whole', () => {
    expect(filmGaps([gap(0, kLongestGapShownMs)])[0]).toMatchObject({ fromMs: 0, toMs: kLongestGapShownMs });
  });

  it.each([
    [59_999, false],
    [60_000, true],
    [89_999, true],
    [90_000, false],
  ])('at %i ms one is in it: %s', (positionMs, within) => {
    expect(gapAt(filmGaps([gap(60_000, 90_000)]), positionMs) !== undefined).toBe(within);
  });
});
