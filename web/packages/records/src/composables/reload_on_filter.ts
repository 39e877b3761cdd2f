// A list under a filter: what is chosen counts at once, what is typed when a pause says that the word is whole.
import { onScopeDispose, watch } from 'vue';
import type { CursorList } from '@telewitness/desk';

export const kTypingPauseMs = 300;

/** Reloads `list` when what `chosen` or `typed` read has changed. */
export function reloadOnFilter<T>(list: CursorList<T>, typed: () => unknown, chosen: () => unknown[]): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  onScopeDispose(() => clearTimeout(timer), true);
  watch(typed, () => {
    clearTimeout(timer);
    timer = setTimeout(() => void list.reload(), kTypingPauseMs);
  });
  watch(chosen, () => {
    clearTimeout(timer);
    void list.reload();
  });
}
