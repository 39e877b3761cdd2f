// What a reload needs to come back to the same place. Kept for this tab only, and gone with it.

import { storageKeyInFrame } from '@telewitness/client/frame';

const kCustomerKey = 'telewitness.customer';
export const kGuestKey = 'telewitness.guest';

export interface StoredSession {
  linkToken: string;
  /** Absent until the link was opened. */
  token?: string;
}

export interface SessionStore {
  read(): StoredSession | undefined;
  write(stored: StoredSession): void;
}

/** Over the browser's session storage; where that is forbidden, over memory, so that only a reload asks for the link again. */
export function createSessionStore(
  storage: () => Storage = () => window.sessionStorage,
  key = storageKeyInFrame(kCustomerKey),
): SessionStore {
  let inMemory: StoredSession | undefined;
  return {
    read() {
      try {
        return parse(storage().getItem(key)) ?? inMemory;
      } catch {
        return inMemory;
      }
    },
    write(stored) {
      inMemory = stored;
      try {
        storage().setItem(key, JSON.stringify(stored));
      } catch {
        // Private modes and full storages: memory is all there is.
      }
    },
  };
}

function parse(text: string | null): StoredSession | undefined {
  if (text === null) return undefined;
  const value = JSON.parse(text) as Partial<StoredSession> | null;
  if (typeof value?.linkToken !== 'string') return undefined;
  return { linkToken: value.linkToken, ...(typeof value.token === 'string' ? { token: value.token } : {}) };
}
