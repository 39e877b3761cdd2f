import type { GuestState } from '@telewitness/client';
import { expect, it } from 'vitest';
import { endOfProblem, guestStepOf, type GuestSituation } from './guest_step';

const state = (more: Partial<GuestState> = {}) =>
  ({ status: 'joined', interviewStatus: 'talking', consentGiven: true, ...more }) as GuestState;
const situation = (more: Partial<GuestSituation> = {}): GuestSituation => ({
  state: state(),
  problem: undefined,
  over: undefined,
  signIn: false,
  otherDevice: false,
  takenOver: false,
  devices: 'ready',
  devicesConfirmed: true,
  ...more,
});

it.each([
  ['opening', { state: undefined }],
  ['problem', { state: undefined, problem: 'unknown' }],
  ['sign-in', { state: undefined, signIn: true }],
  ['other-device', { state: undefined, otherDevice: true }],
  ['taken-over', { takenOver: true }],
  ['consent', { state: state({ consentGiven: false }), devicesConfirmed: false }],
  ['device', { devicesConfirmed: false }],
  ['wait', {}],
  ['call', { state: state({ media: {} as GuestState['media'] & object }) }],
  ['end', { state: state({ status: 'removed' }) }],
  ['end', { state: state({ interviewStatus: 'ended' }), takenOver: true }],
  ['end', { over: 'full' }],
] as const)('%s', (step, more) => expect(guestStepOf(situation(more as Partial<GuestSituation>))).toBe(step));

it.each([
  ['guest.removed', 'removed'],
  ['interview.ended', 'ended'],
  ['guest.room_full', 'full'],
  ['link.unknown', undefined],
])('%s ends as %s', (code, end) => expect(endOfProblem(code)).toBe(end));
