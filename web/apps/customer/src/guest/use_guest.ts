// A third party's part in an interview as the page knows it: opens or resumes the session, hears news, offers what can be done.
import { onScopeDispose, ref, shallowRef, type Ref, type ShallowRef } from 'vue';
import {
  AgentSession,
  GuestSession,
  isOtherGuestDevice,
  isSignInRequired,
  kCloseTakenOver,
  ProblemError,
  type ConsentText,
  type GuestState,
  type SocketStatus,
} from '@telewitness/client';
import type { SessionStore } from '../logic/session_store';
import { openingProblemOf, type OpeningProblem } from '../logic/step';
import { endOfProblem, type GuestEnd } from './guest_step';

export interface SignInFields {
  tenant: string;
  name: string;
  password: string;
}

export interface Guest {
  session: ShallowRef<GuestSession | undefined>;
  state: ShallowRef<GuestState | undefined>;
  problem: Ref<OpeningProblem | undefined>;
  over: Ref<GuestEnd | undefined>;
  signInAsked: Ref<boolean>;
  signInFailed: Ref<boolean>;
  otherDevice: Ref<boolean>;
  takenOver: Ref<boolean>;
  connection: ShallowRef<SocketStatus>;
  draining: Ref<boolean>;
  busy: Ref<boolean>;
  actionProblem: ShallowRef<ProblemError | undefined>;
  open(linkToken: string | undefined): Promise<void>;
  signIn(fields: SignInFields): Promise<void>;
  takeOver(): Promise<void>;
  consent(accepted: boolean, text: ConsentText): Promise<void>;
  leave(): Promise<void>;
  refresh(): Promise<void>;
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
  const session = shallowRef<GuestSession>();
  const state = shallowRef<GuestState>();
  const problem = ref<OpeningProblem>();
  const over = ref<GuestEnd>();
  const signInAsked = ref(false);
  const signInFailed = ref(false);
  const otherDevice = ref(false);
  const takenOver = ref(false);
  const connection = shallowRef<SocketStatus>({ state: 'connecting' });
  const draining = ref(false);
  const busy = ref(false);
  const actionProblem = shallowRef<ProblemError>();
  /** Kept for a take-over that follows the sign-in; never stored. */
  let userToken: string | undefined;

  function adopt(opened: GuestSession, linkToken: string): void {
    session.value?.close();
    session.value = opened;
    state.value = opened.state;
    problem.value = over.value = undefined;
    signInAsked.value = otherDevice.value = takenOver.value = draining.value = false;
    store.write({ linkToken, token: opened.token });
    const isCurrent = () => session.value === opened;
    opened.on('state', (next) => isCurrent() && (state.value = next));
    opened.on('notice', (code) => isCurrent() && code === 'server.draining' && (draining.value = true));
    opened.on('connection', (status) => isCurrent() && onConnection(status));
    opened.connect();
  }

  function onConnection(status: SocketStatus): void {
    connection.value = status;
    if (status.state === 'connected') draining.value = false;
    if (status.state !== 'closed') return;
    if (status.code === kCloseTakenOver) takenOver.value = true;
    else void refresh();
  }

  async function enter(linkToken: string, make: () => Promise<GuestSession>): Promise<void> {
    if (busy.value) return;
    busy.value = true;
    try {
      adopt(await make(), linkToken);
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      if (isSignInRequired(error)) signInAsked.value = true;
      else if (isOtherGuestDevice(error)) otherDevice.value = true;
      else showProblem(error);
    } finally {
      busy.value = false;
    }
  }

  function showProblem(error: ProblemError): void {
    over.value = endOfProblem(error.code);
    if (!over.value) problem.value = openingProblemOf(error.code, error.status);
  }

  const openLink = (link: string, takeOver = false) => sessions.open(link, { takeOver, userToken });

  async function open(linkToken: string | undefined): Promise<void> {
    const stored = store.read();
    const link = linkToken ?? stored?.linkToken;
    if (!link) {
      problem.value = 'link-missing';
      return;
    }
    const token = stored?.linkToken === link ? stored.token : undefined;
    store.write({ linkToken: link, ...(token ? { token } : {}) });
    await enter(link, async () => {
      if (!token) return openLink(link);
      try {
        return await sessions.resume(token);
      } catch (error) {
        if (error instanceof ProblemError && error.status === 401) return openLink(link);
        throw error;
      }
    });
  }

  async function signIn(fields: SignInFields): Promise<void> {
    const link = store.read()?.linkToken;
    if (!link || busy.value) return;
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
    await enter(link, () => openLink(link));
  }

  async function act(run: (current: GuestSession) => Promise<GuestState>): Promise<void> {
    const current = session.value;
    if (!current || busy.value) return;
    busy.value = true;
    actionProblem.value = undefined;
    try {
      await run(current);
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      actionProblem.value = error;
      if (error.status === 401 || error.status === 409 || error.status === 410) void refresh();
    } finally {
      busy.value = false;
    }
  }

  async function refresh(): Promise<void> {
    try {
      await session.value?.refresh();
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      if (error.isNetwork) return;
      // The session is no longer good: the link says why.
      const link = store.read()?.linkToken;
      if (error.status === 401 && link) await enter(link, () => openLink(link));
      else showProblem(error);
    }
  }

  onScopeDispose(() => session.value?.close());
  return {
    session,
    state,
    problem,
    over,
    signInAsked,
    signInFailed,
    otherDevice,
    takenOver,
    connection,
    draining,
    busy,
    actionProblem,
    open,
    signIn,
    takeOver: async () => {
      const link = store.read()?.linkToken;
      if (link) await enter(link, () => openLink(link, true));
    },
    consent: (accepted, text) => act((current) => current.consent(accepted, text)),
    leave: () => act((current) => current.leave()),
    refresh,
  };
}
