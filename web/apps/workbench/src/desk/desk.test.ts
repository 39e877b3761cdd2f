import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { effectScope, nextTick } from 'vue';
import type { AgentInterview, DeskState, InterviewStatus } from '@telewitness/desk';
import type { SocketStatus } from '@telewitness/client';
import { createDesk, kReadAgainMs, phaseOf, type DeskSession } from './desk';

const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString();
const deskAt = (second: number, more: Partial<DeskState> = {}): DeskState => ({
  presence: 'online',
  activity: 'idle',
  queues: [],
  reasons: [],
  markLabels: [],
  openOutcomes: { count: 0, overdue: 0, deadlineMinutes: 1440 },
  serverTime: at(second),
  ...more,
});
const ring = { interviewId: 'ivw_1', nickName: '王', businessId: 'B', queueName: 'Q', since: at(0), until: at(30) };
const media = {
  token: 'm',
  expiresAt: at(59),
  participant: 'agent',
  publishUrl: '/p',
  watchUrl: '/w',
  publish: [],
  watchTemplate: '/w/{participant}/{stream}',
  iceServers: [],
  videoCodec: 'VP8' as const,
  videoBitrateBps: 1,
};
const interviewAt = (second: number, status: InterviewStatus, more: Partial<AgentInterview> = {}): AgentInterview => ({
  interview: { id: 'ivw_1', businessId: 'B', nickName: '王', companyName: 'C', queueId: 'q', status, createdAt: at(0) },
  sections: [],
  photos: [],
  customerConnection: 'connected',
  people: [],
  guests: [],
  held: false,
  notes: { version: 0, text: '' },
  marks: [],
  canRefreshOrder: false,
  serverTime: at(second),
  ...more,
});

describe('where the agent stands', () => {
  it.each([
    ['nothing known', undefined, undefined, 'idle', undefined],
    ['a ring', deskAt(1, { activity: 'ringing', ring }), interviewAt(2, 'ringing'), 'ringing', 'ivw_1'],
    [
      'answered, the desk not told yet',
      deskAt(1, { activity: 'ringing', ring }),
      interviewAt(2, 'talking'),
      'talking',
      'ivw_1',
    ],
    [
      'rung for a conversation that another agent hands over',
      deskAt(1, { activity: 'ringing', ring }),
      interviewAt(2, 'talking', { transfer: { state: 'ringing', since: at(1) } }),
      'ringing',
      'ivw_1',
    ],
    [
      'handed over: another agent talks on',
      deskAt(1, { activity: 'wrapping_up', interviewId: 'ivw_1' }),
      interviewAt(2, 'talking'),
      'wrapping_up',
      'ivw_1',
    ],
    ['taken from the list', deskAt(1), interviewAt(1, 'talking'), 'talking', 'ivw_1'],
    [
      'hung up, the desk not told yet',
      deskAt(1, { activity: 'talking', interviewId: 'ivw_1' }),
      interviewAt(2, 'ended'),
      'wrapping_up',
      'ivw_1',
    ],
    ['an old talk is over', deskAt(3), interviewAt(2, 'talking'), 'idle', undefined],
    ['wrapped up', deskAt(3), interviewAt(3, 'ended'), 'idle', undefined],
  ] as const)('%s', (_name, desk, interview, phase, id) => {
    const stand = phaseOf(desk as DeskState | undefined, interview);
    expect([stand.phase, stand.id]).toEqual([phase, id]);
  });
});

class FakeSession {
  listeners = new Map<string, (value: unknown) => void>();
  events = { status: { state: 'connecting' } as SocketStatus };
  connect = vi.fn();
  fetchDesk = vi.fn(async () => deskAt(0));
  fetchInterview = vi.fn(async (_id: string): Promise<AgentInterview> => interviewAt(9, 'ringing', { media }));
  answer = vi.fn(async (_id: string): Promise<AgentInterview> => interviewAt(9, 'talking', { media }));
  hangUp = vi.fn(async (_id: string) => interviewAt(9, 'ended'));
  on(name: string, listener: (value: never) => void) {
    this.listeners.set(name, listener as (value: unknown) => void);
    return () => void this.listeners.delete(name);
  }
  tell(name: string, value: unknown) {
    this.listeners.get(name)?.(value);
  }
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('the desk', () => {
  function page() {
    const session = new FakeSession();
    const scope = effectScope();
    const desk = scope.run(() => createDesk(session as unknown as DeskSession))!;
    return { session, scope, desk };
  }

  it('reads the interview at the ring, so that media is there before the answer', async () => {
    const { session, scope, desk } = page();
    session.fetchInterview.mockImplementation(async () => {
      const now = interviewAt(2, 'ringing', { media });
      session.tell('interview', now);
      return now;
    });
    session.tell('desk', deskAt(1, { activity: 'ringing', ring }));
    await vi.advanceTimersByTimeAsync(0);
    expect(session.fetchInterview).toHaveBeenCalledWith('ivw_1');
    expect(desk.interview.value?.media?.token).toBe('m');
    scope.stop();
  });

  it('does not ask for what came by itself', async () => {
    const { session, scope } = page();
    session.tell('interview', interviewAt(1, 'ringing', { media }));
    session.tell('desk', deskAt(1, { activity: 'ringing', ring }));
    await vi.advanceTimersByTimeAsync(kReadAgainMs * 2);
    expect(session.fetchInterview).not.toHaveBeenCalled();
    scope.stop();
  });

  it('asks again when the answer failed, and stops when the page goes', async () => {
    const { session, scope, desk } = page();
    session.fetchInterview.mockRejectedValue({ code: 'network.unreachable' });
    session.tell('desk', deskAt(1, { activity: 'ringing', ring }));
    await vi.advanceTimersByTimeAsync(0);
    expect(desk.problem.value?.code).toBe('network.unreachable');
    await vi.advanceTimersByTimeAsync(kReadAgainMs);
    expect(session.fetchInterview).toHaveBeenCalledTimes(2);
    scope.stop();
    await vi.advanceTimersByTimeAsync(kReadAgainMs * 3);
    expect(session.fetchInterview).toHaveBeenCalledTimes(2);
  });

  it('after a reload in a call reads desk and interview', async () => {
    const { session, scope, desk } = page();
    session.fetchDesk.mockImplementation(async () => {
      const now = deskAt(1, { activity: 'talking', interviewId: 'ivw_1' });
      session.tell('desk', now);
      return now;
    });
    session.fetchInterview.mockImplementation(async () => {
      const now = interviewAt(2, 'talking', { media });
      session.tell('interview', now);
      return now;
    });
    desk.connect();
    await vi.advanceTimersByTimeAsync(0);
    expect(desk.phase.value).toBe('talking');
    expect(desk.interview.value?.media).toBeDefined();
    scope.stop();
  });

  it('another tab: says so and reads nothing more', async () => {
    const { session, scope, desk } = page();
    session.tell('connection', { state: 'closed', code: 4409 });
    expect(desk.takenOver.value).toBe(true);
    session.tell('desk', deskAt(1, { activity: 'ringing', ring }));
    await nextTick();
    await vi.advanceTimersByTimeAsync(0);
    expect(session.fetchInterview).not.toHaveBeenCalled();
    scope.stop();
  });

  it('knows alarms and draining', () => {
    const { session, scope, desk } = page();
    session.tell('notice', 'server.draining');
    expect(desk.draining.value).toBe(true);
    session.tell('desk', deskAt(1, { alarms: ['recording_disk_full'] }));
    expect(desk.draining.value).toBe(false);
    scope.stop();
  });

  it('two clicks answer once', async () => {
    const { session, scope, desk } = page();
    session.tell('desk', deskAt(1, { activity: 'ringing', ring }));
    const first = desk.answer.run('ivw_1');
    expect(await desk.answer.run('ivw_1')).toBe(false);
    expect(await first).toBe(true);
    expect(session.answer).toHaveBeenCalledOnce();
    scope.stop();
  });
});
