import { describe, expect, it, vi } from 'vitest';
import { effectScope, nextTick, ref, shallowRef } from 'vue';
import type { AgentSession } from '@telewitness/client';
import type { DeskState } from '@telewitness/desk';
import { createDay } from './day';

const at = (minute: number) => new Date(Date.UTC(2026, 0, 1, 0, minute)).toISOString();
const owing = (openOutcomes: DeskState['openOutcomes']) => ({ openOutcomes }) as DeskState;
const none = { count: 0, overdue: 0, deadlineMinutes: 60 };

function page() {
  const state = shallowRef<DeskState>();
  const nowMs = ref(Date.parse(at(0)));
  const api = {
    openOutcomes: vi.fn(async () => []),
    setMark: vi.fn(async () => ({ number: 4, at: at(1), label: '已宣读风险' })),
    defer: vi.fn(async () => ({})),
  };
  const activeId = ref<string | undefined>('itv_1');
  const refreshInterview = vi.fn(async () => {});
  const scope = effectScope();
  const day = scope.run(() =>
    createDay(
      { activeId, state, clock: { nowMs, adjust: () => {} }, refreshInterview } as never,
      { day: api } as unknown as AgentSession,
    ),
  )!;
  return { state, nowMs, api, activeId, refreshInterview, scope, day };
}

describe('the day of an agent', () => {
  it('asks for what is owed when the desk says that it changed, and not otherwise', async () => {
    const { state, api, scope } = page();
    expect(api.openOutcomes).not.toHaveBeenCalled();
    state.value = owing({ ...none, count: 1, nextUntil: at(60), nextRemindAt: at(45) });
    await nextTick();
    expect(api.openOutcomes).toHaveBeenCalledTimes(1);
    state.value = owing({ ...none, count: 1, nextUntil: at(60), nextRemindAt: at(45) });
    await nextTick();
    expect(api.openOutcomes).toHaveBeenCalledTimes(1);
    state.value = owing(none);
    await nextTick();
    expect(api.openOutcomes).toHaveBeenCalledTimes(2);
    scope.stop();
  });

  it('reminds from the moment on that the server names, and says when it is too late', async () => {
    const { state, nowMs, day, scope } = page();
    expect(day.urgency.value).toBe('none');
    state.value = owing({ ...none, count: 1, nextUntil: at(60), nextRemindAt: at(45) });
    nowMs.value = Date.parse(at(45)) - 1;
    expect(day.urgency.value).toBe('none');
    nowMs.value += 1;
    expect(day.urgency.value).toBe('soon');
    state.value = owing({ ...none, count: 1, overdue: 1 });
    expect(day.urgency.value).toBe('overdue');
    scope.stop();
  });

  it('remembers the mark that was set last, in this call only', async () => {
    const { day, api, activeId, refreshInterview, scope } = page();
    expect(await day.setMark.run({ labelId: 'mkl_1' })).toBe(true);
    expect(api.setMark).toHaveBeenCalledWith('itv_1', { labelId: 'mkl_1' });
    expect(day.lastMark.value?.label).toBe('已宣读风险');
    expect(refreshInterview).toHaveBeenCalledOnce();
    activeId.value = 'itv_2';
    await nextTick();
    expect(day.lastMark.value).toBeUndefined();
    activeId.value = undefined;
    await day.setMark.run({ text: 'x' });
    expect(api.setMark).toHaveBeenCalledOnce();
    scope.stop();
  });

  it('sets every mark of quick presses, in their order', async () => {
    const { day, api, scope } = page();
    const set = ['mkl_1', 'mkl_2', 'mkl_3'].map((labelId) => day.setMark.run({ labelId }));
    expect(await Promise.all(set)).toEqual([true, true, true]);
    expect(api.setMark.mock.calls.map((call) => (call as unknown[])[1])).toEqual([
      { labelId: 'mkl_1' },
      { labelId: 'mkl_2' },
      { labelId: 'mkl_3' },
    ]);
    scope.stop();
  });
});
