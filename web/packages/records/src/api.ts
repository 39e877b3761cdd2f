// What the records parts ask of the server. Apps provide it once; parts and tests see only this.
import { inject, type InjectionKey } from 'vue';
import type { AgentSession, InterviewFilter } from '@telewitness/client';
import type {
  Interview,
  InterviewList,
  InterviewStatus,
  OutcomeKind,
  Photo,
  Recording,
  Ticket,
  TimelineEntry,
} from '@telewitness/desk';
import type { RecordingCare } from './care/use_care';

export type RecordingSelection = NonNullable<InterviewFilter['recording']>;
export type PhotoVariant = 'original' | 'watermarked';

export interface InterviewQuery {
  businessId?: string | undefined;
  queueId?: string | undefined;
  status?: InterviewStatus | undefined;
  outcome?: OutcomeKind | undefined;
  person?: string | undefined;
  receipt?: string | undefined;
  from?: string | undefined;
  to?: string | undefined;
  /** Only interviews with a recording: all of them, those on legal hold, deleted within days, or deleted. */
  recording?: RecordingSelection | undefined;
  cursor?: string | undefined;
  limit?: number | undefined;
}

export interface RecordsApi {
  listInterviews(query: InterviewQuery): Promise<InterviewList>;
  interview(interviewId: string): Promise<Interview>;
  timeline(interviewId: string): Promise<TimelineEntry[]>;
  photos(interviewId: string): Promise<Photo[]>;
  photoContent(interviewId: string, photoId: string, variant: PhotoVariant, signal?: AbortSignal): Promise<Blob>;
  recording(interviewId: string): Promise<Recording>;
  fileTicket(interviewId: string): Promise<Ticket>;
  /** Only of administrators. */
  care?: RecordingCare;
}

/** Holding and deleting recordings, for an administrator's pages. */
export function recordingCareOf({ http }: AgentSession): RecordingCare {
  const at = (interviewId: string) => `/interviews/${encodeURIComponent(interviewId)}/recording`;
  return {
    hold: (id, reason) => http.put<Recording>(`${at(id)}/legal-hold`, { reason }),
    lift: (id, reason) => http.delete<Recording>(`${at(id)}/legal-hold`, { body: { reason } }),
    remove: (id, reason) => http.delete<Recording>(at(id), { body: { reason } }),
  };
}

/** The records as a signed-in user sees them; with `care` an administrator. */
export function recordsApiOf(session: AgentSession, care?: RecordingCare): RecordsApi {
  return {
    ...(care ? { care } : {}),
    listInterviews: (query) => session.listInterviews(query),
    interview: (id) => session.getInterview(id),
    timeline: (id) => session.timeline(id),
    photos: (id) => session.photos(id),
    photoContent: (id, photoId, variant, signal) => session.photoContent(id, photoId, variant, signal),
    recording: (id) => session.recording(id),
    fileTicket: (id) => session.fileTicket(id),
  };
}

export const kRecordsApi: InjectionKey<RecordsApi> = Symbol('records api');

export function useRecordsApi(): RecordsApi {
  const api = inject(kRecordsApi);
  if (!api) throw new Error('Provide kRecordsApi at the root of the app.');
  return api;
}
