import { describe, expect, it } from 'vitest';
import { formatBytes, formatDuration, formatTime } from './format';

describe('durations read like a clock', () => {
  it.each([
    [0, '0:00'],
    [999, '0:00'],
    [61_000, '1:01'],
    [3_599_000, '59:59'],
    [3_729_000, '1:02:09'],
    [-5, '0:00'],
    [undefined, '–'],
    [Number.NaN, '–'],
  ])('%s ms', (ms, text) => expect(formatDuration(ms)).toBe(text));
});

describe('sizes', () => {
  it.each([
    [0, '0 B'],
    [1023, '1023 B'],
    [1536, '1.5 KiB'],
    [10 * 1024 * 1024, '10 MiB'],
    [-1, '0 B'],
  ])('%s bytes', (bytes, text) => expect(formatBytes(bytes)).toBe(text));
});

it('an unreadable time is a dash', () => {
  expect(formatTime('soon', 'en')).toBe('–');
  expect(formatTime(undefined, 'en')).toBe('–');
});
