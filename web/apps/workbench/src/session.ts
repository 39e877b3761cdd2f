// The agent's sign-in at this tab. Administrators who serve queues may answer too.
import { inject, type InjectionKey } from 'vue';
import { AgentSession } from '@telewitness/client';
import { storageKeyInFrame } from '@telewitness/client/frame';
import { createSession, type Session } from '@telewitness/desk';
import { pageId } from './page_id';

export type WorkbenchSession = Session<AgentSession>;

export const kSession: InjectionKey<WorkbenchSession> = Symbol('session');

export function createWorkbenchSession(): WorkbenchSession {
  const options = { page: pageId() };
  return createSession<AgentSession>({
    api: {
      signIn: (credentials) => AgentSession.signIn(credentials, options),
      signInByLink: (token) => AgentSession.signInByLink(token, options),
      resume: (token) => AgentSession.resume(token, options),
    },
    storage: window.sessionStorage,
    storageKey: storageKeyInFrame('telewitness.workbench'),
  });
}

export function useSession(): WorkbenchSession {
  const session = inject(kSession);
  if (!session) throw new Error('Provide kSession at the root of the app.');
  return session;
}
