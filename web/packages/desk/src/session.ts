// Who is signed in at this tab. The token lives with the tab: a reload keeps it, a closed tab forgets it.
import { computed, ref, shallowRef, type ComputedRef, type Ref, type ShallowRef } from 'vue';
import { endsSignIn, toProblem } from './problem';
import type { ProblemLike } from './problem_text';
import type { Role, SignedInUser } from './types';

export interface Credentials {
  tenant: string;
  name: string;
  password: string;
}

/** A signed-in connection to the server: the SDK's AgentSession, or a test's. */
export interface SignedInClient {
  readonly token: string;
  readonly user: SignedInUser;
  on(event: 'signedOut', listener: () => void): () => void;
  signOut(): Promise<void>;
}

/** How to get one; `AgentSession` itself fits. */
export interface SignInApi<C extends SignedInClient> {
  signIn(credentials: Credentials): Promise<C>;
  signInByLink(linkToken: string): Promise<C>;
  /** With a token this tab remembers. */
  resume(token: string): Promise<C>;
}

export type SessionState = 'starting' | 'signed_out' | 'signed_in';
/** Why the sign-in page is shown again. */
export type SignedOutBecause = 'signed_out' | 'expired' | 'wrong_role';

export interface Session<C extends SignedInClient = SignedInClient> {
  state: Ref<SessionState>;
  client: ShallowRef<C | undefined>;
  /** With what the sign-in link said (queue, return address), which outlives a reload too. */
  user: ComputedRef<SignedInUser | undefined>;
  because: Ref<SignedOutBecause | undefined>;
  /** What went wrong while the page started: a used link, a server out of reach. */
  problem: ShallowRef<ProblemLike | undefined>;
  /** Signs in by the link's token where there is one, else goes on with the token this tab remembers. */
  start(linkToken?: string): Promise<void>;
  signIn(credentials: Credentials): Promise<void>;
  signOut(): Promise<void>;
  /** Who signed in here last, to fill the form; never the password. */
  lastNames(): Pick<Credentials, 'tenant' | 'name'>;
}

export interface SessionOptions<C extends SignedInClient> {
  api: SignInApi<C>;
  storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;
  storageKey: string;
  /** Only this role may use the page; the others are told so. */
  role?: Role;
  /** Waits before the server is asked again. */
  pause?: (ms: number) => Promise<void>;
}

interface Kept {
  token: string;
  user: SignedInUser;
}

/** A server that restarts is back within seconds; the page shows why it waits. */
export const kResumeRetryMs = 2_000;

export function createSession<C extends SignedInClient>(options: SessionOptions<C>): Session<C> {
  const { api, storage, storageKey } = options;
  const pause = options.pause ?? ((ms) => new Promise<void>((resolve) => setTimeout(resolve, ms)));
  const state = ref<SessionState>('starting');
  const client = shallowRef<C>();
  const linkUser = shallowRef<SignedInUser>();
  const because = ref<SignedOutBecause>();
  const problem = shallowRef<ProblemLike>();
  let last = recall()?.user;

  function recall(): Kept | undefined {
    try {
      const read = JSON.parse(storage.getItem(storageKey) ?? 'null') as Kept | null;
      return read && typeof read.token === 'string' && typeof read.user?.id === 'string' ? read : undefined;
    } catch {
      return undefined;
    }
  }

  function remember(now: Kept | undefined): void {
    try {
      if (now) storage.setItem(storageKey, JSON.stringify(now));
      else storage.removeItem(storageKey);
    } catch {
      // A browser without storage asks for the password after a reload; nothing else is lost.
    }
  }

  function forget(reason: SignedOutBecause): void {
    remember(undefined);
    client.value = undefined;
    because.value = reason;
    state.value = 'signed_out';
  }

  async function take(now: C, before?: SignedInUser): Promise<void> {
    last = now.user;
    if (options.role && now.user.role !== options.role) {
      await now.signOut().catch(() => undefined);
      return forget('wrong_role');
    }
    const user = { ...before, ...now.user };
    remember({ token: now.token, user });
    now.on('signedOut', () => {
      if (client.value === now) forget('expired');
    });
    linkUser.value = user;
    client.value = now;
    because.value = undefined;
    problem.value = undefined;
    state.value = 'signed_in';
  }

  async function resume(kept: Kept): Promise<void> {
    for (;;) {
      try {
        return await take(await api.resume(kept.token), kept.user);
      } catch (error) {
        const failure = toProblem(error);
        if (endsSignIn(failure)) return forget('expired');
        problem.value = failure;
        await pause(kResumeRetryMs);
      }
    }
  }

  return {
    state,
    client,
    user: computed(() => (client.value ? linkUser.value : undefined)),
    because,
    problem,
    async start(linkToken) {
      const kept = recall();
      if (linkToken) {
        try {
          return await take(await api.signInByLink(linkToken));
        } catch (error) {
          // A link opened twice in this tab: who is signed in stays signed in.
          if (!kept) problem.value = toProblem(error);
        }
      }
      if (kept) await resume(kept);
      else state.value = 'signed_out';
    },
    async signIn(credentials) {
      await take(await api.signIn(credentials));
    },
    async signOut() {
      const now = client.value;
      forget('signed_out');
      await now?.signOut().catch(() => undefined);
    },
    lastNames: () => ({ tenant: last?.tenant ?? '', name: last?.name ?? '' }),
  };
}
