import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { MediaConnectionState, MediaEnvironment } from './media_connection';
import { FakeMediaServer, FakePeer, FakeStream, fakeLocal, kAccess } from './testing';
import { WhepViewer } from './whep_viewer';
import { WhipPublisher } from './whip_publisher';

let server: FakeMediaServer;
let changeNetwork: () => void = () => {};
const environment = (): MediaEnvironment => ({
  network: {
    watch(onChange) {
      changeNetwork = onChange;
      return () => (changeNetwork = () => {});
    },
  },
  RTCPeerConnection: FakePeer as unknown as typeof RTCPeerConnection,
  fetch: (input, init) => server.fetch(input, init),
  random: () => 1,
});

async function publishing() {
  const publisher = new WhipPublisher(kAccess, fakeLocal(), environment());
  const states: MediaConnectionState[] = [];
  publisher.on('state', (state) => states.push(state));
  publisher.start();
  await vi.advanceTimersByTimeAsync(0);
  return { publisher, states };
}

async function connected() {
  const made = await publishing();
  FakePeer.last.become('connected');
  return made;
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('MediaStream', FakeStream);
  FakePeer.all = [];
  server = new FakeMediaServer();
});
afterEach(() => void vi.useRealTimers());

describe('publishing', () => {
  it('posts the offer with the media token and takes the answer', async () => {
    const { publisher, states } = await connected();
    expect(server.asked[0]).toMatchObject({ method: 'POST', url: kAccess.publishUrl });
    expect(server.asked[0]!.headers).toMatchObject({
      authorization: 'Bearer twm_1',
      'content-type': 'application/sdp',
    });
    expect(server.asked[0]!.body).toContain('a=ice-ufrag:client1');
    expect(FakePeer.last.configuration).toMatchObject({ bundlePolicy: 'max-bundle', iceServers: kAccess.iceServers });
    expect(FakePeer.last.transceivers.map(({ direction }) => direction)).toEqual(['sendonly', 'sendonly']);
    expect(states).toEqual(['connecting', 'connected']);
    publisher.close();
  });

  it('keeps the resolution and the bit rate of the room, and never stops sending silence', async () => {
    const { publisher } = await connected();
    const video = FakePeer.last.transceivers[1]!.sender.parameters;
    expect(video).toEqual({ degradationPreference: 'maintain-resolution', encodings: [{ maxBitrate: 1_500_000 }] });
    expect(FakePeer.last.remoteDescription!.sdp).not.toContain('usedtx');
    publisher.close();
  });

  it('sends a camera in two sizes where it is asked to and the network has room for both', async () => {
    const publisher = new WhipPublisher(kAccess, fakeLocal(), environment(), { layers: true });
    publisher.start();
    await vi.advanceTimersByTimeAsync(0);
    expect(FakePeer.last.transceivers[1]!.sender.parameters).toEqual({
      degradationPreference: 'maintain-resolution',
      encodings: [
        { rid: 'l', active: false, scaleResolutionDownBy: 4, maxBitrate: 180_000, scalabilityMode: 'L1T1' },
        { rid: 'h', maxBitrate: 1_500_000, scalabilityMode: 'L1T1' },
      ],
    });
    const small = () => FakePeer.last.transceivers[1]!.sender.parameters.encodings[0];
    const look = (bps: number, atMs: number) =>
      publisher.look([['p', { type: 'candidate-pair', nominated: true, availableOutgoingBitrate: bps }]], atMs);
    for (const second of [0, 2]) await look(2_000_000, second * 1000);
    expect(small()).toMatchObject({ rid: 'l', active: true, maxBitrate: 180_000 });
    for (const second of [4, 6]) await look(500_000, second * 1000);
    expect(small()).toMatchObject({ rid: 'l', active: false });
    publisher.close();
  });

  it('sends one size where the browser refuses two', async () => {
    class OneSizePeer extends FakePeer {
      override addTransceiver(what: MediaStreamTrack | string, init: RTCRtpTransceiverInit) {
        if ((init.sendEncodings?.length ?? 0) > 1) throw new TypeError('one encoding only');
        return super.addTransceiver(what, init);
      }
    }
    const browser = { ...environment(), RTCPeerConnection: OneSizePeer as unknown as typeof RTCPeerConnection };
    const publisher = new WhipPublisher(kAccess, fakeLocal(), browser, { layers: true });
    publisher.start();
    await vi.advanceTimersByTimeAsync(0);
    expect(FakePeer.last.transceivers.map(({ direction }) => direction)).toEqual(['sendonly', 'sendonly']);
    expect(FakePeer.last.transceivers[1]!.sender.parameters.encodings).toEqual([{ maxBitrate: 1_500_000 }]);
    publisher.close();
  });

  it('another camera replaces the tracks and survives a new session', async () => {
    const { publisher } = await connected();
    await publisher.replaceStream(fakeLocal('second'));
    expect(FakePeer.last.transceivers.map(({ sender }) => sender.track?.id)).toEqual(['second audio', 'second video']);
    expect(server.count('POST')).toBe(1);
    FakePeer.last.become('failed');
    await vi.advanceTimersByTimeAsync(250);
    expect(FakePeer.last.transceivers.map(({ sender }) => sender.track?.id)).toEqual(['second audio', 'second video']);
    publisher.close();
  });

  it('closing deletes the session, even while the page goes away', async () => {
    const { publisher } = await connected();
    window.dispatchEvent(new Event('pagehide'));
    expect(server.asked.at(-1)).toMatchObject({
      method: 'DELETE',
      url: 'https://server.test/api/v1/media/sessions/ms_1',
    });
    expect(FakePeer.last.closed).toBe(true);
    publisher.close();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(server.count('POST')).toBe(1);
    expect(server.count('DELETE')).toBe(1);
  });

  it('a session answered after closing is deleted', async () => {
    const publisher = new WhipPublisher(kAccess, fakeLocal(), environment());
    publisher.start();
    publisher.close();
    await vi.advanceTimersByTimeAsync(0);
    expect(server.sessions).toBe(0);
  });
});

describe('a lost path', () => {
  it('is restarted by PATCH on the same session', async () => {
    const { publisher, states } = await connected();
    FakePeer.last.become('disconnected');
    await vi.advanceTimersByTimeAsync(0);
    const patch = server.asked.at(-1)!;
    expect(patch.method).toBe('PATCH');
    expect(patch.headers).toMatchObject({ 'if-match': '"*"', 'content-type': 'application/trickle-ice-sdpfrag' });
    expect(patch.body).toContain('a=ice-ufrag:client2');
    expect(FakePeer.last.remoteDescription!.sdp).toContain('a=ice-ufrag:server2');
    FakePeer.last.become('connected');
    await vi.advanceTimersByTimeAsync(60_000);
    expect(FakePeer.all).toHaveLength(1);
    expect(states).toEqual(['connecting', 'connected', 'recovering', 'connected']);
    publisher.close();
  });

  it('that stays lost gets a new session', async () => {
    const { publisher } = await connected();
    FakePeer.last.become('disconnected');
    await vi.advanceTimersByTimeAsync(8_000 + 250);
    expect(FakePeer.all).toHaveLength(2);
    expect(server.sessions).toBe(1);
    publisher.close();
  });

  it('is restarted once, however often it is said', async () => {
    const { publisher } = await connected();
    FakePeer.last.become('disconnected');
    FakePeer.last.become('disconnected');
    void publisher.verify();
    await vi.advanceTimersByTimeAsync(0);
    expect(server.count('PATCH')).toBe(1);
    publisher.close();
  });
});

describe('another network', () => {
  it('restarts the path at once, before ICE notices', async () => {
    const { publisher, states } = await connected();
    changeNetwork();
    await vi.advanceTimersByTimeAsync(0);
    expect(server.count('PATCH')).toBe(1);
    expect(FakePeer.last.remoteDescription!.sdp).toContain('a=ice-ufrag:server2');
    expect(FakePeer.all).toHaveLength(1);
    expect(states).toEqual(['connecting', 'connected']);
    publisher.close();
    changeNetwork();
  });

  it('asks again while it does not carry the request yet, on the same session', async () => {
    const { publisher } = await connected();
    server.troubles = [new TypeError('network changed'), new TypeError('network changed')];
    FakePeer.last.become('disconnected');
    await vi.advanceTimersByTimeAsync(250 + 500);
    expect(server.asked.map(({ method }) => method)).toEqual(['POST', 'PATCH', 'PATCH', 'PATCH']);
    FakePeer.last.become('connected');
    await vi.advanceTimersByTimeAsync(60_000);
    expect(server.sessions).toBe(1);
    expect(FakePeer.all).toHaveLength(1);
    publisher.close();
  });

  it('replaces a restart that hangs on the old one', async () => {
    const { publisher } = await connected();
    const answered = server.fetch;
    let hung = 0;
    server.fetch = ((_url: string, init: RequestInit) => {
      hung += 1;
      return new Promise((_, reject) => init.signal!.addEventListener('abort', () => reject(init.signal!.reason)));
    }) as unknown as typeof fetch;
    FakePeer.last.become('disconnected');
    await vi.advanceTimersByTimeAsync(0);
    server.fetch = answered;
    changeNetwork();
    await vi.advanceTimersByTimeAsync(0);
    expect(hung).toBe(1);
    expect(server.count('PATCH')).toBe(1);
    FakePeer.last.become('connected');
    await vi.advanceTimersByTimeAsync(60_000);
    expect(server.sessions).toBe(1);
    publisher.close();
  });

  it('does not wait out a back-off', async () => {
    server.troubles = Array.from({ length: 5 }, () => new TypeError('no network'));
    const { publisher } = await publishing();
    await vi.advanceTimersByTimeAsync(4_000);
    const before = server.asked.length;
    server.troubles = [];
    changeNetwork();
    await vi.advanceTimersByTimeAsync(0);
    expect(server.asked.length).toBe(before + 1);
    expect(server.sessions).toBe(1);
    publisher.close();
  });
});

describe('a server that forgot the session', () => {
  it('gets a new one at once', async () => {
    const { publisher, states } = await connected();
    server.forgetEverything();
    void publisher.verify();
    await vi.advanceTimersByTimeAsync(0);
    expect(server.asked.map(({ method }) => method)).toEqual(['POST', 'PATCH', 'DELETE', 'POST']);
    FakePeer.last.become('connected');
    expect(states).toEqual(['connecting', 'connected', 'recovering', 'connected']);
    publisher.close();
  });

  it('gets it with the renewed token, within 2 s steps while it is away', async () => {
    const { publisher } = await connected();
    server.forgetEverything();
    server.troubles = Array.from({ length: 9 }, () => new TypeError('Failed to fetch'));
    void publisher.verify();
    await vi.advanceTimersByTimeAsync(4_000);
    const during = server.asked.length;
    publisher.update({ ...kAccess, token: 'twm_2' });
    server.troubles = [];
    await vi.advanceTimersByTimeAsync(2_000);
    expect(during).toBeGreaterThan(3);
    expect(server.sessions).toBe(1);
    expect(server.asked.at(-1)!.headers).toMatchObject({ authorization: 'Bearer twm_2' });
    publisher.close();
  });
});

describe('a refusal', () => {
  it('waits for another access and starts with it', async () => {
    server.troubles = [new Response(null, { status: 401 })];
    const { publisher, states } = await publishing();
    expect(states).toEqual(['connecting', 'refused']);
    publisher.update(kAccess);
    expect(server.count('POST')).toBe(1);
    publisher.update({ ...kAccess, token: 'twm_2' });
    await vi.advanceTimersByTimeAsync(0);
    expect(server.count('POST')).toBe(2);
    publisher.close();
  });

  it('a room that is not open yet is asked again', async () => {
    server.troubles = [new Response(null, { status: 404 }), new Response(null, { status: 409 })];
    const { publisher } = await publishing();
    await vi.advanceTimersByTimeAsync(250 + 500);
    expect(server.sessions).toBe(1);
    publisher.close();
  });

  it('tells why', async () => {
    const problem = { type: 'about:blank', title: '', status: 406, code: 'media.codec_missing' };
    server.troubles = [
      new Response(JSON.stringify(problem), { status: 406, headers: { 'content-type': 'application/problem+json' } }),
    ];
    const publisher = new WhipPublisher(kAccess, fakeLocal(), environment());
    const codes: string[] = [];
    publisher.on('problem', ({ code }) => codes.push(code));
    publisher.start();
    await vi.advanceTimersByTimeAsync(0);
    expect(codes).toEqual(['media.codec_missing']);
    publisher.close();
  });
});

describe('watching', () => {
  it('receives both kinds in one stream, and a new stream for a new session', async () => {
    const viewer = new WhepViewer(kAccess, environment());
    const streams = new Set<unknown>();
    viewer.on('stream', (stream) => streams.add(stream));
    viewer.start();
    await vi.advanceTimersByTimeAsync(0);
    expect(server.asked[0]!.url).toBe(kAccess.watchUrl);
    expect(FakePeer.last.transceivers.map(({ direction }) => direction)).toEqual(['recvonly', 'recvonly']);
    for (const kind of ['audio', 'video']) FakePeer.last.ontrack!({ track: { kind } as MediaStreamTrack });
    expect(streams.size).toBe(1);
    expect(viewer.stream!.getTracks()).toHaveLength(2);
    FakePeer.last.become('failed');
    await vi.advanceTimersByTimeAsync(250);
    FakePeer.last.ontrack!({ track: { kind: 'video' } as MediaStreamTrack });
    expect(streams.size).toBe(2);
    viewer.close();
  });
});
