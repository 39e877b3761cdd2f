// Which page is shown: a pure function of what the server says and what this device can do.
import type { CustomerState } from '@telewitness/client';

export type OpeningProblem =
  'link-missing' | 'expired' | 'unknown' | 'ended' | 'not-allowed' | 'busy' | 'offline' | 'limited' | 'server-error';

export type Step =
  | 'opening'
  | 'problem'
  | 'other-device'
  | 'taken-over'
  | 'consent'
  | 'device'
  | 'place'
  | 'queue'
  | 'ring'
  | 'call'
  | 'end';

export interface Situation {
  state: CustomerState | undefined;
  problem: OpeningProblem | undefined;
  otherDevice: boolean;
  takenOver: boolean;
  /** Camera and microphone: `starting` when they were allowed before and are being switched on. */
  devices: 'off' | 'starting' | 'ready';
  /** The customer has seen that they work and pressed on. */
  devicesConfirmed: boolean;
}

export function stepOf(situation: Situation): Step {
  const { state } = situation;
  if (state?.status === 'ended') return 'end';
  if (situation.takenOver) return 'taken-over';
  if (situation.otherDevice) return 'other-device';
  if (situation.problem) return 'problem';
  if (!state) return 'opening';
  if (!state.consentGiven) return 'consent';
  switch (state.status) {
    case 'queued':
    case 'ringing':
    case 'talking':
      // After a reload the devices come back by themselves; where they do not, the device page explains.
      if (situation.devices === 'off') return 'device';
      return state.status === 'queued' ? 'queue' : state.status === 'ringing' ? 'ring' : 'call';
    default:
      if (situation.devices !== 'ready' || !situation.devicesConfirmed) return 'device';
      return state.placeGiven ? 'queue' : 'place';
  }
}

/** What the opening page says about a problem of the server. */
export function openingProblemOf(code: string, status: number): OpeningProblem {
  if (code === 'link.expired') return 'expired';
  if (code === 'link.unknown' || status === 404 || status === 400 || status === 422) return 'unknown';
  if (code === 'interview.ended' || status === 410) return 'ended';
  if (code === 'interview.not_allowed' || status === 403) return 'not-allowed';
  if (code === 'server.draining' || code === 'recording.disk_full') return 'busy';
  if (status === 429) return 'limited';
  if (status === 0) return 'offline';
  return 'server-error';
}

/** Problems that may pass: the page offers to try again. */
export function isPassing(problem: OpeningProblem): boolean {
  return ['busy', 'offline', 'limited', 'server-error'].includes(problem);
}

/** Pages that are laid out in two columns where the window is wide; the others say one thing. */
export function hasTwoColumns(step: Step): boolean {
  return ['consent', 'device', 'place', 'queue', 'ring'].includes(step);
}

/** Which of the four numbered steps a page belongs to; 0 outside of them. */
export function numberOf(step: Step): number {
  return { consent: 1, device: 2, place: 3, queue: 4, ring: 4 }[step as string] ?? 0;
}
