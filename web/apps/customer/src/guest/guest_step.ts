// Which page a third party sees: from what the server says and what this device can do.
import type { GuestState } from '@telewitness/client';
import type { OpeningProblem } from '../logic/step';

export type GuestEnd = 'left' | 'removed' | 'ended' | 'full';
export type GuestStep =
  'opening' | 'problem' | 'sign-in' | 'other-device' | 'taken-over' | 'consent' | 'device' | 'wait' | 'call' | 'end';

export interface GuestSituation {
  state: GuestState | undefined;
  problem: OpeningProblem | undefined;
  over: GuestEnd | undefined;
  signIn: boolean;
  otherDevice: boolean;
  takenOver: boolean;
  devices: 'off' | 'starting' | 'ready';
  devicesConfirmed: boolean;
}

/** Why it is over, if it is. */
export function endOf(state: GuestState | undefined): GuestEnd | undefined {
  if (!state) return undefined;
  if (state.interviewStatus === 'ended') return 'ended';
  return state.status === 'removed' || state.status === 'left' ? state.status : undefined;
}

/** Problems of the server that are ends in other words. */
export function endOfProblem(code: string): GuestEnd | undefined {
  return ({ 'guest.removed': 'removed', 'interview.ended': 'ended', 'guest.room_full': 'full' } as const)[code];
}

export function guestStepOf(situation: GuestSituation): GuestStep {
  const { state } = situation;
  if (situation.over ?? endOf(state)) return 'end';
  if (situation.takenOver) return 'taken-over';
  if (situation.otherDevice) return 'other-device';
  if (situation.signIn) return 'sign-in';
  if (situation.problem) return 'problem';
  if (!state) return 'opening';
  if (!state.consentGiven) return 'consent';
  if (situation.devices === 'off' || !situation.devicesConfirmed) return 'device';
  return state.media ? 'call' : 'wait';
}
