import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { effectScope, nextTick, ref, type EffectScope } from 'vue';
import type { Chimes } from './use_chime';
import { kRingEveryMs, useWaitingAlerts } from './use_waiting_alerts';

let scope: EffectScope;
const step = ref('place');
const chimes = {
  blocked: ref(false),
  prepare: vi.fn(),
  play: vi.fn(async () => true),
  enable: vi.fn(async () => undefined),
  rest: vi.fn(),
} satisfies Chimes;

beforeEach(() => {
  vi.useFakeTimers();
  vi.clearAllMocks();
  step.value = 'place';
  scope = effectScope();
  scope.run(() => useWaitingAlerts({ step: () => step.value, position: () => 2 }, chimes));
});
afterEach(() => {
  scope.stop();
  vi.useRealTimers();
});

it('the ring sounds and vibrates until it is answered, and then at once no more', async () => {
  step.value = 'queue';
  await nextTick();
  expect(chimes.prepare).toHaveBeenCalledTimes(1);
  expect(chimes.play).not.toHaveBeenCalled();
  step.value = 'ring';
  await nextTick();
  expect(chimes.play).toHaveBeenLastCalledWith('ring', true);
  vi.advanceTimersByTime(2 * kRingEveryMs);
  expect(chimes.play).toHaveBeenCalledTimes(3);
  step.value = 'call';
  await nextTick();
  vi.advanceTimersByTime(5 * kRingEveryMs);
  expect(chimes.play).toHaveBeenCalledTimes(3);
  expect(chimes.rest).toHaveBeenCalled();
});

it('a page that is left rings no more', async () => {
  step.value = 'ring';
  await nextTick();
  scope.stop();
  vi.advanceTimersByTime(5 * kRingEveryMs);
  expect(chimes.play).toHaveBeenCalledTimes(1);
});
