import { expect, it } from 'vitest';
import { timeLeft } from './time_left';

const now = Date.UTC(2026, 0, 1);
const after = (ms: number) => new Date(now + ms).toISOString();
const minute = 60_000;

it.each([
  [0, undefined],
  [-minute, undefined],
  [1, { unit: 'minutes', count: 1 }],
  [90 * minute, { unit: 'minutes', count: 90 }],
  [120 * minute, { unit: 'hours', count: 2 }],
  [47 * 60 * minute, { unit: 'hours', count: 47 }],
  [48 * 60 * minute, { unit: 'days', count: 2 }],
  [719 * 60 * minute, { unit: 'days', count: 29 }],
])('%i ms left is %j', (ms, left) => expect(timeLeft(now, after(ms))).toEqual(left));
