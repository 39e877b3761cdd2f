// The messages that an endpoint can take.
import type { WebhookEventType } from '@telewitness/desk';

export const kEvents: readonly WebhookEventType[] = [
  'interview.queued',
  'interview.answered',
  'interview.transferred',
  'interview.concluded',
  'interview.outcome_deferred',
  'interview.outcome_overdue',
  'interview.follow_up_created',
  'interview.ended',
  'interview.exited',
  'interview.rated',
  'recording.ready',
];

/** Key of the word for an event in the catalogue. */
export const eventKey = (event: WebhookEventType): string => event.split('.')[1] ?? event;
