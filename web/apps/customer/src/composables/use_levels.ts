// Everybody's network, as the server tells it; the own one as this browser measures it until then.
import { onScopeDispose, ref, watch, type Ref } from 'vue';
import type { EventSocket } from '@telewitness/client';

export type Levels = Record<string, number>;

export function useLevels(events: () => Pick<EventSocket, 'on'> | undefined): Ref<Levels> {
  const levels = ref<Levels>({});
  let stop: (() => void) | undefined;
  watch(
    events,
    (now) => {
      stop?.();
      levels.value = {};
      stop = now?.on('message', (message) => {
        if (message.type !== 'quality') return;
        levels.value = Object.fromEntries(message.people.map((each) => [each.participant, each.level]));
      });
    },
    { immediate: true },
  );
  onScopeDispose(() => stop?.());
  return levels;
}
