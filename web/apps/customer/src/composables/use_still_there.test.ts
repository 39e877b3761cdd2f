import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { effectScope, nextTick, ref, type EffectScope } from 'vue';
import { kAskAgainMs, kCallEveryMs, kCalls, kHiddenMs, kIdleMs, kNearHiddenMs, useStillThere } from './use_still_there';

let scope: EffectScope;
let page: EventTarget & { visibilityState: DocumentVisibilityState };
const waiting = ref(true);
const near = ref(false);
const call = vi.fn();

function start() {
  scope = effectScope();
  return scope.run(() =>
    useStillThere({
      waiting: () => waiting.value,
      near: () => near.value,
      call,
      nowMs: () => Date.now(),
      document: page as unknown as Document,
    }),
  )!;
}
function show(state: DocumentVisibilityState) {
  page.visibilityState = state;
  page.dispatchEvent(new Event('visibilitychange'));
}

beforeEach(() => {
  vi.useFakeTimers();
  page = Object.assign(new EventTarget(), { visibilityState: 'visible' as DocumentVisibilityState });
  waiting.value = true;
  near.value = false;
  call.mockClear();
});
afterEach(() => {
  scope.stop();
  vi.useRealTimers();
});

describe('who waits is asked', () => {
  it.each([
    ['nobody touched the page', 'visible', false, kIdleMs],
    ['the page lies behind another', 'hidden', false, kHiddenMs],
    ['nobody touched it and they are next', 'visible', true, kIdleMs],
    ['it lies behind another and they are next', 'hidden', true, kNearHiddenMs],
  ] as const)('when %s', (_why, state, isNear, afterMs) => {
    near.value = isNear;
    const { asking } = start();
    show(state);
    vi.advanceTimersByTime(afterMs - 1);
    expect([asking.value, call.mock.calls.length]).toEqual([false, 0]);
    vi.advanceTimersByTime(1_000);
    expect([asking.value, call.mock.calls.length]).toEqual([true, 1]);
  });

  it.each(['click', 'keydown'])('not after a %s: somebody is there', (sign) => {
    const { asking } = start();
    vi.advanceTimersByTime(kIdleMs - 1_000);
    page.dispatchEvent(new Event(sign));
    vi.advanceTimersByTime(kIdleMs - 1_000);
    expect(asking.value).toBe(false);
  });

  it('a few times, then it is quiet, and later once more; coming back answers it', () => {
    const { asking } = start();
    show('hidden');
    vi.advanceTimersByTime(kHiddenMs + kCalls * kCallEveryMs + 30_000);
    expect(call).toHaveBeenCalledTimes(kCalls);
    vi.advanceTimersByTime(kAskAgainMs - 30_000);
    expect(call.mock.calls.length).toBeGreaterThan(kCalls);
    expect(asking.value).toBe(true);
    show('visible');
    expect(asking.value).toBe(false);
    call.mockClear();
    vi.advanceTimersByTime(kIdleMs - 1_000);
    expect(call).not.toHaveBeenCalled();
  });

  it('by the button the question is answered', () => {
    const { asking, here } = start();
    vi.advanceTimersByTime(kIdleMs + 1_000);
    expect(asking.value).toBe(true);
    here();
    expect(asking.value).toBe(false);
  });

  it('only while they wait', async () => {
    const { asking } = start();
    vi.advanceTimersByTime(kIdleMs + 1_000);
    waiting.value = false;
    await nextTick();
    expect(asking.value).toBe(false);
    call.mockClear();
    vi.advanceTimersByTime(2 * kIdleMs);
    expect(call).not.toHaveBeenCalled();
  });
});
