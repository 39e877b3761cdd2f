import { expect, it } from 'vitest';
import { stageNotice } from './stage_notice';

it.each([
  ['connected', 'connected', 'moving', undefined],
  ['connected', 'unstable', 'moving', undefined],
  ['reconnecting', 'lost', 'moving', 'ownLost'],
  ['connected', 'lost', 'moving', 'customerLost'],
  ['connected', 'lost', 'still', 'customerLost'],
  ['connected', 'absent', 'waiting', 'customerAbsent'],
  ['connected', 'absent', 'moving', 'customerLost'],
  ['connecting', 'connected', 'waiting', 'connecting'],
  ['connecting', 'connected', 'moving', undefined],
  ['connected', 'connected', 'still', 'still'],
  ['connected', 'connected', 'waiting', 'waitingPicture'],
] as const)('call %s, customer %s, picture %s: %s', (call, customer, picture, notice) =>
  expect(stageNotice({ call, customer, picture })).toBe(notice),
);
