// Signals joined by hand: AbortSignal.any and AbortSignal.timeout are missing in in-app browsers of some years ago.

export interface Deadline {
  /** Aborted by the time-out or by the signal it was made from, whichever comes first. */
  readonly signal: AbortSignal;
  readonly timedOut: boolean;
  /** Call it when the work is done. */
  clear(): void;
}

export function deadline(ms: number, outer?: AbortSignal): Deadline {
  const controller = new AbortController();
  let timedOut = false;
  const onOuter = () => controller.abort(outer?.reason);
  const timer = setTimeout(() => {
    timedOut = true;
    controller.abort();
  }, ms);
  if (outer?.aborted) onOuter();
  else outer?.addEventListener('abort', onOuter, { once: true });
  return {
    signal: controller.signal,
    get timedOut() {
      return timedOut;
    },
    clear() {
      clearTimeout(timer);
      outer?.removeEventListener('abort', onOuter);
    },
  };
}
