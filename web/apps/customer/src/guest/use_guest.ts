// A third party's part in an interview as the page knows it: what a session by link offers, and signing in where asked.
import { ref, type Ref } from 'vue';
import {
  AgentSession,
  GuestSession,
  isOtherGuestDevice,
  isSignInRequired,
  ProblemError,
  type GuestState,
} from '@telewitness/client';
import { useLinkSession, type LinkedSession } from '../composables/use_link_session';
import type { SessionStore } from '../logic/session_store';
import { openingProblemOf } from '../logic/step';
import { endOf, endOfProblem, type GuestEnd } from './guest_step';

export interface SignInFields {
  tenant: string;
  name: string;
  password: string;
}

export interface Guest extends LinkedSession<GuestState, GuestSession> {
  over: Ref<GuestEnd | undefined>;
  signInAsked: Ref<boolean>;
  signInFailed: Ref<boolean>;
  signIn(fields: SignInFields): Promise<void>;
}

/** What of the SDK is used, so that tests can give their own. */
export interface GuestSessions {
  open: typeof GuestSession.open;
  resume: typeof GuestSession.resume;
  signIn(fields: SignInFields): Promise<{ token: string }>;
}

const kBrowser: GuestSessions = {
  open: GuestSession.open,
  resume: GuestSession.resume,
  signIn: (fields) => AgentSession.signIn(fields),
};

export function useGuest(store: SessionStore, sessions: GuestSessions = kBrowser): Guest {
  const over = ref<GuestEnd>();
  const signInAsked = ref(false);
  const signInFailed = ref(false);
  /** Kept for a take-over that follows the sign-in; never stored. */
  let userToken: string | undefined;

  const linked = useLinkSession<GuestState, GuestSession>({
    store,
    open: (link, takeOver) => sessions.open(link, { takeOver, userToken }),
    resume: (token) => sessions.resume(token),
    isOtherDevice: isOtherGuestDevice,
    isOver: (state) => endOf(state) === 'ended',
    explain: (error) => {
      signInAsked.value = error !== undefined && isSignInRequired(error);
      over.value = error && endOfProblem(error.code);
      if (!error || signInAsked.value || over.value) return undefined;
      return openingProblemOf(error.code, error.status);
    },
  });
  const { actionProblem, busy, reopen } = linked;

  async function signIn(fields: SignInFields): Promise<void> {
    if (busy.value) return;
    busy.value = true;
    signInFailed.value = false;
    try {
      userToken = (await sessions.signIn(fields)).token;
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      if (error.status === 401) signInFailed.value = true;
      else actionProblem.value = error;
      return;
    } finally {
      busy.value = false;
    }
    await reopen();
  }

  return {
    ...linked,
    over,
    signInAsked,
    signInFailed,
    signIn,
  };
}
