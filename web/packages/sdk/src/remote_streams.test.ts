import type { Person } from '@telewitness/protocol';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { MediaEnvironment } from './media_connection';
import { RemoteStreams } from './remote_streams';
import { FakeMediaServer, FakePeer, FakeStream, kAccess } from './testing';
import { kMostViewers, watchListOf } from './watch_list';

let server: FakeMediaServer;
const environment = (): MediaEnvironment => ({
  RTCPeerConnection: FakePeer as unknown as typeof RTCPeerConnection,
  fetch: (input, init) => server.fetch(input, init),
  random: () => 1,
  network: { watch: () => () => {} },
});

const person = (participant: string, ...names: string[]): Person =>
  ({
    participant,
    role: participant.startsWith('gst_') ? 'guest' : participant,
    displayName: participant,
    held: false,
    streams: names.map((name) => ({ name, audio: true, video: name !== 'whisper' })),
  }) as Person;

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('MediaStream', FakeStream);
  FakePeer.all = [];
  server = new FakeMediaServer();
});
afterEach(() => void vi.useRealTimers());

describe('the list of what is watched', () => {
  it('is the other side before anybody is known', () => {
    expect(watchListOf(kAccess, undefined)).toEqual([{ participant: 'agent', stream: 'camera' }]);
  });

  it('is everybody else, what all look at before faces, and never oneself', () => {
    const people = [person('customer', 'camera'), person('gst_1', 'camera', 'screen'), person('player', 'broadcast')];
    expect(watchListOf(kAccess, people).map(({ participant, stream }) => `${participant}/${stream}`)).toEqual([
      'agent/camera',
      'player/broadcast',
      'gst_1/screen',
      'gst_1/camera',
    ]);
  });

  it('has a limit, and cuts faces before screens', () => {
    const many = Array.from({ length: 30 }, (_, index) => person(`gst_${index}`, 'camera'));
    const list = watchListOf(kAccess, [...many, person('gst_last', 'screen')]);
    expect(list).toHaveLength(kMostViewers);
    expect(list).toContainEqual({ participant: 'gst_last', stream: 'screen' });
  });
});

describe('viewers', () => {
  const targets = (...participants: string[]) => participants.map((participant) => ({ participant, stream: 'camera' }));

  it('come and go one by one while the others go on', async () => {
    const remotes = new RemoteStreams(environment());
    const seen = vi.fn();
    remotes.on('streams', seen);
    remotes.update(kAccess, targets('agent', 'gst_1'));
    await vi.advanceTimersByTimeAsync(0);
    expect(server.asked.map(({ url }) => url)).toEqual([
      'https://server.test/api/v1/media/itv_1/whep/agent/camera',
      'https://server.test/api/v1/media/itv_1/whep/gst_1/camera',
    ]);
    FakePeer.all[1]!.ontrack!({ track: { kind: 'video' } as MediaStreamTrack });
    expect(remotes.streams[1]!.stream).toBeDefined();
    remotes.update(kAccess, targets('agent'));
    expect(FakePeer.all.map(({ closed }) => closed)).toEqual([false, true]);
    await vi.advanceTimersByTimeAsync(0);
    expect(server.sessions).toBe(1);
    expect(seen.mock.lastCall![0]).toHaveLength(1);
    remotes.close();
  });

  it('are not made twice for the same stream', async () => {
    const remotes = new RemoteStreams(environment());
    for (let round = 0; round < 5; round += 1) remotes.update({ ...kAccess, token: `twm_${round}` }, targets('agent'));
    await vi.advanceTimersByTimeAsync(0);
    expect(FakePeer.all).toHaveLength(1);
    remotes.close();
    remotes.update(kAccess, targets('agent', 'gst_1'));
    expect(FakePeer.all).toHaveLength(1);
  });
});
