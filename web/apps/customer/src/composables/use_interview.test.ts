import {
  Emitter,
  ProblemError,
  type CustomerSession,
  type CustomerSessionEvents,
  type CustomerState,
} from '@telewitness/client';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { effectScope, type EffectScope } from 'vue';
import { createSessionStore, type SessionStore, type StoredSession } from '../logic/session_store';
import { customerState } from '../testing';
import { useInterview, type Interview, type Sessions } from './use_interview';

class FakeSession extends Emitter<CustomerSessionEvents> {
  closed = false;
  connected = false;
  refreshed = 0;
  /** What the next request gets. */
  answer: CustomerState | ProblemError;
  constructor(
    readonly token: string,
    public state: CustomerState,
  ) {
    super();
    this.answer = state;
  }
  connect() {
    this.connected = true;
  }
  close() {
    this.closed = true;
  }
  hear<Name extends keyof CustomerSessionEvents>(name: Name, value: CustomerSessionEvents[Name]) {
    this.emit(name, value);
  }
  async #act() {
    if (this.answer instanceof ProblemError) throw this.answer;
    this.emit('state', this.answer);
    return this.answer;
  }
  consent = () => this.#act();
  givePlace = () => this.#act();
  enterQueue = () => this.#act();
  leave = () => this.#act();
  async refresh() {
    this.refreshed += 1;
    return this.#act();
  }
}

const problem = (code: string, status: number, params?: Record<string, string>) =>
  new ProblemError({ code, status, params });
const settled = () => new Promise((resolve) => setTimeout(resolve));

let store: SessionStore;
let scope: EffectScope;
let opened: FakeSession[];
let answers: { open: (FakeSession | ProblemError)[]; resume: (FakeSession | ProblemError)[] };
const open = vi.fn();
const resume = vi.fn();

function start(stored?: StoredSession): Interview {
  if (stored) store.write(stored);
  return scope.run(() => useInterview(store, { open, resume } as unknown as Sessions))!;
}

beforeEach(() => {
  window.sessionStorage.clear();
  store = createSessionStore();
  scope = effectScope();
  opened = [];
  answers = { open: [], resume: [] };
  const give = (kind: 'open' | 'resume') => async () => {
    const answer = answers[kind].shift() ?? new FakeSession('twc_new', customerState());
    if (answer instanceof ProblemError) throw answer;
    opened.push(answer);
    return answer as unknown as CustomerSession;
  };
  open.mockReset().mockImplementation(give('open'));
  resume.mockReset().mockImplementation(give('resume'));
});

describe('opening', () => {
  it('exchanges the link and remembers both tokens for a reload', async () => {
    const interview = start();
    await interview.open('link');
    expect(open).toHaveBeenCalledWith('link', { takeOver: false });
    expect(opened[0]!.connected).toBe(true);
    expect(store.read()).toEqual({ linkToken: 'link', token: 'twc_new' });
    expect(interview.state.value?.status).toBe('entered');
  });

  it('a reload goes on with the session it had', async () => {
    const interview = start({ linkToken: 'link', token: 'twc_1' });
    answers.resume.push(new FakeSession('twc_1', customerState({ status: 'talking' })));
    await interview.open(undefined);
    expect(resume).toHaveBeenCalledWith('twc_1');
    expect(open).not.toHaveBeenCalled();
    expect(interview.state.value?.status).toBe('talking');
  });

  it('another link is another interview', async () => {
    const interview = start({ linkToken: 'old', token: 'twc_1' });
    await interview.open('new');
    expect(resume).not.toHaveBeenCalled();
    expect(open).toHaveBeenCalledWith('new', { takeOver: false });
  });

  it('a session that is no longer good is opened anew by its link', async () => {
    const interview = start({ linkToken: 'link', token: 'twc_1' });
    answers.resume.push(problem('auth.invalid', 401));
    await interview.open(undefined);
    expect(open).toHaveBeenCalledWith('link', { takeOver: false });
    expect(interview.problem.value).toBeUndefined();
  });

  it('without any link says so', async () => {
    const interview = start();
    await interview.open(undefined);
    expect(interview.problem.value).toBe('link-missing');
    expect(open).not.toHaveBeenCalled();
  });

  it('shows what the integrator says, and goes on after trying again', async () => {
    const interview = start();
    answers.open.push(problem('interview.not_allowed', 403, { message: '复核中' }));
    await interview.open('link');
    expect([interview.problem.value, interview.problemMessage.value]).toEqual(['not-allowed', '复核中']);
    await interview.retry();
    expect(interview.problem.value).toBeUndefined();
    expect(interview.state.value).toBeDefined();
  });

  it('keeps saying what is wrong while it tries again', async () => {
    const interview = start();
    answers.open.push(problem('network.unreachable', 0), problem('interview.ended', 410));
    await interview.open('link');
    expect(interview.problem.value).toBe('offline');
    const again = interview.retry();
    expect([interview.problem.value, interview.busy.value]).toEqual(['offline', true]);
    await again;
    expect([interview.problem.value, interview.busy.value]).toEqual(['ended', false]);
  });

  it('an interview that ended is not listened to', async () => {
    const interview = start();
    answers.open.push(new FakeSession('t', customerState({ status: 'ended', endReason: 'concluded' })));
    await interview.open('link');
    expect(opened[0]!.connected).toBe(false);
    expect(interview.state.value?.endReason).toBe('concluded');
  });
});

describe('another device', () => {
  it('is taken over only after it was confirmed', async () => {
    const interview = start();
    answers.open.push(problem('customer.other_device', 409));
    await interview.open('link');
    expect(interview.otherDevice.value).toBe(true);
    expect(interview.state.value).toBeUndefined();
    await interview.takeOver();
    expect(open).toHaveBeenLastCalledWith('link', { takeOver: true });
    expect(interview.otherDevice.value).toBe(false);
  });

  it('that takes over stops this page, which can take it back', async () => {
    const interview = start();
    await interview.open('link');
    opened[0]!.hear('connection', { state: 'closed', code: 4409 });
    expect(interview.takenOver.value).toBe(true);
    await interview.takeOver();
    expect(interview.takenOver.value).toBe(false);
    expect(opened[0]!.closed).toBe(true);
    opened[0]!.hear('state', customerState({ status: 'ended' }));
    expect(interview.state.value?.status).toBe('entered');
  });
});

describe('the connection', () => {
  it('refused for its token is opened anew by the link', async () => {
    const interview = start();
    await interview.open('link');
    opened[0]!.hear('connection', { state: 'closed', code: 4401 });
    await settled();
    expect(opened).toHaveLength(2);
    expect(interview.session.value).toBe(opened[1]);
  });

  it('closed because the interview is over is followed by one look at how it ended', async () => {
    const interview = start();
    await interview.open('link');
    opened[0]!.answer = customerState({ status: 'ended', endReason: 'hung_up' });
    opened[0]!.hear('connection', { state: 'closed', code: 4410 });
    await settled();
    expect(opened[0]!.refreshed).toBe(1);
    expect(interview.state.value?.endReason).toBe('hung_up');
  });

  it('a server that will restart says so until it is back', async () => {
    const interview = start();
    await interview.open('link');
    opened[0]!.hear('notice', 'server.draining');
    expect(interview.draining.value).toBe(true);
    opened[0]!.hear('connection', { state: 'connected', resumed: false });
    expect(interview.draining.value).toBe(false);
  });
});

describe('actions', () => {
  it('take the new state', async () => {
    const interview = start();
    await interview.open('link');
    opened[0]!.answer = customerState({ consentGiven: true });
    expect(await interview.consent(true, customerState().consentTexts[0]!)).toBe(true);
    expect(interview.state.value?.consentGiven).toBe(true);
  });

  it('that fail say why, and the next one clears it', async () => {
    const interview = start();
    await interview.open('link');
    opened[0]!.answer = problem('place.required', 422);
    expect(await interview.givePlace({ status: 'refused' })).toBe(false);
    expect(interview.actionProblem.value?.code).toBe('place.required');
    opened[0]!.answer = customerState({ placeGiven: true });
    await interview.givePlace({ status: 'unavailable' });
    expect(interview.actionProblem.value).toBeUndefined();
    expect(interview.busy.value).toBe(false);
  });

  it('do not run twice at a time', async () => {
    const interview = start();
    await interview.open('link');
    const both = await Promise.all([interview.enterQueue(), interview.enterQueue()]);
    expect(both).toEqual([true, false]);
  });

  it('refused because the interview has changed look at what it is now', async () => {
    const interview = start();
    await interview.open('link');
    opened[0]!.answer = problem('interview.wrong_state', 409);
    await interview.enterQueue();
    expect(opened[0]!.refreshed).toBe(1);
  });

  it('leaving the page closes the session', async () => {
    const interview = start();
    await interview.open('link');
    scope.stop();
    expect(opened[0]!.closed).toBe(true);
    expect(interview.session.value).toBeDefined();
  });
});
