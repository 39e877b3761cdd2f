// How long recordings are kept, as a form has it.

export const kMostRetentionDays = 36_500;
const kDayMs = 24 * 60 * 60_000;
/** What is proposed to who turns it on: a year, which nobody loses by a slip. */
const kProposedDays = '365';

export interface RetentionDraft {
  kind: 'never' | 'days';
  /** As typed. */
  days: string;
}

export function retentionOf(days: number | null | undefined): RetentionDraft {
  return typeof days === 'number' ? { kind: 'days', days: String(days) } : { kind: 'never', days: kProposedDays };
}

/** Null: never. Undefined: what was typed is no number of days. */
export function daysOf(draft: RetentionDraft): number | null | undefined {
  if (draft.kind === 'never') return null;
  const days = /^\d+$/.test(draft.days.trim()) ? Number(draft.days) : Number.NaN;
  return days >= 1 && days <= kMostRetentionDays ? days : undefined;
}

/** Whether saving lets recordings be deleted sooner than before; then somebody has to say yes to it. */
export function isShorter(before: number | null, after: number | null): boolean {
  return after !== null && (before === null || after < before);
}

/** Recordings of interviews that ended before this moment are deleted soon after saving; undefined where none are. */
export function deletedAfterSaving(
  before: number | null,
  after: number | null | undefined,
  nowMs: number,
): string | undefined {
  if (after === null || after === undefined || !isShorter(before, after)) return undefined;
  return new Date(nowMs - after * kDayMs).toISOString();
}
