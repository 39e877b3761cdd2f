import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Call, type CallState } from './call';
import { EventSocket } from './event_socket';
import { FakeMediaServer, FakePeer, FakeSocket, FakeStream, fakeLocal, kAccess } from './testing';

let server: FakeMediaServer;
let events: EventSocket;

function makeCall() {
  events = new EventSocket({
    token: () => 'twc_1',
    url: 'wss://server.test/api/v1/ws',
    WebSocket: FakeSocket as unknown as typeof WebSocket,
    random: () => 1,
  });
  events.connect();
  FakeSocket.last.welcome();
  const call = new Call({
    media: kAccess,
    local: fakeLocal(),
    events,
    environment: {
      RTCPeerConnection: FakePeer as unknown as typeof RTCPeerConnection,
      fetch: server.fetch,
      random: () => 1,
    },
  });
  const states: CallState[] = [];
  call.on('state', (state) => states.push(state));
  call.start();
  return { call, states };
}

async function connectedCall() {
  const made = makeCall();
  await vi.advanceTimersByTimeAsync(0);
  for (const peer of FakePeer.all) peer.become('connected');
  return made;
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('MediaStream', FakeStream);
  FakePeer.all = [];
  FakeSocket.all = [];
  server = new FakeMediaServer();
});
afterEach(() => {
  events.close();
  vi.useRealTimers();
});

describe('a call', () => {
  it('is connected when both ways are', async () => {
    const { call, states } = makeCall();
    await vi.advanceTimersByTimeAsync(0);
    FakePeer.all[0]!.become('connected');
    expect(states).toEqual([]);
    FakePeer.all[1]!.become('connected');
    expect(states).toEqual(['connected']);
    call.close();
    expect(states).toEqual(['connected', 'ended']);
    expect(server.count('DELETE')).toBe(2);
  });

  it('reconnects when either way is lost', async () => {
    const { call, states } = await connectedCall();
    FakePeer.all[1]!.become('disconnected');
    expect(states).toEqual(['connected', 'reconnecting']);
    await vi.advanceTimersByTimeAsync(0);
    FakePeer.all[1]!.become('connected');
    expect(states).toEqual(['connected', 'reconnecting', 'connected']);
    call.close();
  });

  it('is back in the same call after the server was killed and started again', async () => {
    const { call, states } = await connectedCall();
    server.forgetEverything();
    FakeSocket.last.lose();
    // The server is away for four seconds; media hangs, but the browser has not noticed yet.
    for (let waited = 0; waited < 4_000; waited += 500) {
      await vi.advanceTimersByTimeAsync(500);
      if (FakeSocket.last.readyState === 0) FakeSocket.last.lose();
    }
    expect(states.at(-1)).toBe('reconnecting');
    await vi.advanceTimersByTimeAsync(2_000);
    FakeSocket.last.welcome(1, false);
    call.update({ ...kAccess, token: 'twm_2' });
    await vi.advanceTimersByTimeAsync(300);
    expect(server.sessions).toBe(2);
    for (const peer of FakePeer.all.filter(({ closed }) => !closed)) peer.become('connected');
    expect(states).toEqual(['connected', 'reconnecting', 'connected']);
    call.close();
  });

  it('a short loss of the socket alone is not worth a word', async () => {
    const { call, states } = await connectedCall();
    FakeSocket.last.lose();
    await vi.advanceTimersByTimeAsync(250);
    FakeSocket.last.welcome(1, true);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(states).toEqual(['connected']);
    expect(server.count('PATCH')).toBe(0);
    call.close();
  });

  it('asks for a fresh access when its token is refused', async () => {
    server.troubles = [new Response(null, { status: 401 })];
    const { call } = makeCall();
    const refused = vi.fn();
    call.on('accessRefused', refused);
    await vi.advanceTimersByTimeAsync(0);
    expect(refused).toHaveBeenCalledTimes(1);
    call.update({ ...kAccess, token: 'twm_2' });
    await vi.advanceTimersByTimeAsync(0);
    expect(server.sessions).toBe(2);
    call.close();
  });

  it('watches whoever comes, and closes what is published no longer', async () => {
    const { call } = await connectedCall();
    const guest = {
      participant: 'gst_1',
      role: 'guest' as const,
      displayName: 'Guarantor',
      held: false,
      streams: [{ name: 'camera' as const, audio: true, video: true }],
    };
    call.update(kAccess, [guest]);
    await vi.advanceTimersByTimeAsync(0);
    expect(server.asked.at(-1)!.url).toBe('https://server.test/api/v1/media/itv_1/whep/gst_1/camera');
    expect(call.streams.map(({ participant }) => participant)).toEqual(['agent', 'gst_1']);
    call.update({ ...kAccess, token: 'twm_2' });
    expect(call.streams).toHaveLength(2);
    call.update(kAccess, []);
    expect(call.streams.map(({ participant }) => participant)).toEqual(['agent']);
    await vi.advanceTimersByTimeAsync(0);
    expect(server.sessions).toBe(2);
    expect(call.state).toBe('connected');
    call.close();
  });

  it('a screen is a stream of its own, ended when the server allows it no longer', async () => {
    const { call } = await connectedCall();
    expect(call.publish('screen', fakeLocal('screen'))).toBe(true);
    await vi.advanceTimersByTimeAsync(0);
    expect(server.asked.at(-1)!.url).toBe('https://server.test/api/v1/media/itv_1/whip/screen');
    FakePeer.last.become('failed');
    expect(call.state).toBe('connected');
    call.update({ ...kAccess, publish: kAccess.publish.filter(({ stream }) => stream === 'camera') });
    expect(call.publisher('screen')).toBeUndefined();
    expect(call.publish('screen', fakeLocal('screen'))).toBe(false);
    expect(call.state).toBe('connected');
    call.close();
  });

  it('only watches where there is nothing of its own', async () => {
    const { call: _ended } = makeCall();
    _ended.close();
    FakePeer.all = [];
    const call = new Call({
      media: kAccess,
      events,
      environment: { RTCPeerConnection: FakePeer as unknown as typeof RTCPeerConnection, fetch: server.fetch },
    });
    call.start();
    await vi.advanceTimersByTimeAsync(0);
    expect(FakePeer.all).toHaveLength(1);
    FakePeer.last.become('connected');
    expect(call.state).toBe('connected');
    call.close();
  });

  it('reports what the browser measures every two seconds', async () => {
    const { call } = await connectedCall();
    const publisher = FakePeer.all[0]!;
    for (const bytes of [0, 250_000]) {
      publisher.stats.set('v', { type: 'outbound-rtp', bytesSent: bytes });
      await vi.advanceTimersByTimeAsync(2_000);
    }
    const reports = FakeSocket.last.sent.filter((message) => message['type'] === 'quality');
    expect(reports).toEqual([{ v: 1, type: 'quality', roundTripMs: 0, lossPercent: 0, bitrateBps: 1_000_000 }]);
    call.close();
    await vi.advanceTimersByTimeAsync(10_000);
    const all = FakeSocket.all.flatMap(({ sent }) => sent);
    expect(all.filter((message) => message['type'] === 'quality')).toHaveLength(1);
  });
});
