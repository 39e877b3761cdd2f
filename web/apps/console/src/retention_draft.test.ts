import { describe, expect, it } from 'vitest';
import { daysOf, deletedAfterSaving, isShorter, kMostRetentionDays, retentionOf } from './retention_draft';

it.each([
  [null, { kind: 'never', days: '365' }],
  [undefined, { kind: 'never', days: '365' }],
  [30, { kind: 'days', days: '30' }],
] as const)('%s is shown as %j', (days, draft) => expect(retentionOf(days)).toEqual(draft));

it.each([
  ['never', '12', null],
  ['never', 'x', null],
  ['days', '30', 30],
  ['days', ' 1 ', 1],
  ['days', String(kMostRetentionDays), kMostRetentionDays],
  ['days', '0', undefined],
  ['days', String(kMostRetentionDays + 1), undefined],
  ['days', '', undefined],
  ['days', '-3', undefined],
  ['days', '1.5', undefined],
  ['days', '1e3', undefined],
] as const)('%s with %j typed is %s days', (kind, days, expected) => expect(daysOf({ kind, days })).toBe(expected));

describe('what saving does to recordings that are there', () => {
  it.each([
    [null, null, false],
    [null, 30, true],
    [30, null, false],
    [30, 31, false],
    [30, 30, false],
    [30, 29, true],
  ])('from %s to %s days: sooner deleted %s', (before, after, shorter) =>
    expect(isShorter(before, after)).toBe(shorter),
  );

  it('names the day before which interviews lose theirs', () => {
    const now = Date.parse('2026-03-31T12:00:00Z');
    expect(deletedAfterSaving(null, 30, now)).toBe('2026-03-01T12:00:00.000Z');
    expect(deletedAfterSaving(30, 60, now)).toBeUndefined();
    expect(deletedAfterSaving(30, undefined, now)).toBeUndefined();
  });
});
