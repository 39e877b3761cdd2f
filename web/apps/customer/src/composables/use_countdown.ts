// A countdown that does something at its end unless it is stopped, e.g. going back to where the customer came from.
import { onScopeDispose, ref, type Ref } from 'vue';

export interface Countdown {
  /** Seconds left; undefined when it does not run. */
  left: Ref<number | undefined>;
  start(seconds: number): void;
  stop(): void;
}

export function useCountdown(atEnd: () => void): Countdown {
  const left = ref<number>();
  let timer: ReturnType<typeof setInterval> | undefined;

  function stop(): void {
    clearInterval(timer);
    left.value = undefined;
  }
  function start(seconds: number): void {
    stop();
    left.value = seconds;
    timer = setInterval(() => {
      left.value = (left.value ?? 1) - 1;
      if (left.value > 0) return;
      stop();
      atEnd();
    }, 1000);
  }
  onScopeDispose(stop);
  return { left, start, stop };
}
