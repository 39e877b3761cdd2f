import { expect, it } from 'vitest';
import { formatDuration } from './duration';

it.each([
  [0, '0:00'],
  [999, '0:00'],
  [61_000, '1:01'],
  [3_599_000, '59:59'],
  [3_729_000, '1:02:09'],
  [-5, '0:00'],
  [undefined, '–'],
  [Number.NaN, '–'],
])('%s ms reads %s', (ms, text) => expect(formatDuration(ms)).toBe(text));
