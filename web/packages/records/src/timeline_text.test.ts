import { expect, it } from 'vitest';
import type { TimelineEntry } from '@telewitness/desk';
import { factsOf, kindKey } from './timeline_text';

it.each([
  ['answered', 'answered'],
  ['interview.answered', 'answered'],
  ['ring.timed-out', 'ring_timed_out'],
])('the kind %s reads as %s', (kind, key) => expect(kindKey(kind)).toBe(key));

it('shows facts and leaves ids and hashes to the raw data', () => {
  const entry = {
    number: 1,
    at: '',
    kind: 'x',
    previousHash: '',
    hash: '',
    data: {
      agentName: '李静',
      agentId: 'usr_1',
      textSha256: 'ab',
      waitMs: 1200,
      place: { status: 'given' },
      note: '',
      allowed: true,
      session: 'ses_1',
      at: '2026-11-24T07:00:00.000Z',
      capturedAt: '2026-11-24T07:00:01.250Z',
      outcome: 'passed',
    },
  };
  expect(factsOf(entry as unknown as TimelineEntry)).toEqual([
    { name: 'agentName', value: '李静', kind: 'plain' },
    { name: 'waitMs', value: '1200', kind: 'milliseconds' },
    { name: 'allowed', value: 'true', kind: 'yes-no' },
    { name: 'capturedAt', value: '2026-11-24T07:00:01.250Z', kind: 'time' },
    { name: 'outcome', value: 'passed', kind: 'word' },
  ]);
});
