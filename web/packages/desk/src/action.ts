// Doing something once at a time and saying how it went: the state of a button and of the alert beside it.
import { ref, shallowRef, type Ref, type ShallowRef } from 'vue';
import { toProblem } from './problem';
import type { ProblemLike } from './problem_text';

export interface Action<A extends unknown[]> {
  busy: Ref<boolean>;
  problem: ShallowRef<ProblemLike | undefined>;
  /** True when it was done. While it runs, another call does nothing and answers false. */
  run(...args: A): Promise<boolean>;
  clear(): void;
}

export function useAction<A extends unknown[]>(act: (...args: A) => Promise<unknown>): Action<A> {
  const busy = ref(false);
  const problem = shallowRef<ProblemLike>();
  return {
    busy,
    problem,
    async run(...args) {
      if (busy.value) return false;
      busy.value = true;
      problem.value = undefined;
      try {
        await act(...args);
        return true;
      } catch (error) {
        problem.value = toProblem(error);
        return false;
      } finally {
        busy.value = false;
      }
    },
    clear: () => (problem.value = undefined),
  };
}
