// Notes beside an interview: kept by themselves a moment after the last letter, never over what somebody else wrote.
import { computed, onScopeDispose, ref, shallowRef, watch, type ComputedRef, type Ref, type ShallowRef } from 'vue';
import { toProblem, type Notes, type ProblemLike } from '@telewitness/desk';

/** The contract's limit. */
export const kMostNotes = 4_000;
/** After the last letter. */
export const kSaveAfterMs = 800;
/** After a failure that may pass. */
export const kSaveAgainMs = 4_000;

export type NotesState = 'saved' | 'typing' | 'saving' | 'failed' | 'conflict' | 'too_long';

export interface NotesApi {
  notes(interviewId: string): Promise<Notes>;
  writeNotes(interviewId: string, change: Pick<Notes, 'text' | 'version'>, keepalive?: boolean): Promise<Notes>;
}

export interface NotesDesk {
  text: Ref<string>;
  state: ComputedRef<NotesState>;
  problem: ShallowRef<ProblemLike | undefined>;
  /** With a conflict: what the other one wrote. */
  theirs: ShallowRef<Notes | undefined>;
  used: ComputedRef<number>;
  /** The agent typed. */
  write(text: string): void;
  /** Sends what is not kept yet, now. */
  flush(keepalive?: boolean): Promise<void>;
  keepMine(): Promise<void>;
  takeTheirs(): void;
}

/** Of one interview; `known` are the notes as its newest state has them. */
export function useNotes(interviewId: string, known: () => Notes | undefined, api: NotesApi): NotesDesk {
  const text = ref(known()?.text ?? '');
  const problem = shallowRef<ProblemLike>();
  const theirs = shallowRef<Notes>();
  const dirty = ref(false);
  const saving = ref(false);
  let version = known()?.version ?? 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const used = computed(() => [...text.value].length);
  const state = computed<NotesState>(() => {
    if (theirs.value) return 'conflict';
    if (used.value > kMostNotes) return 'too_long';
    if (problem.value) return 'failed';
    if (saving.value) return 'saving';
    return dirty.value ? 'typing' : 'saved';
  });

  function take(notes: Notes): void {
    version = notes.version;
    if (!dirty.value) text.value = notes.text;
  }
  watch(known, (now) => {
    if (now && now.version > version && !dirty.value && !saving.value) take(now);
  });

  function later(ms: number): void {
    clearTimeout(timer);
    timer = setTimeout(() => void flush(), ms);
  }

  async function refused(failure: ProblemLike): Promise<void> {
    dirty.value = true;
    if (failure.code !== 'notes.conflict') {
      problem.value = failure;
      later(kSaveAgainMs);
      return;
    }
    try {
      theirs.value = await api.notes(interviewId);
    } catch (error) {
      problem.value = toProblem(error);
      later(kSaveAgainMs);
    }
  }

  async function flush(keepalive = false): Promise<void> {
    clearTimeout(timer);
    if (!dirty.value || saving.value || theirs.value || used.value > kMostNotes) return;
    saving.value = true;
    dirty.value = false;
    try {
      const kept = await api.writeNotes(interviewId, { text: text.value, version }, keepalive);
      problem.value = undefined;
      version = kept.version;
    } catch (error) {
      await refused(toProblem(error));
    } finally {
      saving.value = false;
    }
    // Typed on meanwhile.
    if (dirty.value && !problem.value && !theirs.value) later(kSaveAfterMs);
  }

  const onLeave = () => void flush(true);
  window.addEventListener('pagehide', onLeave);
  onScopeDispose(() => {
    window.removeEventListener('pagehide', onLeave);
    void flush(true).finally(() => clearTimeout(timer));
  }, true);

  return {
    text,
    state,
    problem,
    theirs,
    used,
    write(next) {
      if (next === text.value) return;
      text.value = next;
      dirty.value = true;
      later(kSaveAfterMs);
    },
    flush,
    async keepMine() {
      if (!theirs.value) return;
      version = theirs.value.version;
      theirs.value = undefined;
      dirty.value = true;
      await flush();
    },
    takeTheirs() {
      if (!theirs.value) return;
      dirty.value = false;
      take(theirs.value);
      theirs.value = undefined;
      problem.value = undefined;
    },
  };
}
