// The customer's interview as the page knows it: what a session by link offers, and the customer's steps.
import { computed, ref, type ComputedRef, type Ref } from 'vue';
import { CustomerSession, isOtherDevice, type CustomerState, type PlaceReport } from '@telewitness/client';
import type { SessionStore } from '../logic/session_store';
import { openingProblemOf } from '../logic/step';
import { useLinkSession, type LinkedSession } from './use_link_session';

export interface Interview extends LinkedSession<CustomerState, CustomerSession> {
  /** The integrator's words for `not-allowed`. */
  problemMessage: Ref<string | undefined>;
  canTakeOver: ComputedRef<boolean>;
  retry(): Promise<void>;
  givePlace(report: PlaceReport): Promise<boolean>;
  enterQueue(): Promise<boolean>;
  /** After the end: how content the customer was. */
  rate(score: number, comment: string): Promise<boolean>;
}

/** What of the SDK is used, so that tests can give their own. */
export interface Sessions {
  open(linkToken: string, options: { takeOver: boolean }): Promise<CustomerSession>;
  resume(token: string): Promise<CustomerSession>;
}

export function useInterview(store: SessionStore, sessions: Sessions = CustomerSession): Interview {
  const problemMessage = ref<string>();
  const linked = useLinkSession<CustomerState, CustomerSession>({
    store,
    open: (link, takeOver) => sessions.open(link, { takeOver }),
    resume: (token) => sessions.resume(token),
    isOtherDevice,
    isOver: (state) => state.status === 'ended',
    explain: (error) => {
      problemMessage.value = error?.params['message'];
      return error && openingProblemOf(error.code, error.status);
    },
  });
  const { open, act } = linked;
  return {
    ...linked,
    problemMessage,
    canTakeOver: computed(() => store.read() !== undefined),
    retry: () => open(undefined),
    givePlace: (report) => act((current) => current.givePlace(report)),
    enterQueue: () => act((current) => current.enterQueue()),
    rate: (score, comment) => act((current) => current.giveSatisfaction({ score, ...(comment ? { comment } : {}) })),
  };
}
