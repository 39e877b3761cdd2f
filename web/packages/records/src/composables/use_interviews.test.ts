import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { effectScope, nextTick } from 'vue';
import type { InterviewQuery } from '../api';
import { kTypingPauseMs } from './reload_on_filter';
import { emptyFilter, kPageSize, queryOf, useInterviews } from './use_interviews';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it.each([
  [{}, undefined, { limit: kPageSize }],
  [{ businessId: '  ' }, undefined, { limit: kPageSize }],
  [
    { businessId: ' B1 ', status: 'ended' as const },
    'c',
    { limit: kPageSize, businessId: 'B1', status: 'ended', cursor: 'c' },
  ],
  [{ receipt: '7KQ4-MR2' }, undefined, { limit: kPageSize }],
  [{ receipt: ' 7kq4 mr2x' }, undefined, { limit: kPageSize, receipt: '7kq4 mr2x' }],
  [{ queueId: 'q', outcome: 'passed' as const }, undefined, { limit: kPageSize, queueId: 'q', outcome: 'passed' }],
])('the filter %j asks for %j', (filter, cursor, query) =>
  expect(queryOf({ ...emptyFilter(), ...filter }, cursor)).toEqual(query),
);

describe('the list of interviews', () => {
  function page() {
    const asked: InterviewQuery[] = [];
    const scope = effectScope();
    const records = scope.run(() =>
      useInterviews({ listInterviews: async (query) => (asked.push(query), { items: [] }) }),
    )!;
    return { asked, records, scope };
  }

  it('asks once after typing, at once after choosing', async () => {
    const { asked, records, scope } = page();
    for (const text of ['B', 'B1', 'B12']) {
      records.filter.businessId = text;
      await nextTick();
    }
    expect(asked).toHaveLength(0);
    vi.advanceTimersByTime(kTypingPauseMs);
    expect(asked.map((query) => query.businessId)).toEqual(['B12']);
    records.filter.status = 'ended';
    await nextTick();
    expect(asked).toHaveLength(2);
    scope.stop();
  });

  it('clearing the filter asks for everything, once', async () => {
    const { asked, records, scope } = page();
    Object.assign(records.filter, { businessId: 'B', status: 'ended' });
    await nextTick();
    records.reset();
    await nextTick();
    vi.runAllTimers();
    expect(asked.at(-1)).toEqual({ limit: kPageSize });
    scope.stop();
  });
});
