import type { CustomerState } from '@telewitness/client';
import { describe, expect, it } from 'vitest';
import { isPassing, numberOf, openingProblemOf, stepOf, type OpeningProblem, type Situation, type Step } from './step';

const base: Situation = {
  state: undefined,
  problem: undefined,
  otherDevice: false,
  takenOver: false,
  devices: 'off',
  devicesConfirmed: false,
};
const state = (more: Partial<CustomerState>) =>
  ({ status: 'entered', consentGiven: true, placeGiven: true, ...more }) as CustomerState;
const ready = { devices: 'ready', devicesConfirmed: true } as const;

describe('which page is shown', () => {
  it.each<[string, Partial<Situation>, Step]>([
    ['nothing is known yet', {}, 'opening'],
    ['the link is refused', { problem: 'expired' }, 'problem'],
    ['another device is in it', { otherDevice: true }, 'other-device'],
    ['no consent yet', { state: state({ consentGiven: false }) }, 'consent'],
    ['no consent, whatever the devices', { state: state({ consentGiven: false }), ...ready }, 'consent'],
    ['devices off', { state: state({ placeGiven: false }) }, 'device'],
    ['devices on but not confirmed', { state: state({ placeGiven: false }), devices: 'ready' }, 'device'],
    ['devices confirmed, then lost', { state: state({}), devices: 'off', devicesConfirmed: true }, 'device'],
    ['no place yet', { state: state({ placeGiven: false }), ...ready }, 'place'],
    ['everything given, entering the queue', { state: state({}), ...ready }, 'queue'],
    ['queued', { state: state({ status: 'queued' }), ...ready }, 'queue'],
    ['ringing', { state: state({ status: 'ringing' }), ...ready }, 'ring'],
    ['talking', { state: state({ status: 'talking' }), ...ready }, 'call'],
    ['reloaded in a call, devices coming back', { state: state({ status: 'talking' }), devices: 'starting' }, 'call'],
    ['reloaded in the queue, devices refused', { state: state({ status: 'queued' }), devices: 'off' }, 'device'],
    [
      'back in the queue after the agent was lost',
      { state: state({ status: 'queued', reconnecting: true }), ...ready },
      'queue',
    ],
    ['taken over in the call', { state: state({ status: 'talking' }), takenOver: true, ...ready }, 'taken-over'],
    [
      'taken back, but asked first',
      { state: state({ status: 'talking' }), otherDevice: true, ...ready },
      'other-device',
    ],
    [
      'ended, whatever else',
      { state: state({ status: 'ended', consentGiven: false }), takenOver: true, problem: 'offline' },
      'end',
    ],
  ])('%s', (_name, situation, step) => expect(stepOf({ ...base, ...situation })).toBe(step));
});

describe('problems of opening', () => {
  it.each<[string, number, OpeningProblem, boolean]>([
    ['link.expired', 410, 'expired', false],
    ['link.unknown', 404, 'unknown', false],
    ['field.invalid', 422, 'unknown', false],
    ['interview.ended', 410, 'ended', false],
    ['interview.not_allowed', 403, 'not-allowed', false],
    ['server.draining', 503, 'busy', true],
    ['recording.disk_full', 503, 'busy', true],
    ['order.unavailable', 502, 'server-error', true],
    ['rate.limited', 429, 'limited', true],
    ['network.unreachable', 0, 'offline', true],
    ['network.timeout', 0, 'offline', true],
    ['http.500', 500, 'server-error', true],
  ])('%s %i', (code, status, problem, passing) => {
    expect(openingProblemOf(code, status)).toBe(problem);
    expect(isPassing(problem)).toBe(passing);
  });
});

it('only the four steps are numbered', () => {
  expect((['consent', 'device', 'place', 'queue', 'ring', 'call', 'end', 'problem'] as Step[]).map(numberOf)).toEqual([
    1, 2, 3, 4, 4, 0, 0, 0,
  ]);
});
