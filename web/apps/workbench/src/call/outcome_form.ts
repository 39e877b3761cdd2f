// The agent's decision before it is sent: what is chosen, why, and whether it may be sent.
import { computed, ref, type ComputedRef, type Ref } from 'vue';
import type { NewOutcome, OutcomeKind, Reason } from '@telewitness/desk';

/** The contract's limit of a reason. */
export const kMostReason = 200;

export interface OutcomeForm {
  kind: Ref<OutcomeKind | undefined>;
  /** Chosen from the company's list. */
  listed: Ref<string>;
  /** The agent's own words. */
  words: Ref<string>;
  reasons: ComputedRef<Reason[]>;
  needsReason: ComputedRef<boolean>;
  reason: ComputedRef<string>;
  tooLong: ComputedRef<boolean>;
  ready: ComputedRef<boolean>;
  outcome: ComputedRef<NewOutcome | undefined>;
  choose(kind: OutcomeKind): void;
  reset(): void;
}

/** One text from the list's reason and the agent's words. */
export function reasonOf(listed: string, words: string): string {
  return [listed.trim(), words.trim()].filter((part) => part !== '').join('；');
}

export function useOutcomeForm(allReasons: () => Reason[]): OutcomeForm {
  const kind = ref<OutcomeKind>();
  const listed = ref('');
  const words = ref('');
  const needsReason = computed(() => kind.value === 'rejected' || kind.value === 'needs_supplement');
  const reason = computed(() => reasonOf(listed.value, words.value));
  const tooLong = computed(() => [...reason.value].length > kMostReason);
  const ready = computed(
    () => kind.value !== undefined && (!needsReason.value || (reason.value !== '' && !tooLong.value)),
  );

  function reset(): void {
    kind.value = undefined;
    listed.value = '';
    words.value = '';
  }
  return {
    kind,
    listed,
    words,
    reasons: computed(() => allReasons().filter((each) => each.enabled && each.kind === kind.value)),
    needsReason,
    reason,
    tooLong,
    ready,
    outcome: computed(() => {
      if (!ready.value || !kind.value) return undefined;
      return needsReason.value ? { kind: kind.value, reason: reason.value } : { kind: kind.value };
    }),
    choose(next) {
      if (next !== kind.value) listed.value = ''; // the other decision has other reasons
      kind.value = next;
    },
    reset,
  };
}
