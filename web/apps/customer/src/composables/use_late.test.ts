import { flushPromises } from '@vue/test-utils';
import { expect, it, vi } from 'vitest';
import { effectScope, nextTick, ref, type Component } from 'vue';
import { useLate } from './use_late';

const part: Component = { name: 'Part' };

it('a part is loaded when it is needed first, and once', async () => {
  const needed = ref(false);
  const load = vi.fn(async () => ({ default: part }));
  const scope = effectScope();
  const late = scope.run(() => useLate(() => needed.value, load))!;
  expect(load).not.toHaveBeenCalled();
  for (const now of [true, false, true]) {
    needed.value = now;
    await nextTick();
    await flushPromises();
  }
  expect(load).toHaveBeenCalledTimes(1);
  expect([late.part.value, late.failed.value]).toEqual([part, false]);
  scope.stop();
});

it('one that could not be loaded is told, and asked for again', async () => {
  const needed = ref(true);
  const load = vi.fn<() => Promise<{ default: Component }>>().mockRejectedValueOnce(new TypeError('offline'));
  load.mockResolvedValue({ default: part });
  const scope = effectScope();
  const late = scope.run(() => useLate(() => needed.value, load))!;
  await flushPromises();
  expect([late.part.value, late.failed.value]).toEqual([undefined, true]);
  needed.value = false;
  await nextTick();
  needed.value = true;
  await nextTick();
  await flushPromises();
  expect([late.part.value, late.failed.value]).toEqual([part, false]);
  scope.stop();
});
