// The recordings of a company under a filter; typing does not ask the server at every letter.
import { reactive } from 'vue';
import { useCursorList, type CursorList, type Interview } from '@telewitness/desk';
import type { InterviewQuery, RecordingSelection, RecordsApi } from '../api';
import { reloadOnFilter } from './reload_on_filter';
import { kPageSize } from './use_interviews';

export const kSelections: readonly RecordingSelection[] = ['any', 'held', 'expiring', 'deleted'];

export interface RecordingFilter {
  selection: RecordingSelection;
  businessId: string;
  queueId: string;
}

export function recordingQueryOf(filter: RecordingFilter, cursor?: string): InterviewQuery {
  const businessId = filter.businessId.trim();
  return {
    limit: kPageSize,
    recording: filter.selection,
    ...(businessId ? { businessId } : {}),
    ...(filter.queueId ? { queueId: filter.queueId } : {}),
    ...(cursor ? { cursor } : {}),
  };
}

export interface Recordings {
  filter: RecordingFilter;
  list: CursorList<Interview>;
}

export function useRecordings(api: Pick<RecordsApi, 'listInterviews'>, selection: RecordingSelection): Recordings {
  const filter = reactive<RecordingFilter>({ selection, businessId: '', queueId: '' });
  const list = useCursorList<Interview>((cursor) => api.listInterviews(recordingQueryOf(filter, cursor)));
  reloadOnFilter(
    list,
    () => filter.businessId,
    () => [filter.selection, filter.queueId],
  );
  return { filter, list };
}
