import type { Person } from '@telewitness/client';
import { expect, it } from 'vitest';
import { comingsOf } from './call_facts';

const person = (participant: string, role: Person['role']): Person => ({
  participant,
  role,
  displayName: participant,
  streams: [],
  held: false,
});

it('who comes and goes is told of third parties and supervisors only', () => {
  const agent = person('agent', 'agent');
  const player = person('player', 'player');
  const guest = person('gst_1', 'guest');
  const supervisor = person('sup_1', 'supervisor');
  expect(comingsOf([], [agent, player])).toEqual([]);
  expect(comingsOf([agent], [agent, guest, supervisor])).toEqual([
    { kind: 'joined', person: guest },
    { kind: 'joined', person: supervisor },
  ]);
  expect(comingsOf([guest, supervisor], [supervisor])).toEqual([{ kind: 'left', person: guest }]);
  expect(comingsOf([guest], [{ ...guest, held: true }])).toEqual([]);
});
