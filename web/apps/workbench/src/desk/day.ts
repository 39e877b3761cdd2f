// What the agent keeps beside the calls of a day: marks, outcomes for later, the order asked for anew.
import { computed, shallowRef, watch, type ComputedRef, type ShallowRef } from 'vue';
import type { AgentDay, AgentSession } from '@telewitness/client';
import {
  useAction,
  useLoad,
  type Action,
  type Loaded,
  type Mark,
  type NewMark,
  type OpenOutcome,
} from '@telewitness/desk';
import type { Desk } from './desk';

export interface DayDesk {
  api: AgentDay;
  setMark: Action<[NewMark]>;
  /** Set last in this call. */
  lastMark: ShallowRef<Mark | undefined>;
  defer: Action<[]>;
  refreshOrder: Action<[]>;
  /** What this agent has put off. */
  owed: Loaded<OpenOutcome[]>;
  /** How urgent that is now. */
  urgency: ComputedRef<'none' | 'soon' | 'overdue'>;
}

export function createDay(
  desk: Pick<Desk, 'activeId' | 'state' | 'clock' | 'refreshInterview'>,
  session: Pick<AgentSession, 'day'>,
): DayDesk {
  const api = session.day;
  const lastMark = shallowRef<Mark>();
  async function withId<T>(act: (interviewId: string) => Promise<T>): Promise<T | undefined> {
    return desk.activeId.value ? act(desk.activeId.value) : undefined;
  }
  watch(desk.activeId, () => (lastMark.value = undefined));

  const summary = computed(() => desk.state.value?.openOutcomes);
  const owed = useLoad(() => api.openOutcomes());
  // The desk says that something of it changed; the list itself is asked for.
  watch(
    () => JSON.stringify(summary.value ?? null),
    () => summary.value && void owed.reload(),
    { immediate: true },
  );
  const urgency = computed(() => {
    if (!summary.value) return 'none';
    if (summary.value.overdue > 0) return 'overdue';
    const remindAt = Date.parse(summary.value.nextRemindAt ?? '');
    return remindAt <= desk.clock.nowMs.value ? 'soon' : 'none';
  });

  const marking = useAction((mark: NewMark) =>
    withId(async (id) => {
      lastMark.value = await api.setMark(id, mark);
      await desk.refreshInterview();
    }),
  );
  /** One behind the other: a mark set while the one before is on its way is not lost. */
  let marked: Promise<unknown> = Promise.resolve();
  function setMark(mark: NewMark): Promise<boolean> {
    const set = marked.then(() => marking.run(mark));
    marked = set;
    return set;
  }

  return {
    api,
    setMark: { ...marking, run: setMark },
    lastMark,
    defer: useAction(() => withId((id) => api.defer(id))),
    refreshOrder: useAction(() => withId((id) => api.refreshOrder(id))),
    owed,
    urgency,
  };
}
