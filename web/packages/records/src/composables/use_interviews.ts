// The list of interviews under a filter; typing does not ask the server at every letter.
import { reactive } from 'vue';
import {
  useCursorList,
  type CursorList,
  type Interview,
  type InterviewStatus,
  type OutcomeKind,
} from '@telewitness/desk';
import type { InterviewQuery, RecordsApi } from '../api';
import { reloadOnFilter } from './reload_on_filter';

export const kPageSize = 50;

export interface InterviewFilter {
  businessId: string;
  queueId: string;
  status: InterviewStatus | '';
  outcome: OutcomeKind | '';
}

export const emptyFilter = (): InterviewFilter => ({ businessId: '', queueId: '', status: '', outcome: '' });

/** Only what is chosen goes to the server. */
export function queryOf(filter: InterviewFilter, cursor?: string): InterviewQuery {
  const businessId = filter.businessId.trim();
  return {
    limit: kPageSize,
    ...(businessId ? { businessId } : {}),
    ...(filter.queueId ? { queueId: filter.queueId } : {}),
    ...(filter.status ? { status: filter.status } : {}),
    ...(filter.outcome ? { outcome: filter.outcome } : {}),
    ...(cursor ? { cursor } : {}),
  };
}

export interface InterviewRecords {
  filter: InterviewFilter;
  list: CursorList<Interview>;
  reset(): void;
}

export function useInterviews(api: Pick<RecordsApi, 'listInterviews'>): InterviewRecords {
  const filter = reactive(emptyFilter());
  const list = useCursorList<Interview>((cursor) => api.listInterviews(queryOf(filter, cursor)));
  reloadOnFilter(
    list,
    () => filter.businessId,
    () => [filter.queueId, filter.status, filter.outcome],
  );
  return { filter, list, reset: () => void Object.assign(filter, emptyFilter()) };
}
