// The administrator's sign-in at this tab.
import { inject, type InjectionKey } from 'vue';
import { AgentSession } from '@telewitness/client';
import { createSession, type Session } from '@telewitness/desk';

export type ConsoleSession = Session<AgentSession>;

export const kSession: InjectionKey<ConsoleSession> = Symbol('session');

export function createConsoleSession(): ConsoleSession {
  return createSession<AgentSession>({
    api: AgentSession,
    storage: window.sessionStorage,
    storageKey: 'telewitness.console',
    role: 'administrator',
  });
}

export function useSession(): ConsoleSession {
  const session = inject(kSession);
  if (!session) throw new Error('Provide kSession at the root of the app.');
  return session;
}
