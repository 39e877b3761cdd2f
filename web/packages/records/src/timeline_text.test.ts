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
    },
  };
  expect(factsOf(entry as unknown as TimelineEntry)).toEqual(['agentName: 李静', 'waitMs: 1200', 'allowed: true']);
});
