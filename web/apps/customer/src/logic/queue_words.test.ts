import { expect, it } from 'vitest';
import { isWorthSaying, kMinutesApart, kQuietMs, type QueueFacts, type Said } from './queue_words';

const said = (position: number | undefined, waitedMinutes = 0): Said => ({ position, waitedMinutes, atMs: 100_000 });

it.each<[string, Said | undefined, QueueFacts, number, boolean]>([
  ['the first position', undefined, { position: 4, waitedMinutes: 0 }, 0, true],
  ['the position, as soon as there is one', said(undefined), { position: 4, waitedMinutes: 0 }, 1_000, true],
  ['the same again: no', said(4), { position: 4, waitedMinutes: 1 }, kQuietMs * 5, false],
  ['a change right after another: no', said(4), { position: 3, waitedMinutes: 0 }, kQuietMs - 1, false],
  ['a change after a while', said(4), { position: 3, waitedMinutes: 0 }, kQuietMs, true],
  ['next in line, at once', said(2), { position: 1, waitedMinutes: 0 }, 1, true],
  ['the time, now and then', said(4), { position: 4, waitedMinutes: kMinutesApart }, 1, true],
  ['the time, before there is a position: no', said(undefined), { position: undefined, waitedMinutes: 9 }, 1, false],
])('%s', (_what, last, now, afterMs, worth) => expect(isWorthSaying(last, now, 100_000 + afterMs)).toBe(worth));
