// The recordings of a company under a filter; typing does not ask the server at every letter.
import { reactive } from 'vue';
import { useCursorList, type CursorList, type Interview } from '@telewitness/desk';
import type { InterviewQuery, RecordingSelection, RecordsApi } from '../api';
import { reloadOnFilter } from './reload_on_filter';
import { kPageSize, receiptQuery } from './use_interviews';

export const kSelections: readonly RecordingSelection[] = ['any', 'held', 'expiring', 'deleted'];

export interface RecordingFilter {
  selection: RecordingSelection;
  businessId: string;
  /** As it was typed. */
  receipt: string;
  /** Part of the name of the customer or of the agent. */
  person: string;
  queueId: string;
  /** Days as the calendar here has them, `2026-01-31`; both are included, empty is open. */
  fromDay: string;
  toDay: string;
}

/** The moment at which a day begins here, `days` later; nothing where it is no day. */
function dayBegins(day: string, days: number): string | undefined {
  const parts = /^(\d{4})-(\d{2})-(\d{2})$/.exec(day);
  if (!parts) return undefined;
  return new Date(Number(parts[1]), Number(parts[2]) - 1, Number(parts[3]) + days).toISOString();
}

export function recordingQueryOf(filter: RecordingFilter, cursor?: string): InterviewQuery {
  const businessId = filter.businessId.trim();
  const person = filter.person.trim();
  const from = dayBegins(filter.fromDay, 0);
  const to = dayBegins(filter.toDay, 1);
  return {
    limit: kPageSize,
    recording: filter.selection,
    ...(businessId ? { businessId } : {}),
    ...receiptQuery(filter.receipt),
    ...(person ? { person } : {}),
    ...(filter.queueId ? { queueId: filter.queueId } : {}),
    ...(from ? { from } : {}),
    ...(to ? { to } : {}),
    ...(cursor ? { cursor } : {}),
  };
}

export interface Recordings {
  filter: RecordingFilter;
  list: CursorList<Interview>;
}

export function useRecordings(api: Pick<RecordsApi, 'listInterviews'>, selection: RecordingSelection): Recordings {
  const filter = reactive<RecordingFilter>({
    selection,
    businessId: '',
    receipt: '',
    person: '',
    queueId: '',
    fromDay: '',
    toDay: '',
  });
  const list = useCursorList<Interview>((cursor) => api.listInterviews(recordingQueryOf(filter, cursor)));
  reloadOnFilter(
    list,
    () => [filter.businessId, filter.receipt, filter.person],
    () => [filter.selection, filter.queueId, filter.fromDay, filter.toDay],
  );
  return { filter, list };
}
