// Loading something and saying how it went: the states every page shows (loading, ready, empty, error).
import { computed, onScopeDispose, ref, shallowRef, type ComputedRef, type Ref, type ShallowRef } from 'vue';
import type { ProblemLike } from './problem_text';
import { toProblem } from './problem';

export type LoadState = 'idle' | 'loading' | 'ready' | 'error';

export interface Loaded<T> {
  data: ShallowRef<T | undefined>;
  state: Ref<LoadState>;
  problem: ShallowRef<ProblemLike | undefined>;
  /** Loads again; what is shown stays until the answer comes. Only the newest call counts. */
  reload(): Promise<void>;
}

export function useLoad<T>(load: () => Promise<T>): Loaded<T> {
  const data = shallowRef<T>();
  const state = ref<LoadState>('idle');
  const problem = shallowRef<ProblemLike>();
  let newest = 0;
  onScopeDispose(() => (newest = -1), true);

  async function reload(): Promise<void> {
    if (newest < 0) return;
    const mine = ++newest;
    state.value = 'loading';
    try {
      const answer = await load();
      if (mine !== newest) return;
      data.value = answer;
      problem.value = undefined;
      state.value = 'ready';
    } catch (error) {
      if (mine !== newest) return;
      problem.value = toProblem(error);
      state.value = 'error';
    }
  }
  return { data, state, problem, reload };
}

export interface Page<T> {
  items: T[];
  nextCursor?: string | undefined;
}

export interface CursorList<T> {
  items: ShallowRef<T[]>;
  state: Ref<LoadState>;
  problem: ShallowRef<ProblemLike | undefined>;
  hasMore: ComputedRef<boolean>;
  isEmpty: ComputedRef<boolean>;
  /** From the first page, for instance after the filter changed. */
  reload(): Promise<void>;
  /** The page after the last one; does nothing while one is loading or when there is none. */
  loadMore(): Promise<void>;
}

/** A list paged by cursor that grows downwards. */
export function useCursorList<T>(loadPage: (cursor: string | undefined) => Promise<Page<T>>): CursorList<T> {
  const items = shallowRef<T[]>([]);
  const state = ref<LoadState>('idle');
  const problem = shallowRef<ProblemLike>();
  const cursor = ref<string>();
  let newest = 0;
  onScopeDispose(() => (newest = -1), true);

  async function run(from: string | undefined): Promise<void> {
    if (newest < 0) return;
    const mine = ++newest;
    state.value = 'loading';
    try {
      const page = await loadPage(from);
      if (mine !== newest) return;
      items.value = from === undefined ? page.items : [...items.value, ...page.items];
      cursor.value = page.nextCursor;
      problem.value = undefined;
      state.value = 'ready';
    } catch (error) {
      if (mine !== newest) return;
      problem.value = toProblem(error);
      state.value = 'error';
    }
  }
  return {
    items,
    state,
    problem,
    hasMore: computed(() => cursor.value !== undefined && cursor.value !== ''),
    isEmpty: computed(() => state.value === 'ready' && items.value.length === 0),
    reload: () => run(undefined),
    loadMore: async () => {
      if (state.value !== 'loading' && cursor.value) await run(cursor.value);
    },
  };
}
