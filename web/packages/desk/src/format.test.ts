import { describe, expect, it } from 'vitest';
import { formatBytes, formatDate, formatTime } from './format';

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

it('a time reads as people of the language write it', () => {
  const at = new Date(2026, 0, 31, 9, 5, 0).toISOString();
  expect(formatTime(at, 'zh-CN')).toBe('2026-01-31 09:05:00');
  expect(formatTime(at, 'en')).toBe('31 Jan 2026, 09:05:00');
});

it('a day without its time', () => {
  const at = new Date(2026, 0, 31, 9, 5, 0).toISOString();
  expect(formatDate(at, 'zh-CN')).toBe('2026-01-31');
  expect(formatDate(at, 'en')).toBe('31 Jan 2026');
  expect(formatDate(undefined, 'en')).toBe('–');
});
