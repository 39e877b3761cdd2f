// How long a recording is kept, as a page says it.
import type { Recording } from '@telewitness/desk';

export const kDayMs = 24 * 60 * 60_000;
/** From here on a list and a record warn that a recording is going to be deleted. The server's filter has the same days. */
export const kSoonDays = 7;

export type Keeping =
  | { kind: 'deleted' }
  /** Held; `expiresAt` when retention would delete it otherwise. */
  | { kind: 'held'; expiresAt: string | undefined }
  | { kind: 'expiring'; expiresAt: string; daysLeft: number; soon: boolean }
  | { kind: 'unlimited' };

export type KeptRecording = Pick<Recording, 'legalHold' | 'expiresAt' | 'deletion'>;

export function keepingOf(recording: KeptRecording, nowMs: number): Keeping {
  if (recording.deletion) return { kind: 'deleted' };
  const expiresAt = recording.expiresAt ?? undefined;
  if (recording.legalHold) return { kind: 'held', expiresAt };
  if (expiresAt === undefined) return { kind: 'unlimited' };
  const leftMs = Math.max(0, Date.parse(expiresAt) - nowMs);
  return { kind: 'expiring', expiresAt, daysLeft: Math.floor(leftMs / kDayMs), soon: leftMs <= kSoonDays * kDayMs };
}
