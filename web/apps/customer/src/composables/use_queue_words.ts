// The queue in words for a screen reader: changes seldom, so that it is heard and not in the way.
import { ref, watch, type Ref } from 'vue';
import { isWorthSaying, type QueueFacts, type Said } from '../logic/queue_words';

export function useQueueWords(
  facts: () => QueueFacts,
  words: (facts: QueueFacts) => string,
  /** Changes with time, so that what was kept back is said later. */
  nowMs: () => number,
): Ref<string> {
  const spoken = ref('');
  let last: Said | undefined;
  watch(
    [facts, nowMs],
    ([now, at]) => {
      if (!isWorthSaying(last, now, at)) return;
      last = { ...now, atMs: at };
      spoken.value = words(now);
    },
    { immediate: true },
  );
  return spoken;
}
