import { Emitter, ProblemError, type GuestSession, type GuestState } from '@telewitness/client';
import { beforeEach, expect, it, vi } from 'vitest';
import { effectScope, type EffectScope } from 'vue';
import { createSessionStore } from '../logic/session_store';
import { useGuest, type GuestSessions } from './use_guest';

class FakeGuest extends Emitter<Record<string, never>> {
  refresh = vi.fn(async () => this.state);
  connect = vi.fn();
  close = vi.fn();
  leave = vi.fn(async () => this.say({ status: 'left' } as GuestState));
  constructor(
    readonly token: string,
    public state: GuestState,
  ) {
    super();
  }
  say(state: GuestState): GuestState {
    this.state = state;
    this.emit('state', state as never);
    return state;
  }
  hear(status: object): void {
    this.emit('connection', status as never);
  }
}

const fail = (status: number, code: string) => new ProblemError({ status, code });
let scope: EffectScope;
let made: FakeGuest;
let answers: (FakeGuest | Error)[];
let asked: { token: string; options: unknown }[];
let signInResult: { token: string } | Error;

function guest(storeKey: string) {
  const sessions = {
    open: async (token: string, options: unknown) => {
      asked.push({ token, options });
      const answer = answers.shift() ?? made;
      if (answer instanceof Error) throw answer;
      return answer as unknown as GuestSession;
    },
    resume: async () => {
      throw fail(401, 'auth.required');
    },
    signIn: async () => {
      if (signInResult instanceof Error) throw signInResult;
      return signInResult;
    },
  } as unknown as GuestSessions;
  return scope.run(() => useGuest(createSessionStore(undefined, storeKey), sessions))!;
}

beforeEach(() => {
  sessionStorage.clear();
  scope = effectScope();
  made = new FakeGuest('twg_1', { status: 'invited' } as GuestState);
  answers = [];
  asked = [];
  signInResult = { token: 'twu_1' };
});

it('opens the invitation, and resumes or opens it again after a reload', async () => {
  const first = guest('k');
  await first.open('link');
  expect(first.state.value).toBe(made.state);
  expect(made.connect).toHaveBeenCalled();
  await guest('k').open(undefined);
  expect(asked.map(({ token }) => token)).toEqual(['link', 'link']);
});

it('an invitation for staff asks for a sign-in and opens with it; a wrong password is said', async () => {
  answers = [fail(401, 'guest.sign_in_required')];
  const page = guest('k');
  await page.open('link');
  expect(page.signInAsked.value).toBe(true);
  signInResult = fail(401, 'sign_in.failed');
  await page.signIn({ tenant: 't', name: 'n', password: 'wrong' });
  expect(page.signInFailed.value).toBe(true);
  signInResult = { token: 'twu_1' };
  await page.signIn({ tenant: 't', name: 'n', password: 'right' });
  expect(asked.at(-1)).toEqual({ token: 'link', options: { takeOver: false, userToken: 'twu_1' } });
  expect([page.signInAsked.value, page.signInFailed.value]).toEqual([false, false]);
});

it('asks before it takes over, and says when it was taken over', async () => {
  answers = [fail(409, 'guest.other_device')];
  const page = guest('k');
  await page.open('link');
  expect(page.otherDevice.value).toBe(true);
  await page.takeOver();
  expect(page.otherDevice.value).toBe(false);
  made.hear({ state: 'closed', code: 4409 });
  expect(page.takenOver.value).toBe(true);
});

it.each([
  [fail(410, 'guest.removed'), 'removed', undefined],
  [fail(409, 'guest.room_full'), 'full', undefined],
  [fail(404, 'link.unknown'), undefined, 'unknown'],
  [fail(410, 'link.expired'), undefined, 'expired'],
  [fail(0, 'network.unreachable'), undefined, 'offline'],
])('%s is said in its own words', async (error, over, problem) => {
  answers = [error];
  const page = guest('k');
  await page.open('link');
  expect([page.over.value, page.problem.value]).toEqual([over, problem]);
});

it('a guest who is put out learns why from the link', async () => {
  const page = guest('k');
  await page.open('link');
  made.refresh.mockRejectedValue(fail(401, 'auth.required'));
  answers = [fail(410, 'guest.removed')];
  made.hear({ state: 'closed', code: 4410 });
  await vi.waitFor(() => expect(page.over.value).toBe('removed'));
});

it('leaving is the end of it', async () => {
  const page = guest('k');
  await page.open('link');
  await page.leave();
  expect(page.state.value!.status).toBe('left');
});
