// Into the queue as soon as everything that was asked for is given: once by itself, after that only by a press.
import { watch } from 'vue';

export function useQueueEntry(inputs: {
  ready: () => boolean;
  busy: () => boolean;
  enter: () => Promise<unknown>;
}): void {
  let tried = false;
  watch(
    [inputs.ready, inputs.busy],
    ([ready, busy]) => {
      if (!ready) {
        tried = false;
      } else if (!busy && !tried) {
        tried = true;
        void inputs.enter();
      }
    },
    { immediate: true },
  );
}
