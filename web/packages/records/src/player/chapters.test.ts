import { describe, expect, it } from 'vitest';
import { chapterIndexAt, chaptersOf, nextChapterMs, previousChapterMs } from './chapters';

const at = (atMs: number, kind = 'photo_taken') => ({ atMs, kind, title: kind });
const chapters = chaptersOf([at(0, 'start'), at(10_000), at(20_000)], 30_000);

describe('chapters of a film', () => {
  it('are in order and each ends where the next begins', () => {
    expect(chaptersOf([at(20_000), at(0), at(10_000)], 30_000).map(({ atMs, endMs }) => [atMs, endMs])).toEqual([
      [0, 10_000],
      [10_000, 20_000],
      [20_000, 30_000],
    ]);
  });

  it('what lies behind the end is left out; without a known length everything stays', () => {
    expect(chaptersOf([at(0), at(31_000)], 30_000)).toHaveLength(1);
    expect(chaptersOf([at(0), at(31_000)], 0).map(({ endMs }) => endMs)).toEqual([31_000, 31_000]);
  });

  it.each([
    [0, 0],
    [9_999, 0],
    [10_000, 1],
    [60_000, 2],
  ])('at %i ms the one that plays is number %i', (positionMs, index) => {
    expect(chapterIndexAt(chapters, positionMs)).toBe(index);
  });

  it('before the first one there is none', () => {
    expect(chapterIndexAt(chaptersOf([at(5_000)], 9_000), 4_000)).toBe(-1);
  });

  it.each([
    [0, 10_000],
    [10_000, 20_000],
    [20_000, undefined],
  ])('from %i ms the next one begins at %s', (positionMs, next) => {
    expect(nextChapterMs(chapters, positionMs)).toBe(next);
  });

  it.each([
    [25_000, 20_000],
    [21_000, 10_000],
    [12_000, 0],
    [1_000, 0],
  ])('from %i ms "previous" leads to %i', (positionMs, previous) => {
    expect(previousChapterMs(chapters, positionMs)).toBe(previous);
  });
});
