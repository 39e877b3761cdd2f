import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { deadline } from './abort';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('a deadline', () => {
  it('comes after its time, and says that it was the time', () => {
    const limit = deadline(100);
    vi.advanceTimersByTime(99);
    expect([limit.signal.aborted, limit.timedOut]).toEqual([false, false]);
    vi.advanceTimersByTime(1);
    expect([limit.signal.aborted, limit.timedOut]).toEqual([true, true]);
  });

  it('comes with the signal it was made from, and says that it was not the time', () => {
    const outer = new AbortController();
    const limit = deadline(100, outer.signal);
    outer.abort(new Error('left'));
    expect([limit.signal.aborted, limit.timedOut]).toEqual([true, false]);
    expect(limit.signal.reason).toMatchObject({ message: 'left' });
    expect(deadline(100, outer.signal).signal.aborted).toBe(true);
  });

  it('does not come any more when the work is done', () => {
    const outer = new AbortController();
    const limit = deadline(100, outer.signal);
    limit.clear();
    vi.advanceTimersByTime(1000);
    outer.abort();
    expect(limit.signal.aborted).toBe(false);
    expect(vi.getTimerCount()).toBe(0);
  });
});
