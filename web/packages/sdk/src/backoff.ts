// How long to wait before the next try: doubling up to a limit, with jitter, so that pages do not return in step.
export interface BackoffOptions {
  firstMs: number;
  mostMs: number;
  /** The first so many waits are no longer than this: what is away only for a moment is found soon after it is back. */
  quick?: { tries: number; mostMs: number } | undefined;
  /** 0..1, injected by tests. */
  random?: (() => number) | undefined;
}

export class Backoff {
  readonly #options: BackoffOptions;
  #tries = 0;

  constructor(options: BackoffOptions) {
    this.#options = options;
  }

  get tries(): number {
    return this.#tries;
  }

  /** The next wait: between half and the whole of the doubled time, never above what is the most now. */
  nextMs(): number {
    const { firstMs, mostMs, quick } = this.#options;
    const most = quick && this.#tries < quick.tries ? quick.mostMs : mostMs;
    const whole = Math.min(firstMs * 2 ** this.#tries, most);
    this.#tries += 1;
    return whole / 2 + ((this.#options.random ?? Math.random)() * whole) / 2;
  }

  reset(): void {
    this.#tries = 0;
  }
}

/** A server that is started again is there after a second or two, and a call has its people back within five. */
export const kQuickReturn = { tries: 10, mostMs: 500 };

/** Waits; rejects with the signal's reason when it is aborted first. */
export function delay(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const onAbort = () => {
      clearTimeout(timer);
      reject(signal!.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    }, ms);
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}
