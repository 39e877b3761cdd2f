// Who came and went, said for a few seconds each.
import { onScopeDispose, ref, watch, type Ref } from 'vue';
import type { Person } from '@telewitness/client';
import { comingsOf, type Coming } from '../logic/call_facts';

const kShownMs = 6_000;
/** More at once than this would only cover the picture. */
const kMostShown = 3;

export function useComings(people: () => readonly Person[]): Ref<Coming[]> {
  const shown = ref<Coming[]>([]);
  const timers = new Set<ReturnType<typeof setTimeout>>();
  watch(people, (now, before) => {
    for (const coming of comingsOf(before, now)) {
      shown.value = [...shown.value, coming].slice(-kMostShown);
      const timer = setTimeout(() => {
        timers.delete(timer);
        shown.value = shown.value.filter((each) => each !== coming);
      }, kShownMs);
      timers.add(timer);
    }
  });
  onScopeDispose(() => timers.forEach(clearTimeout));
  return shown;
}
