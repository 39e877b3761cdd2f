// Which sentence the last page says: what was decided where the company tells it, otherwise how the conversation ended.
import type { CustomerState, EndReason, OutcomeKind } from '@telewitness/client';
import type { IconName } from '@telewitness/ui';

export type Ending = OutcomeKind | 'undecided' | EndReason | 'unknown';

/** Nobody decides about a conversation that broke off before the customer is told so. */
const kBrokenOff: readonly (EndReason | undefined)[] = ['connection_lost'];

export function endingOf(state: Pick<CustomerState, 'endReason' | 'outcome' | 'outcomePending'>): Ending {
  if (state.outcome) return state.outcome;
  if (state.outcomePending && !kBrokenOff.includes(state.endReason)) return 'undecided';
  return state.endReason ?? 'unknown';
}

interface Look {
  icon: IconName;
  tone: 'calm' | 'good' | 'warning';
}

/** A refusal is no alarm: the page of the one who hears it stays calm. */
const kLooks: Record<Ending, Look> = {
  passed: { icon: 'check', tone: 'good' },
  rejected: { icon: 'shield', tone: 'calm' },
  needs_supplement: { icon: 'alert', tone: 'warning' },
  undecided: { icon: 'clock', tone: 'calm' },
  concluded: { icon: 'check', tone: 'good' },
  hung_up: { icon: 'hangUp', tone: 'calm' },
  left_queue: { icon: 'queue', tone: 'calm' },
  queue_timeout: { icon: 'clock', tone: 'warning' },
  no_answer: { icon: 'clock', tone: 'warning' },
  connection_lost: { icon: 'offline', tone: 'warning' },
  consent_refused: { icon: 'shield', tone: 'calm' },
  expired: { icon: 'clock', tone: 'warning' },
  unknown: { icon: 'check', tone: 'calm' },
};

export const lookOf = (ending: Ending): Look => kLooks[ending];
