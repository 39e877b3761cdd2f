import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { effectScope, nextTick, ref } from 'vue';
import { createRinger, useRingAlert } from './ring_alert';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('rings and flashes while the ring lasts, and leaves the title as it was', async () => {
  const ringing = ref(false);
  const page = { title: '工作台' };
  const ringer = { start: vi.fn(), stop: vi.fn() };
  const scope = effectScope();
  scope.run(() =>
    useRingAlert(
      () => ringing.value,
      () => '来电',
      ringer,
      page,
    ),
  );
  ringing.value = true;
  await nextTick();
  expect(ringer.start).toHaveBeenCalledOnce();
  expect(page.title).toBe('来电');
  vi.advanceTimersByTime(900);
  expect(page.title).toBe('工作台');
  vi.advanceTimersByTime(900);
  expect(page.title).toBe('来电');
  ringing.value = false;
  await nextTick();
  expect(page.title).toBe('工作台');
  expect(vi.getTimerCount()).toBe(0);
  ringing.value = true;
  await nextTick();
  scope.stop();
  expect(page.title).toBe('工作台');
  expect(vi.getTimerCount()).toBe(0);
});

it('a computer without sound rings silently', () => {
  const ringer = createRinger(() => {
    throw new Error('no device');
  });
  ringer.start();
  ringer.stop();
  expect(vi.getTimerCount()).toBe(0);
});
