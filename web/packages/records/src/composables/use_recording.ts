// A recording while it is being made: asked again until it is ready or has failed, so that the page shows its progress.
import { onScopeDispose, ref, shallowRef, type Ref, type ShallowRef } from 'vue';
import { toProblem, type LoadState, type ProblemLike, type Recording } from '@telewitness/desk';

/** Composing takes from seconds to minutes; the first answers come soon, later ones save the server's time. */
export const kFirstDelayMs = 1_000;
export const kMostDelayMs = 10_000;

export interface Timers {
  set(run: () => void, afterMs: number): number;
  clear(handle: number): void;
}
const kBrowserTimers: Timers = {
  set: (run, afterMs) => window.setTimeout(run, afterMs),
  clear: (handle) => window.clearTimeout(handle),
};

export interface WatchedRecording {
  recording: ShallowRef<Recording | undefined>;
  state: Ref<LoadState>;
  problem: ShallowRef<ProblemLike | undefined>;
  /** There is none: the interview was never answered. */
  missing: Ref<boolean>;
  reload(): Promise<void>;
}

export function useRecording(load: () => Promise<Recording>, timers: Timers = kBrowserTimers): WatchedRecording {
  const recording = shallowRef<Recording>();
  const state = ref<LoadState>('idle');
  const problem = shallowRef<ProblemLike>();
  const missing = ref(false);
  let delayMs = kFirstDelayMs;
  let timer: number | undefined;
  let gone = false;
  let newest = 0;
  onScopeDispose(() => {
    gone = true;
    if (timer !== undefined) timers.clear(timer);
  }, true);

  function again(): void {
    timer = timers.set(() => void ask(), delayMs);
    delayMs = Math.min(delayMs * 1.5, kMostDelayMs);
  }

  async function ask(): Promise<void> {
    const mine = ++newest;
    if (timer !== undefined) timers.clear(timer);
    timer = undefined;
    if (!recording.value) state.value = 'loading';
    try {
      const answer = await load();
      if (gone || mine !== newest) return;
      recording.value = answer;
      problem.value = undefined;
      missing.value = false;
      state.value = 'ready';
      if (answer.status === 'recording' || answer.status === 'processing') again();
    } catch (error) {
      if (gone || mine !== newest) return;
      const failure = toProblem(error);
      missing.value = failure.status === 404;
      problem.value = missing.value ? undefined : failure;
      state.value = missing.value ? 'ready' : 'error';
    }
  }

  return {
    recording,
    state,
    problem,
    missing,
    reload: () => {
      delayMs = kFirstDelayMs;
      return ask();
    },
  };
}
