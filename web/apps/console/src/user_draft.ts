// A user in the form, and what of it goes to the server.
import type { NewUser, Role, UserChange } from '@telewitness/desk';

export interface UserDraft {
  name: string;
  displayName: string;
  role: Role;
  password: string;
  queueIds: string[];
  /** Administrators always may. */
  canSupervise: boolean;
}

export const emptyUser = (): UserDraft => ({
  name: '',
  displayName: '',
  role: 'agent',
  password: '',
  queueIds: [],
  canSupervise: false,
});

export function newUserOf(draft: UserDraft): NewUser {
  const { role, password, queueIds, canSupervise } = draft;
  const displayName = draft.displayName.trim();
  return { name: draft.name.trim(), displayName, role, password, queueIds: [...queueIds], canSupervise };
}

/** The login name stays; the password has a dialog of its own. */
export function userChangeOf(draft: UserDraft): UserChange {
  const { role, queueIds, canSupervise } = draft;
  return { displayName: draft.displayName.trim(), role, queueIds: [...queueIds], canSupervise };
}
