// The customer's interview as the page knows it: opens or resumes the session, hears news, and offers what can be done.
import { computed, onScopeDispose, ref, shallowRef, type ComputedRef, type Ref, type ShallowRef } from 'vue';
import {
  CustomerSession,
  isOtherDevice,
  kCloseNotSignedIn,
  kCloseTakenOver,
  ProblemError,
  type ConsentText,
  type CustomerState,
  type PlaceReport,
  type SocketStatus,
} from '@telewitness/client';
import type { SessionStore } from '../logic/session_store';
import { openingProblemOf, type OpeningProblem } from '../logic/step';

export interface Interview {
  session: ShallowRef<CustomerSession | undefined>;
  state: ShallowRef<CustomerState | undefined>;
  /** Why the page cannot go on. */
  problem: Ref<OpeningProblem | undefined>;
  /** The integrator's words for `not-allowed`. */
  problemMessage: Ref<string | undefined>;
  otherDevice: Ref<boolean>;
  takenOver: Ref<boolean>;
  connection: ShallowRef<SocketStatus>;
  /** The server said that it will restart. */
  draining: Ref<boolean>;
  /** An action is under way: its buttons wait. */
  busy: Ref<boolean>;
  /** The last action failed with this; cleared by the next one. */
  actionProblem: ShallowRef<ProblemError | undefined>;
  canTakeOver: ComputedRef<boolean>;
  open(linkToken: string | undefined): Promise<void>;
  takeOver(): Promise<void>;
  retry(): Promise<void>;
  consent(accepted: boolean, text: ConsentText): Promise<boolean>;
  givePlace(report: PlaceReport): Promise<boolean>;
  enterQueue(): Promise<boolean>;
  leave(): Promise<boolean>;
  refresh(): Promise<void>;
}

/** What of the SDK is used, so that tests can give their own. */
export interface Sessions {
  open(linkToken: string, options: { takeOver: boolean }): Promise<CustomerSession>;
  resume(token: string): Promise<CustomerSession>;
}

export function useInterview(store: SessionStore, sessions: Sessions = CustomerSession): Interview {
  const session = shallowRef<CustomerSession>();
  const state = shallowRef<CustomerState>();
  const problem = ref<OpeningProblem>();
  const problemMessage = ref<string>();
  const otherDevice = ref(false);
  const takenOver = ref(false);
  const connection = shallowRef<SocketStatus>({ state: 'connecting' });
  const draining = ref(false);
  const busy = ref(false);
  const actionProblem = shallowRef<ProblemError>();
  let opening = false;

  function adopt(opened: CustomerSession, linkToken: string): void {
    session.value?.close();
    session.value = opened;
    state.value = opened.state;
    problem.value = problemMessage.value = undefined;
    otherDevice.value = takenOver.value = draining.value = false;
    store.write({ linkToken, token: opened.token });
    const isCurrent = () => session.value === opened;
    opened.on('state', (next) => isCurrent() && (state.value = next));
    opened.on('notice', (code) => isCurrent() && code === 'server.draining' && (draining.value = true));
    opened.on('connection', (status) => isCurrent() && onConnection(status));
    if (opened.state.status !== 'ended') opened.connect();
  }

  function onConnection(status: SocketStatus): void {
    connection.value = status;
    if (status.state === 'connected') draining.value = false;
    if (status.state !== 'closed') return;
    if (status.code === kCloseTakenOver) takenOver.value = true;
    else if (status.code === kCloseNotSignedIn) void reopen();
    else if (state.value?.status !== 'ended') void refresh();
  }

  /** The session is no longer good (it ended, or another device has it): the link says what to do. */
  async function reopen(): Promise<void> {
    const stored = store.read();
    if (stored) await enter(stored.linkToken, () => sessions.open(stored.linkToken, { takeOver: false }));
  }

  async function enter(linkToken: string, make: () => Promise<CustomerSession>): Promise<void> {
    if (opening) return;
    opening = busy.value = true;
    try {
      adopt(await make(), linkToken);
    } catch (error) {
      if (isOtherDevice(error)) {
        problem.value = undefined;
        otherDevice.value = true;
      } else if (error instanceof ProblemError) showProblem(error);
      else throw error;
    } finally {
      opening = busy.value = false;
    }
  }

  function showProblem(error: ProblemError): void {
    problem.value = openingProblemOf(error.code, error.status);
    problemMessage.value = error.params['message'];
  }

  async function open(linkToken: string | undefined): Promise<void> {
    const stored = store.read();
    const link = linkToken ?? stored?.linkToken;
    if (!link) {
      problem.value = 'link-missing';
      return;
    }
    const token = stored?.linkToken === link ? stored.token : undefined;
    store.write({ linkToken: link, ...(token ? { token } : {}) });
    await enter(link, () => (token ? resumeOrOpen(link, token) : sessions.open(link, { takeOver: false })));
  }

  async function resumeOrOpen(link: string, token: string): Promise<CustomerSession> {
    try {
      return await sessions.resume(token);
    } catch (error) {
      if (error instanceof ProblemError && error.status === 401) return sessions.open(link, { takeOver: false });
      throw error;
    }
  }

  async function takeOver(): Promise<void> {
    const link = store.read()?.linkToken;
    if (link) await enter(link, () => sessions.open(link, { takeOver: true }));
  }

  /** Runs an action of the session; false when it failed and `actionProblem` says why. */
  async function act(run: (current: CustomerSession) => Promise<CustomerState>): Promise<boolean> {
    const current = session.value;
    if (!current || busy.value) return false;
    busy.value = true;
    actionProblem.value = undefined;
    try {
      await run(current);
      return true;
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      actionProblem.value = error;
      if (error.status === 409 || error.status === 410) void refresh();
      if (error.status === 401) void reopenLater();
      return false;
    } finally {
      busy.value = false;
    }
  }

  async function reopenLater(): Promise<void> {
    await Promise.resolve();
    await reopen();
  }

  async function refresh(): Promise<void> {
    try {
      await session.value?.refresh();
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      if (error.status === 401) await reopen();
      else if (!error.isNetwork && state.value?.status !== 'ended') showProblem(error);
    }
  }

  onScopeDispose(() => session.value?.close());

  return {
    session,
    state,
    problem,
    problemMessage,
    otherDevice,
    takenOver,
    connection,
    draining,
    busy,
    actionProblem,
    canTakeOver: computed(() => store.read() !== undefined),
    open,
    takeOver,
    retry: () => open(undefined),
    consent: (accepted, text) => act((current) => current.consent(accepted, text)),
    givePlace: (report) => act((current) => current.givePlace(report)),
    enterQueue: () => act((current) => current.enterQueue()),
    leave: () => act((current) => current.leave()),
    refresh,
  };
}
