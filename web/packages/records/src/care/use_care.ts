// What an administrator does with a recording: hold it, lift the hold, delete it. Each with a reason that is kept.
import { computed, ref, shallowRef, type ComputedRef, type Ref, type ShallowRef } from 'vue';
import { toProblem, type ProblemLike, type Recording } from '@telewitness/desk';

export const kMostReason = 200;

/** What it asks of the server. Pages of agents have none. */
export interface RecordingCare {
  hold(interviewId: string, reason: string): Promise<Recording>;
  lift(interviewId: string, reason: string): Promise<Recording>;
  remove(interviewId: string, reason: string): Promise<Recording>;
}

export type CareAct = 'hold' | 'lift' | 'delete';

export interface CareSubject {
  interviewId: string;
  /** What has to be typed before it is deleted: it names this very recording. */
  name: string;
}

export interface CareDialog {
  act: Ref<CareAct | undefined>;
  reason: Ref<string>;
  typed: Ref<string>;
  busy: Ref<boolean>;
  problem: ShallowRef<ProblemLike | undefined>;
  /** What is wrong with a field, once it was tried. */
  missing: ComputedRef<{ reason?: ProblemLike; typed?: ProblemLike }>;
  begin(act: CareAct): void;
  submit(): Promise<void>;
  close(): void;
}

export function useCare(
  care: () => RecordingCare | undefined,
  subject: () => CareSubject,
  /** With what the server says of it now; without it when somebody else was first: look again. */
  done: (act: CareAct, recording: Recording | undefined) => void,
): CareDialog {
  const act = ref<CareAct>();
  const reason = ref('');
  const typed = ref('');
  const busy = ref(false);
  const tried = ref(false);
  const problem = shallowRef<ProblemLike>();

  const lacks = computed(() => ({
    ...(reason.value.trim() === '' ? { reason: { code: 'form.required' } } : {}),
    ...(act.value === 'delete' && typed.value.trim() !== subject().name ? { typed: { code: 'form.not_same' } } : {}),
  }));
  const missing = computed(() => (tried.value ? lacks.value : {}));

  function begin(what: CareAct): void {
    reason.value = '';
    typed.value = '';
    tried.value = false;
    problem.value = undefined;
    act.value = what;
  }
  function ask(what: CareAct, with_: RecordingCare): Promise<Recording> {
    const { interviewId } = subject();
    const words = reason.value.trim().replace(/\s+/g, ' '); // one line: it stands in lists
    if (what === 'hold') return with_.hold(interviewId, words);
    return what === 'lift' ? with_.lift(interviewId, words) : with_.remove(interviewId, words);
  }
  /** Somebody else was first, or an answer was lost: it is as it was wanted. */
  const isThere = (what: CareAct, { code }: ProblemLike) =>
    (what === 'delete' && code === 'recording.deleted') || (what === 'lift' && code === 'recording.not_held');

  async function submit(): Promise<void> {
    const what = act.value;
    const with_ = care();
    tried.value = true;
    if (busy.value || !what || !with_ || Object.keys(lacks.value).length > 0) return;
    busy.value = true;
    problem.value = undefined;
    try {
      const now = await ask(what, with_);
      act.value = undefined;
      done(what, now);
    } catch (error) {
      const failure = toProblem(error);
      if (isThere(what, failure)) {
        act.value = undefined;
        done(what, undefined);
      } else problem.value = failure;
    } finally {
      busy.value = false;
    }
  }
  return { act, reason, typed, busy, problem, missing, begin, submit, close: () => (act.value = undefined) };
}
