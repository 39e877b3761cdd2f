// The contract's words for who is in a room.
import type { Schema } from '@telewitness/protocol';

export type Person = Schema<'Person'>;
export type Role = Person['role'];
