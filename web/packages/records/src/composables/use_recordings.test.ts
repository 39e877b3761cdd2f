import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { nextTick } from 'vue';
import { recordingQueryOf, useRecordings } from './use_recordings';
import { kTypingPauseMs } from './reload_on_filter';
import { kPageSize } from './use_interviews';

describe('what is asked for', () => {
  it.each([
    [{}, { recording: 'any' }],
    [{ selection: 'held' as const }, { recording: 'held' }],
    [
      { businessId: ' LN-1 ', queueId: 'que_1' },
      { recording: 'any', businessId: 'LN-1', queueId: 'que_1' },
    ],
    [{ person: ' 李 ' }, { recording: 'any', person: '李' }],
    [{ receipt: '7KQ4-MR' }, { recording: 'any' }],
    [{ receipt: ' 7kq4 mr2x ' }, { recording: 'any', receipt: '7kq4 mr2x' }],
    [
      { fromDay: '2026-02-28', toDay: '2026-02-28' },
      {
        recording: 'any',
        from: new Date(2026, 1, 28).toISOString(),
        to: new Date(2026, 2, 1).toISOString(),
      },
    ],
    [{ fromDay: 'yesterday', toDay: '' }, { recording: 'any' }],
  ])('%j', (change, query) => {
    const filter = {
      selection: 'any' as const,
      businessId: '',
      receipt: '',
      person: '',
      queueId: '',
      fromDay: '',
      toDay: '',
      ...change,
    };
    expect(recordingQueryOf(filter)).toEqual({ limit: kPageSize, ...query });
  });
});

describe('the list', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('is asked for at once when the selection changes, and after a pause while somebody types', async () => {
    const api = { listInterviews: vi.fn(async () => ({ items: [] })) };
    const { filter } = useRecordings(api, 'any');
    filter.selection = 'deleted';
    await nextTick();
    expect(api.listInterviews).toHaveBeenCalledTimes(1);
    for (const text of ['L', 'LN', 'LN-1']) {
      filter.businessId = text;
      await nextTick();
    }
    expect(api.listInterviews).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(kTypingPauseMs);
    expect(api.listInterviews).toHaveBeenCalledTimes(2);
    expect(api.listInterviews).toHaveBeenLastCalledWith({ limit: kPageSize, recording: 'deleted', businessId: 'LN-1' });
  });
});
