import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ServerMessage } from '@telewitness/protocol';
import { EventSocket, type SocketStatus } from './event_socket';
import { FakeSocket } from './testing';

function connected(token = () => 'twc_1') {
  const events = new EventSocket({
    token,
    url: 'wss://server.test/api/v1/ws',
    WebSocket: FakeSocket as unknown as typeof WebSocket,
    random: () => 1,
  });
  const statuses: SocketStatus[] = [];
  const messages: ServerMessage[] = [];
  events.on('status', (status) => statuses.push(status));
  events.on('message', (message) => messages.push(message));
  events.connect();
  return { events, statuses, messages };
}

beforeEach(() => {
  vi.useFakeTimers();
  FakeSocket.all = [];
});
afterEach(() => void vi.useRealTimers());

describe('the event socket', () => {
  it('says hello first and is connected at the welcome', () => {
    const { events, messages } = connected();
    FakeSocket.last.open();
    expect(FakeSocket.last.sent).toEqual([{ v: 1, type: 'hello', token: 'twc_1' }]);
    expect(events.status.state).toBe('connecting');
    FakeSocket.last.hear({ v: 1, type: 'welcome', seq: 4, serverTime: '2026-01-01T00:00:00Z' });
    expect(events.status).toEqual({ state: 'connected', resumed: false });
    expect(messages.map((message) => message.type)).toEqual(['welcome']);
    events.close();
  });

  it('resumes from the last number it saw, with the token of now', () => {
    let token = 'twc_1';
    const { events } = connected(() => token);
    FakeSocket.last.welcome(4);
    FakeSocket.last.hear({ v: 1, type: 'customer.state', seq: 9, state: {} });
    FakeSocket.last.lose();
    expect(events.status.state).toBe('reconnecting');
    token = 'twc_2';
    vi.advanceTimersByTime(250);
    FakeSocket.last.open();
    expect(FakeSocket.last.sent[0]).toEqual({ v: 1, type: 'hello', token: 'twc_2', resumeFrom: 9 });
    FakeSocket.last.hear({ v: 1, type: 'welcome', seq: 12, resumed: true, serverTime: '' });
    expect(events.status).toEqual({ state: 'connected', resumed: true });
    events.close();
  });

  it('says which page it is, and takes over once when it is told to', () => {
    const events = new EventSocket({
      token: () => 'twu_1',
      url: 'wss://server.test/api/v1/ws',
      WebSocket: FakeSocket as unknown as typeof WebSocket,
      page: 'one',
    });
    events.connect();
    FakeSocket.last.open();
    expect(FakeSocket.last.sent[0]).toEqual({ v: 1, type: 'hello', token: 'twu_1', page: 'one' });
    FakeSocket.last.lose(4409);
    expect(events.status).toEqual({ state: 'closed', code: 4409 });
    events.connect(true);
    FakeSocket.last.open();
    expect(FakeSocket.last.sent[0]).toMatchObject({ page: 'one', takeOver: true });
    FakeSocket.last.hear({ v: 1, type: 'welcome', seq: 1, resumed: false, serverTime: '' });
    FakeSocket.last.lose();
    vi.advanceTimersByTime(2_000);
    FakeSocket.last.open();
    expect(FakeSocket.last.sent[0]).toMatchObject({ page: 'one' });
    expect(FakeSocket.last.sent[0]).not.toHaveProperty('takeOver');
    events.close();
  });

  it('counts anew after a server that forgot it', () => {
    const { events } = connected();
    FakeSocket.last.welcome(900);
    FakeSocket.last.lose(1012);
    vi.advanceTimersByTime(250);
    FakeSocket.last.welcome(1, false);
    FakeSocket.last.lose();
    vi.advanceTimersByTime(250);
    FakeSocket.last.open();
    expect(FakeSocket.last.sent[0]).toMatchObject({ resumeFrom: 1 });
    events.close();
  });

  it('comes back within half a second at first, then waits longer, but never more than 2 s', () => {
    const { events } = connected();
    FakeSocket.last.welcome();
    const waits: number[] = [];
    for (let round = 0; round < 14; round += 1) {
      const before = FakeSocket.all.length;
      const lostAt = Date.now();
      FakeSocket.last.lose();
      while (FakeSocket.all.length === before) vi.advanceTimersByTime(50);
      waits.push(Date.now() - lostAt);
    }
    expect(waits).toEqual([250, ...Array.from({ length: 9 }, () => 500), 2000, 2000, 2000, 2000]);
    events.close();
  });

  it.each([4401, 4409, 4410])('does not come back after %i', (code) => {
    const { events, statuses } = connected();
    FakeSocket.last.welcome();
    FakeSocket.last.lose(code);
    vi.advanceTimersByTime(60_000);
    expect(FakeSocket.all).toHaveLength(1);
    expect(statuses.at(-1)).toEqual({ state: 'closed', code });
    expect(events.send({ v: 1, type: 'ping' })).toBe(false);
  });

  it('gives up a connection on which nothing is heard any more', () => {
    const { events } = connected();
    FakeSocket.last.welcome();
    vi.advanceTimersByTime(5_000);
    expect(FakeSocket.last.sent.filter((message) => message['type'] === 'ping')).toHaveLength(2);
    FakeSocket.last.hear({ v: 1, type: 'pong' });
    vi.advanceTimersByTime(6_900);
    expect(events.status.state).toBe('connected');
    const silent = FakeSocket.last;
    vi.advanceTimersByTime(200);
    expect(events.status.state).toBe('reconnecting');
    expect(silent.closedWith).toBe(1000);
    events.close();
  });

  it('keeps a connection that answers, although the page in the background did not get to ask in time', async () => {
    vi.stubGlobal('setInterval', () => 0); // its own pings are not run
    const { events } = connected();
    FakeSocket.last.welcome();
    FakeSocket.last.send = function (text: string) {
      if (text.includes('"ping"')) queueMicrotask(() => this.hear({ v: 1, type: 'pong' }));
    };
    await vi.advanceTimersByTimeAsync(60_000);
    expect(FakeSocket.all).toHaveLength(1);
    expect(events.status.state).toBe('connected');
    events.close();
  });

  it('asks at once when the network is back, and leaves a connection that does not answer within 4 s', () => {
    const { events } = connected();
    FakeSocket.last.welcome();
    window.dispatchEvent(new Event('online'));
    expect(FakeSocket.last.sent.at(-1)).toMatchObject({ type: 'ping' });
    vi.advanceTimersByTime(3_900);
    expect(events.status.state).toBe('connected');
    vi.advanceTimersByTime(200);
    expect(events.status.state).toBe('reconnecting');
    events.close();
  });

  it('gives up a connection that is never welcomed', () => {
    const { events } = connected();
    FakeSocket.last.open();
    vi.advanceTimersByTime(5_000 + 250);
    expect(FakeSocket.all).toHaveLength(2);
    events.close();
  });

  it('comes back at once when the network does', () => {
    const { events } = connected();
    FakeSocket.last.welcome();
    FakeSocket.last.lose();
    for (let round = 0; round < 4; round += 1) {
      vi.advanceTimersByTime(2_000);
      FakeSocket.last.lose();
    }
    const before = FakeSocket.all.length;
    window.dispatchEvent(new Event('online'));
    expect(FakeSocket.all).toHaveLength(before + 1);
    events.close();
    window.dispatchEvent(new Event('online'));
    expect(FakeSocket.all).toHaveLength(before + 1);
  });

  it('ignores what it cannot read and messages of another version', () => {
    const { events, messages } = connected();
    FakeSocket.last.welcome();
    for (const data of ['{', '[]', 'null', '7', '{"v":2,"type":"notice","seq":3}', '{"v":1}', new ArrayBuffer(2)]) {
      FakeSocket.last.onmessage?.({ data });
    }
    expect(messages.map((message) => message.type)).toEqual(['welcome']);
    events.close();
  });

  it('sends only while connected', () => {
    const { events } = connected();
    FakeSocket.last.open();
    expect(events.send({ v: 1, type: 'ping' })).toBe(false);
    FakeSocket.last.welcome();
    expect(events.send({ v: 1, type: 'quality', roundTripMs: 1, lossPercent: 0, bitrateBps: 2 })).toBe(true);
    events.close();
    expect(events.status).toEqual({ state: 'closed', code: 1000 });
  });

  it('a listener that throws does not keep the others from hearing', () => {
    const reported = vi.fn();
    vi.stubGlobal('reportError', reported);
    const { events } = connected();
    const second = vi.fn();
    events.on('message', () => {
      throw new Error('mine');
    });
    events.on('message', second);
    FakeSocket.last.welcome();
    expect(second).toHaveBeenCalledTimes(1);
    expect(reported).toHaveBeenCalledTimes(1);
    events.close();
  });
});
