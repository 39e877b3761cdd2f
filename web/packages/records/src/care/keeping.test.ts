import { describe, expect, it } from 'vitest';
import { kDayMs, keepingOf, type KeptRecording } from './keeping';

const now = Date.parse('2026-03-01T00:00:00Z');
const after = (ms: number) => new Date(now + ms).toISOString();
const recording = (changes: Partial<KeptRecording> = {}): KeptRecording => ({
  legalHold: null,
  expiresAt: null,
  deletion: null,
  ...changes,
});
const hold = { since: '2026-01-01T00:00:00Z', by: 'Li Jing', reason: 'dispute' };

describe('how long a recording is kept', () => {
  it('without a time limit for ever', () => expect(keepingOf(recording(), now)).toEqual({ kind: 'unlimited' }));

  it.each([
    [30 * kDayMs, 30, false],
    [7 * kDayMs + 1, 7, false],
    [7 * kDayMs, 7, true],
    [kDayMs - 1, 0, true],
    [-kDayMs, 0, true],
  ])('%i ms before its time there are %i days left, soon: %s', (leftMs, daysLeft, soon) => {
    expect(keepingOf(recording({ expiresAt: after(leftMs) }), now)).toMatchObject({ kind: 'expiring', daysLeft, soon });
  });

  it('a hold goes before the time limit', () => {
    expect(keepingOf(recording({ legalHold: hold, expiresAt: after(1) }), now)).toEqual({
      kind: 'held',
      expiresAt: after(1),
    });
    expect(keepingOf(recording({ legalHold: hold }), now)).toEqual({ kind: 'held', expiresAt: undefined });
  });

  it('what is deleted is deleted', () => {
    const deletion = { at: '2026-02-01T00:00:00Z', by: 'retention', reason: '' };
    expect(keepingOf(recording({ deletion }), now)).toEqual({ kind: 'deleted' });
  });
});
