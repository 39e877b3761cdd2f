// A user in the form, and what of it goes to the server.
import type { NewUser, Role, UserChange } from '@telewitness/desk';

export interface UserDraft {
  name: string;
  displayName: string;
  role: Role;
  password: string;
  queueIds: string[];
}

export const emptyUser = (): UserDraft => ({ name: '', displayName: '', role: 'agent', password: '', queueIds: [] });

export function newUserOf(draft: UserDraft): NewUser {
  const { role, password, queueIds } = draft;
  return { name: draft.name.trim(), displayName: draft.displayName.trim(), role, password, queueIds: [...queueIds] };
}

/** The login name stays; the password has a dialog of its own. */
export function userChangeOf(draft: UserDraft): UserChange {
  return { displayName: draft.displayName.trim(), role: draft.role, queueIds: [...draft.queueIds] };
}
