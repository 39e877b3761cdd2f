import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { effectScope, nextTick, ref, type EffectScope } from 'vue';
import { useNetworkAdvice } from './use_network_advice';
import { useTurned } from './use_turned';

let scope: EffectScope;
beforeEach(() => {
  vi.useFakeTimers();
  scope = effectScope();
});
afterEach(() => {
  scope.stop();
  vi.useRealTimers();
});

class Query extends EventTarget {
  matches = true;
  become(matches: boolean) {
    this.matches = matches;
    this.dispatchEvent(new Event('change'));
  }
}

it('a call in landscape is turned only while the phone is held upright, and no longer than it lasts', async () => {
  const landscape = ref(false);
  const portrait = new Query();
  const root = document.createElement('html');
  const screen = { lock: vi.fn(() => Promise.reject(new Error('not full screen'))), unlock: vi.fn() };
  const turned = scope.run(() => useTurned(() => landscape.value, { portrait: portrait as never, screen, root }))!;
  expect([turned.value, root.hasAttribute('data-turned')]).toEqual([false, false]);
  landscape.value = true;
  await nextTick();
  expect(screen.lock).toHaveBeenCalledWith('landscape');
  expect([turned.value, root.hasAttribute('data-turned')]).toEqual([true, true]);
  portrait.become(false);
  expect([turned.value, root.hasAttribute('data-turned')]).toEqual([false, false]);
  portrait.become(true);
  landscape.value = false;
  await nextTick();
  expect([turned.value, root.hasAttribute('data-turned')]).toEqual([false, false]);
  landscape.value = true;
  await nextTick();
  scope.stop();
  expect(root.hasAttribute('data-turned')).toBe(false);
});

it('says what helps against a poor network when it lasts, and not to and fro', async () => {
  const level = ref<number | undefined>(4);
  const advised = scope.run(() => useNetworkAdvice(() => level.value))!;
  const after = async (next: number, ms: number) => {
    level.value = next;
    await nextTick();
    await vi.advanceTimersByTimeAsync(ms);
    return advised.value;
  };
  expect(await after(1, 3_000)).toBe(false);
  expect(await after(3, 10_000), 'one bad moment').toBe(false);
  expect(await after(0, 4_000)).toBe(true);
  expect(await after(3, 5_000)).toBe(true);
  expect(await after(1, 1_000)).toBe(true);
  expect(await after(3, 8_000)).toBe(false);
});
