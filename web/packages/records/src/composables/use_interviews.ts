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
const kReceiptCharacters = 8;

export interface InterviewFilter {
  businessId: string;
  /** As it was typed. */
  receipt: string;
  queueId: string;
  status: InterviewStatus | '';
  outcome: OutcomeKind | '';
}

export const emptyFilter = (): InterviewFilter => ({
  businessId: '',
  receipt: '',
  queueId: '',
  status: '',
  outcome: '',
});

/** The receipt number once it is whole; until then it narrows nothing. The server says where a character is wrong. */
export function receiptQuery(typed: string): { receipt?: string } {
  return typed.replace(/[\s-]/g, '').length < kReceiptCharacters ? {} : { receipt: typed.trim() };
}

/** Only what is chosen goes to the server. */
export function queryOf(filter: InterviewFilter, cursor?: string): InterviewQuery {
  const businessId = filter.businessId.trim();
  return {
    limit: kPageSize,
    ...(businessId ? { businessId } : {}),
    ...receiptQuery(filter.receipt),
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
    () => [filter.businessId, filter.receipt],
    () => [filter.queueId, filter.status, filter.outcome],
  );
  return { filter, list, reset: () => void Object.assign(filter, emptyFilter()) };
}
