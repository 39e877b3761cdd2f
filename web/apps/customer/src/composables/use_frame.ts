// In an integrator's page: tells it where the interview stands and how it ended, and leaves when that page says so.
import { onScopeDispose, watch } from 'vue';
import type { CustomerState } from '@telewitness/client';
import { currentFrame, exitResultOf, type Frame } from '@telewitness/client/frame';

export interface FramedInterview {
  state(): CustomerState | undefined;
  /** Why the page cannot go on. */
  problem(): string | undefined;
  leave(): void;
}

export function useFrame(interview: FramedInterview, frame: Frame | undefined = currentFrame()): void {
  if (!frame) return;
  onScopeDispose(frame.onWish(() => interview.leave()));
  frame.tell({ type: 'ready' });
  watch(
    () => interview.state()?.status,
    (status) => {
      if (status) frame.tell({ type: 'state', state: status });
      const state = interview.state();
      if (state && status === 'ended') frame.tell({ type: 'ended', result: exitResultOf(state) });
    },
    { immediate: true },
  );
  watch(interview.problem, (problem) => problem && frame.tell({ type: 'error', code: problem }), { immediate: true });
}
