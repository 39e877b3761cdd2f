// What calls people back to the page while they wait: the ring, and "are you still there".
import { onScopeDispose, watch, type Ref } from 'vue';
import { useChime, type Chimes } from './use_chime';
import { useStillThere } from './use_still_there';

/** From one ring to the next. */
export const kRingEveryMs = 3_000;

export interface WaitingAlerts {
  /** The browser keeps silent until a press. */
  soundBlocked: Ref<boolean>;
  enableSound(): Promise<void>;
  asking: Ref<boolean>;
  here(): void;
}

export function useWaitingAlerts(
  inputs: { step: () => string; position: () => number | undefined },
  chimes: Chimes = useChime(),
): WaitingAlerts {
  let timer: ReturnType<typeof setInterval> | undefined;

  function ring(): void {
    void chimes.play('ring', true);
  }
  function quiet(): void {
    clearInterval(timer);
    timer = undefined;
  }
  watch(
    inputs.step,
    (step) => {
      if (step === 'queue') chimes.prepare();
      if (step !== 'ring') quiet();
      if (step !== 'queue' && step !== 'ring') chimes.rest();
      if (step !== 'ring' || timer !== undefined) return;
      ring();
      timer = setInterval(ring, kRingEveryMs);
    },
    { immediate: true },
  );
  onScopeDispose(quiet);

  const stillThere = useStillThere({
    waiting: () => inputs.step() === 'queue',
    near: () => inputs.position() === 1,
    call: () => void chimes.play('ask', true),
  });
  return {
    soundBlocked: chimes.blocked,
    enableSound: chimes.enable,
    asking: stillThere.asking,
    here: stillThere.here,
  };
}
