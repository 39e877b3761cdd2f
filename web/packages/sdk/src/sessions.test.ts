import type {
  AgentInterview,
  ConsentText,
  CustomerState,
  DeskState,
  GuestState,
  Person,
  SupervisorState,
} from '@telewitness/protocol';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { AgentSession, withTicket } from './agent_session';
import { CustomerSession, isOtherDevice } from './customer_session';
import { GuestSession, isOtherGuestDevice, isSignInRequired } from './guest_session';
import { ProblemError } from './problem';
import { FakeSocket } from './testing';

interface Asked {
  method: string;
  path: string;
  body: unknown;
  token: string | undefined;
}

/** A server that answers by `METHOD path`. */
function server(answers: Record<string, unknown>) {
  const asked: Asked[] = [];
  const fake = async (url: string, init: RequestInit) => {
    const { authorization } = init.headers as Record<string, string>;
    const path = url.replace('/api/v1', '');
    asked.push({
      method: init.method!,
      path,
      body: init.body ? JSON.parse(String(init.body)) : undefined,
      token: authorization,
    });
    const answer = answers[`${init.method} ${path}`];
    if (answer instanceof Response) return answer.clone();
    if (answer === undefined) throw new Error(`not expected: ${init.method} ${path}`);
    return Response.json(answer);
  };
  return {
    asked,
    options: {
      fetch: fake as unknown as typeof fetch,
      WebSocket: FakeSocket as unknown as typeof WebSocket,
      socketUrl: 'wss://server.test/ws',
    },
  };
}

const problem = (status: number, code: string) =>
  new Response(JSON.stringify({ status, code }), { status, headers: { 'content-type': 'application/problem+json' } });

const customerState = (second: number, more: Partial<CustomerState> = {}) =>
  ({
    interviewId: 'itv_1',
    status: 'entered',
    serverTime: `2026-01-01T00:00:0${second}.000Z`,
    ...more,
  }) as CustomerState;
const text: ConsentText = { version: '3', text: '…', sha256: 'ab'.repeat(32), language: 'zh-CN' };

beforeEach(() => {
  FakeSocket.all = [];
});

describe('the customer', () => {
  it('opens a link and goes all the way with the token of the session', async () => {
    const { asked, options } = server({
      'POST /customer/sessions': { token: 'twc_1', state: customerState(0) },
      'POST /customer/consent': customerState(1, { consentGiven: true }),
      'POST /customer/place': customerState(2, { placeGiven: true }),
      'POST /customer/queue': customerState(3, { status: 'queued', position: 2 }),
      'POST /customer/leave': customerState(4, { status: 'ended', endReason: 'left_queue' }),
    });
    const session = await CustomerSession.open('twl_x', options);
    const seen: string[] = [];
    session.on('state', (state) => seen.push(state.status));
    await session.consent(true, text);
    await session.givePlace({ status: 'refused' });
    await session.enterQueue();
    await session.leave();
    expect(asked.map(({ path, token }) => [path, token])).toEqual([
      ['/customer/sessions', undefined],
      ['/customer/consent', 'Bearer twc_1'],
      ['/customer/place', 'Bearer twc_1'],
      ['/customer/queue', 'Bearer twc_1'],
      ['/customer/leave', 'Bearer twc_1'],
    ]);
    expect(asked[0]!.body).toEqual({ linkToken: 'twl_x', takeOver: false });
    expect(asked[1]!.body).toEqual({ accepted: true, textVersion: '3', textSha256: text.sha256, language: 'zh-CN' });
    expect(seen).toEqual(['entered', 'entered', 'queued', 'ended']);
    expect(session.state.endReason).toBe('left_queue');
  });

  it('says once how content the customer was, and does not repeat it by itself', async () => {
    const satisfaction = { until: '2026-01-02T00:00:00Z' };
    const { asked, options } = server({
      'POST /customer/sessions': { token: 'twc_1', state: customerState(0, { status: 'ended', satisfaction }) },
      'POST /customer/satisfaction': problem(503, 'server.overloaded'),
    });
    const session = await CustomerSession.open('twl_x', options);
    await expect(session.giveSatisfaction({ score: 5, comment: '好' })).rejects.toMatchObject({ status: 503 });
    expect(asked.filter(({ path }) => path === '/customer/satisfaction')).toHaveLength(1);
    expect(asked.at(-1)!.body).toEqual({ score: 5, comment: '好' });
  });

  it('is asked before it takes over from another device', async () => {
    const { options } = server({ 'POST /customer/sessions': problem(409, 'customer.other_device') });
    const error = await CustomerSession.open('twl_x', options).catch((thrown: unknown) => thrown);
    expect(isOtherDevice(error)).toBe(true);
    const again = server({ 'POST /customer/sessions': { token: 'twc_2', state: customerState(0) } });
    await CustomerSession.open('twl_x', { ...again.options, takeOver: true });
    expect(again.asked[0]!.body).toEqual({ linkToken: 'twl_x', takeOver: true });
  });

  it('an answer overtaken by news does not bring the past back', async () => {
    const { options } = server({ 'GET /customer/state': customerState(2) });
    const session = await CustomerSession.resume('twc_1', options);
    session.connect();
    FakeSocket.last.welcome();
    FakeSocket.last.hear({ v: 1, type: 'customer.state', seq: 2, state: customerState(5, { status: 'talking' }) });
    expect((await session.refresh()).status).toBe('talking');
    FakeSocket.last.hear({ v: 1, type: 'customer.state', seq: 3, state: customerState(3, { status: 'ringing' }) });
    expect(session.state.status).toBe('talking');
    session.close();
  });

  it('hears that another device took over', async () => {
    const { options } = server({ 'GET /customer/state': customerState(2) });
    const session = await CustomerSession.resume('twc_1', options);
    const codes: (number | undefined)[] = [];
    session.on('connection', ({ code }) => codes.push(code));
    session.connect();
    FakeSocket.last.welcome();
    FakeSocket.last.lose(4409);
    expect(codes).toEqual([undefined, 4409]);
  });
});

describe('the agent', () => {
  const user = { id: 'usr_1', name: 'li', displayName: 'Li', role: 'agent', tenant: 'demo', tenantName: 'Demo' };
  const desk = (second: number, more: Partial<DeskState> = {}) =>
    ({
      presence: 'online',
      activity: 'idle',
      queues: [],
      reasons: [],
      serverTime: `2026-01-01T00:00:0${second}Z`,
      ...more,
    }) as DeskState;
  const interview = (second: number, id = 'itv_1') =>
    ({
      interview: { id },
      photos: [],
      sections: [],
      serverTime: `2026-01-01T00:00:0${second}Z`,
    }) as unknown as AgentInterview;

  it('signs in, is present, answers and concludes', async () => {
    const { asked, options } = server({
      'POST /auth/sign-in': { token: 'twu_1', expiresAt: '2026-01-01T08:00:00Z', user },
      'PUT /agent/presence': desk(1),
      'POST /agent/interviews/itv_1/answer': interview(2),
      'POST /agent/interviews/itv_1/photos': { id: 'pho_1', status: 'pending', takenAt: '' },
      'POST /agent/interviews/itv_1/outcome': interview(3),
      'POST /agent/wrap-up/finish': desk(4),
    });
    const session = await AgentSession.signIn({ tenant: 'demo', name: 'li', password: 'p' }, options);
    await session.setPresence('online');
    await session.answer('itv_1');
    expect(session.interview?.interview.id).toBe('itv_1');
    await session.takePhoto('itv_1');
    await session.conclude('itv_1', { kind: 'rejected', reason: 'r' });
    await session.finishWrapUp();
    expect(asked.at(-2)).toMatchObject({ body: { kind: 'rejected', reason: 'r' }, token: 'Bearer twu_1' });
    expect(session.desk?.serverTime).toBe(desk(4).serverTime);
  });

  it('keeps the newest desk, and takes another interview whatever its time', async () => {
    const { options } = server({ 'GET /auth/me': user });
    const session = await AgentSession.resume('twu_1', options);
    session.connect();
    FakeSocket.last.welcome();
    FakeSocket.last.hear({ v: 1, type: 'desk.state', seq: 2, state: desk(5, { activity: 'ringing' }) });
    FakeSocket.last.hear({ v: 1, type: 'desk.state', seq: 3, state: desk(4) });
    expect(session.desk?.activity).toBe('ringing');
    FakeSocket.last.hear({ v: 1, type: 'interview.state', seq: 4, state: interview(9, 'itv_1') });
    FakeSocket.last.hear({ v: 1, type: 'interview.state', seq: 5, state: interview(6, 'itv_2') });
    expect(session.interview?.interview.id).toBe('itv_2');
    session.close();
  });

  it('is told once that the token is no longer good', async () => {
    const { options } = server({ 'GET /auth/me': user, 'GET /agent/desk': problem(401, 'auth.expired') });
    const session = await AgentSession.resume('twu_1', options);
    const signedOut = vi.fn();
    session.on('signedOut', signedOut);
    session.connect();
    FakeSocket.last.welcome();
    for (let round = 0; round < 2; round += 1) {
      const error = await session.fetchDesk().catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(ProblemError);
    }
    expect(signedOut).toHaveBeenCalledTimes(1);
    expect(session.events.status.state).toBe('closed');
  });

  it('a socket that is not let in means the same', async () => {
    const { options } = server({ 'GET /auth/me': user });
    const session = await AgentSession.resume('twu_1', options);
    const signedOut = vi.fn();
    session.on('signedOut', signedOut);
    session.connect();
    FakeSocket.last.open();
    FakeSocket.last.lose(4401);
    expect(signedOut).toHaveBeenCalledTimes(1);
  });

  it('ids cannot leave their place in the address', async () => {
    const { asked, options } = server({ 'GET /auth/me': user, 'GET /interviews/..%2Fadmin': { id: 'x' } });
    const session = await AgentSession.resume('twu_1', options);
    await session.getInterview('../admin');
    expect(asked.at(-1)!.path).toBe('/interviews/..%2Fadmin');
  });
});

it.each([
  ['/api/v1/x.mp4', false, '/api/v1/x.mp4?ticket=twt_%2B'],
  ['/api/v1/x.mp4?a=1', true, '/api/v1/x.mp4?a=1&ticket=twt_%2B&download=true'],
])('a ticket joins an address: %s', (url, download, whole) => expect(withTicket(url, 'twt_+', download)).toBe(whole));

const person = (participant: string): Person => ({
  participant,
  role: 'guest',
  displayName: 'Guarantor',
  streams: [],
  held: false,
});

describe('people in the room', () => {
  it('are news of their own for the interview they belong to', async () => {
    const { options } = server({ 'GET /customer/state': customerState(1, { people: [] }) });
    const session = await CustomerSession.resume('twc_1', options);
    const seen = vi.fn();
    session.on('state', seen);
    session.connect();
    FakeSocket.last.welcome();
    FakeSocket.last.hear({ v: 1, type: 'people', seq: 2, interviewId: 'itv_other', people: [person('gst_9')] });
    expect(seen).not.toHaveBeenCalled();
    FakeSocket.last.hear({ v: 1, type: 'people', seq: 3, interviewId: 'itv_1', people: [person('gst_1')] });
    expect(session.state.people).toEqual([person('gst_1')]);
    expect(seen).toHaveBeenCalledTimes(1);
    session.close();
  });
});

const guestState = (second: number, more: Partial<GuestState> = {}) =>
  ({ interviewId: 'itv_1', guestId: 'gst_1', serverTime: `2026-01-01T00:00:0${second}.000Z`, ...more }) as GuestState;

describe('the guest', () => {
  it('opens the invitation, agrees and leaves with the token of the session', async () => {
    const { asked, options } = server({
      'POST /guest/sessions': { token: 'twg_1', state: guestState(1) },
      'POST /guest/consent': guestState(2, { consentGiven: true }),
      'POST /guest/leave': guestState(3, { status: 'left' }),
    });
    const session = await GuestSession.open('link', options);
    await session.consent(true, text);
    expect(session.state.consentGiven).toBe(true);
    await session.leave();
    expect(session.state.status).toBe('left');
    expect(asked.map(({ path, token }) => `${path} ${token}`)).toEqual([
      '/guest/sessions undefined',
      '/guest/consent Bearer twg_1',
      '/guest/leave Bearer twg_1',
    ]);
    expect(asked[0]!.body).toEqual({ token: 'link', takeOver: false });
  });

  it('shows who they are where the invitation asks for it', async () => {
    const { asked, options } = server({ 'POST /guest/sessions': { token: 'twg_1', state: guestState(1) } });
    await GuestSession.open('link', { ...options, userToken: 'twu_1' });
    expect(asked[0]!.token).toBe('Bearer twu_1');
    const refused = await GuestSession.open('link', {
      ...server({ 'POST /guest/sessions': problem(401, 'guest.sign_in_required') }).options,
    }).catch((error: unknown) => error);
    expect(isSignInRequired(refused)).toBe(true);
    expect(isOtherGuestDevice(refused)).toBe(false);
  });

  it('hears of the room', async () => {
    const { options } = server({ 'GET /guest/state': guestState(1, { people: [] }) });
    const session = await GuestSession.resume('twg_1', options);
    session.connect();
    FakeSocket.last.welcome();
    FakeSocket.last.hear({ v: 1, type: 'people', seq: 2, interviewId: 'itv_1', people: [person('customer')] });
    FakeSocket.last.hear({ v: 1, type: 'guest.state', seq: 3, state: guestState(0, { held: true }) });
    expect(session.state.people).toHaveLength(1);
    expect(session.state.held).toBeUndefined();
    session.close();
  });
});

const user = { id: 'usr_1', name: 'a', displayName: 'A', role: 'agent', tenant: 't', tenantName: 'T' };
async function signedInWith(answers: Record<string, unknown>) {
  const made = server({ 'GET /auth/me': { ...user, canSupervise: true }, ...answers });
  const session = await AgentSession.resume('twu_1', made.options);
  made.asked.length = 0;
  return { ...made, session };
}
const interviewAt = (second: number, more: Partial<AgentInterview> = {}) =>
  ({
    interview: { id: 'itv_1' },
    serverTime: `2026-01-01T00:00:0${second}.000Z`,
    ...more,
  }) as AgentInterview;

describe('a conversation', () => {
  it('is held, handed over and shared by one request each, whose answer is news', async () => {
    const { asked, session } = await signedInWith({
      'POST /agent/interviews/itv_1/hold': interviewAt(1, { held: true }),
      'POST /agent/interviews/itv_1/transfer': interviewAt(2),
      'POST /agent/interviews/itv_1/transfer/cancel': interviewAt(3),
      'POST /agent/interviews/itv_1/guests': { guest: { id: 'gst_1' }, link: { url: 'https://x/g#t', expiresAt: '' } },
      'DELETE /agent/interviews/itv_1/guests/gst_1': new Response(null, { status: 204 }),
    });
    const states: boolean[] = [];
    session.on('interview', (state) => states.push(state.held));
    await session.conversation.hold('itv_1');
    await session.conversation.transfer('itv_1', { agentId: 'usr_2', note: 'Please see to it' });
    await session.conversation.cancelTransfer('itv_1');
    await session.conversation.inviteGuest('itv_1', { displayName: 'Guarantor' });
    await session.conversation.removeGuest('itv_1', 'gst_1');
    expect(states).toHaveLength(3);
    expect(states[0]).toBe(true);
    expect(asked[1]!.body).toEqual({ agentId: 'usr_2', note: 'Please see to it' });
  });
});

describe('supervision', () => {
  const supervised = (second: number, more: Partial<SupervisorState> = {}) =>
    ({
      sessionId: 'sup_1',
      mode: 'listen',
      call: { interviewId: 'itv_1', people: [] },
      serverTime: `2026-01-01T00:00:0${second}.000Z`,
      ...more,
    }) as unknown as SupervisorState;

  it('asks for the running conversations again on every new connection', async () => {
    const { session } = await signedInWith({});
    const heard = vi.fn();
    session.supervision.on('calls', heard);
    session.supervision.watchCalls(true);
    session.connect();
    FakeSocket.last.welcome();
    FakeSocket.last.hear({ v: 1, type: 'calls.state', seq: 2, items: [] });
    expect(heard).toHaveBeenCalledWith([]);
    expect(FakeSocket.last.sent.filter(({ type }) => type === 'watch_calls')).toEqual([
      { v: 1, type: 'watch_calls', on: true },
    ]);
    session.close();
  });

  it('begins, changes and ends; news of another session ends nothing', async () => {
    const { asked, session } = await signedInWith({
      'POST /supervisor/interviews/itv_1/sessions': supervised(1),
      'PATCH /supervisor/sessions/sup_1': supervised(2, { mode: 'whisper' }),
      'DELETE /supervisor/sessions/sup_1': new Response(null, { status: 204 }),
    });
    const ended = vi.fn();
    session.supervision.on('ended', ended);
    session.connect();
    FakeSocket.last.welcome();
    await session.supervision.begin('itv_1', 'listen');
    await session.supervision.change('whisper');
    expect(session.supervision.state!.mode).toBe('whisper');
    FakeSocket.last.hear({ v: 1, type: 'people', seq: 3, interviewId: 'itv_1', people: [person('customer')] });
    expect(session.supervision.state!.call.people).toHaveLength(1);
    FakeSocket.last.hear({ v: 1, type: 'supervisor.ended', seq: 4, sessionId: 'sup_0' });
    expect(ended).not.toHaveBeenCalled();
    await session.supervision.leave();
    expect(ended).toHaveBeenCalledTimes(1);
    await session.supervision.change('join');
    expect(asked.map(({ method }) => method)).toEqual(['POST', 'PATCH', 'DELETE']);
    session.close();
  });
});
