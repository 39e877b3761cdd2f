import { expect, it } from 'vitest';
import { emptyUser, newUserOf, userChangeOf } from './user_draft';

it('a new user is sent whole, the password as it was typed', () => {
  const draft = { ...emptyUser(), name: ' li ', displayName: ' 李静 ', password: ' secret words ', queueIds: ['q1'] };
  expect(newUserOf(draft)).toEqual({
    name: 'li',
    displayName: '李静',
    role: 'agent',
    password: ' secret words ',
    queueIds: ['q1'],
    canSupervise: false,
  });
});

it('a change sends neither login name nor password', () => {
  expect(userChangeOf({ ...emptyUser(), name: 'li', displayName: '李', password: 'x', canSupervise: true })).toEqual({
    displayName: '李',
    role: 'agent',
    queueIds: [],
    canSupervise: true,
  });
});
