// A session that a link opens, as a page knows it (the customer's, a third party's): opens or resumes it, hears news,
// runs what can be done one at a time, and asks the link again where the session is no longer good.
import { onScopeDispose, ref, shallowRef, type Ref, type ShallowRef } from 'vue';
import {
  kCloseNotSignedIn,
  kCloseTakenOver,
  ProblemError,
  type ConsentText,
  type CustomerState,
  type GuestState,
  type LinkSession,
  type SocketStatus,
} from '@telewitness/client';
import { wholeLink } from '../logic/elsewhere';
import type { SessionStore } from '../logic/session_store';
import type { OpeningProblem } from '../logic/step';

/** Where the two kinds of session differ. */
export interface LinkSessionKind<State extends CustomerState | GuestState, Session extends LinkSession<State>> {
  store: SessionStore;
  open(link: string, takeOver: boolean): Promise<Session>;
  resume(token: string): Promise<Session>;
  isOtherDevice(error: ProblemError): boolean;
  /** Nothing will follow this state: no news is listened to, and no failure shown. */
  isOver(state: State): boolean;
  /** Why the page cannot go on, if this is a reason; `undefined` asks for nothing and means that it goes on. */
  explain(error: ProblemError | undefined): OpeningProblem | undefined;
}

export interface LinkedSession<State, Session> {
  session: ShallowRef<Session | undefined>;
  state: ShallowRef<State | undefined>;
  /** Why the page cannot go on. */
  problem: Ref<OpeningProblem | undefined>;
  otherDevice: Ref<boolean>;
  takenOver: Ref<boolean>;
  connection: ShallowRef<SocketStatus>;
  /** The server said that it will restart. */
  draining: Ref<boolean>;
  /** An action is under way: its buttons wait. */
  busy: Ref<boolean>;
  /** The last action failed with this; cleared by the next one. */
  actionProblem: ShallowRef<ProblemError | undefined>;
  open(linkToken: string | undefined): Promise<void>;
  /** Opens the link that is stored once more. */
  reopen(takeOver?: boolean): Promise<void>;
  /** Runs an action of the session; false when it failed and `actionProblem` says why. */
  act(run: (current: Session) => Promise<unknown>): Promise<boolean>;
  refresh(): Promise<void>;
  /** Opens it here although another device has it. */
  takeOver(): Promise<void>;
  consent(accepted: boolean, text: ConsentText): Promise<boolean>;
  leave(): Promise<boolean>;
  /** For another browser or device; the address of this page no longer holds it. */
  link(): string | undefined;
}

export function useLinkSession<State extends CustomerState | GuestState, Session extends LinkSession<State>>(
  kind: LinkSessionKind<State, Session>,
): LinkedSession<State, Session> {
  const { store } = kind;
  const session = shallowRef<Session>();
  const state = shallowRef<State>();
  const problem = ref<OpeningProblem>();
  const otherDevice = ref(false);
  const takenOver = ref(false);
  const connection = shallowRef<SocketStatus>({ state: 'connecting' });
  const draining = ref(false);
  const busy = ref(false);
  const actionProblem = shallowRef<ProblemError>();
  let opening = false;

  const isOver = () => state.value !== undefined && kind.isOver(state.value);

  function adopt(opened: Session, linkToken: string): void {
    session.value?.close();
    session.value = opened;
    state.value = opened.state;
    problem.value = kind.explain(undefined);
    otherDevice.value = takenOver.value = draining.value = false;
    store.write({ linkToken, token: opened.token });
    const isCurrent = () => session.value === opened;
    opened.on('state', (next) => isCurrent() && (state.value = next));
    opened.on('notice', (code) => isCurrent() && code === 'server.draining' && (draining.value = true));
    opened.on('connection', (status) => isCurrent() && onConnection(status));
    if (!isOver()) opened.connect();
  }

  function onConnection(status: SocketStatus): void {
    connection.value = status;
    if (status.state === 'connected') draining.value = false;
    if (status.state !== 'closed') return;
    if (status.code === kCloseTakenOver) takenOver.value = true;
    else if (status.code === kCloseNotSignedIn) void reopen();
    else if (!isOver()) void refresh();
  }

  async function enter(linkToken: string, make: () => Promise<Session>): Promise<void> {
    if (opening) return;
    opening = busy.value = true;
    try {
      adopt(await make(), linkToken);
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      if (kind.isOtherDevice(error)) {
        problem.value = kind.explain(undefined);
        otherDevice.value = true;
      } else problem.value = kind.explain(error);
    } finally {
      opening = busy.value = false;
    }
  }

  async function reopen(takeOver = false): Promise<void> {
    const link = store.read()?.linkToken;
    if (link) await enter(link, () => kind.open(link, takeOver));
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
    await enter(link, () => (token ? resumeOrOpen(link, token) : kind.open(link, false)));
  }

  async function resumeOrOpen(link: string, token: string): Promise<Session> {
    try {
      return await kind.resume(token);
    } catch (error) {
      if (error instanceof ProblemError && error.status === 401) return kind.open(link, false);
      throw error;
    }
  }

  async function act(run: (current: Session) => Promise<unknown>): Promise<boolean> {
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
      // After this action, which is busy until it returns.
      if (error.status === 401) void Promise.resolve().then(() => reopen());
      return false;
    } finally {
      busy.value = false;
    }
  }

  async function refresh(): Promise<void> {
    try {
      await session.value?.refresh();
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      // The session is no longer good (it ended, or another device has it): the link says what to do.
      if (error.status === 401) await reopen();
      else if (!error.isNetwork && !isOver()) problem.value = kind.explain(error);
    }
  }

  onScopeDispose(() => session.value?.close());
  return {
    session,
    state,
    problem,
    otherDevice,
    takenOver,
    connection,
    draining,
    busy,
    actionProblem,
    open,
    reopen,
    act,
    refresh,
    takeOver: () => reopen(true),
    consent: (accepted, text) => act((current) => current.consent(accepted, text)),
    leave: () => act((current) => current.leave()),
    link() {
      const token = store.read()?.linkToken;
      return token && wholeLink(window.location, token);
    },
  };
}
