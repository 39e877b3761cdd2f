import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DeviceWatch, type InputDevice } from './device_watch';

class Track extends EventTarget {
  readyState = 'live';
  muted = false;
  become(change: Partial<Pick<Track, 'readyState' | 'muted'>>, event: string) {
    Object.assign(this, change);
    this.dispatchEvent(new Event(event));
  }
  end = () => this.become({ readyState: 'ended' }, 'ended');
}
class Page extends EventTarget {
  visibilityState: DocumentVisibilityState = 'visible';
  become(state: DocumentVisibilityState) {
    this.visibilityState = state;
    this.dispatchEvent(new Event('visibilitychange'));
  }
}
class Media extends EventTarget {
  devices = [
    { kind: 'audioinput', deviceId: 'default', groupId: 'built-in' },
    { kind: 'audioinput', deviceId: 'a', groupId: 'built-in' },
    { kind: 'audiooutput', deviceId: 'b', groupId: 'built-in' },
  ];
  enumerateDevices = async () => this.devices;
  async change(devices: Media['devices']) {
    this.devices = devices;
    this.dispatchEvent(new Event('devicechange'));
    await vi.advanceTimersByTimeAsync(0);
  }
}
const kHeadset = { kind: 'audiooutput', deviceId: 'h', groupId: 'headset' };

async function watched({ works = true, microphoneOnly = false } = {}) {
  const tracks: Partial<Record<InputDevice, Track>> = microphoneOnly
    ? { microphone: new Track() }
    : { camera: new Track(), microphone: new Track() };
  let canOpen = works;
  let onStatus: (status: { state: string }) => void = () => {};
  const sent: string[] = [];
  const page = new Page();
  const media = new Media();
  const reopen = vi.fn(async () => {
    if (!canOpen) throw new Error('busy');
    for (const device of ['camera', 'microphone'] as const) {
      const track = tracks[device];
      if (track && (track.readyState === 'ended' || track.muted)) tracks[device] = new Track();
    }
  });
  const watch = new DeviceWatch({
    events: {
      on: ((_name: string, listener: typeof onStatus) => {
        onStatus = listener;
        return () => (onStatus = () => {});
      }) as never,
      send: ((message: { device: string; state: string }) => sent.push(`${message.device} ${message.state}`)) as never,
    },
    track: (device) => tracks[device] as unknown as MediaStreamTrack | undefined,
    reopen,
    document: page as never,
    media: media as never,
    random: () => 1,
  });
  const inputs: object[] = [];
  const sounds: string[] = [];
  watch.on('inputs', (now) => inputs.push(now));
  watch.on('sound', (now) => sounds.push(now));
  await vi.advanceTimersByTimeAsync(0);
  return {
    ...{ watch, page, media, reopen, sent, tracks, inputs, sounds },
    heal: () => (canOpen = true),
    reconnect: () => onStatus({ state: 'connected' }),
  };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('a camera that was pulled', () => {
  it('is told, opened again at once, and told of as replaced', async () => {
    const { tracks, sent, reopen, inputs } = await watched();
    tracks.camera!.end();
    expect(sent).toEqual(['camera lost']);
    await vi.advanceTimersByTimeAsync(0);
    expect(reopen).toHaveBeenCalledTimes(1);
    expect(sent).toEqual(['camera lost', 'camera replaced']);
    expect(inputs).toEqual([{ camera: 'lost' }, {}]);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(reopen).toHaveBeenCalledTimes(1);
  });

  it('that does not open is tried again, less and less often, and at once when a device is plugged', async () => {
    const { tracks, reopen, media, heal, sent } = await watched({ works: false });
    tracks.camera!.end();
    await vi.advanceTimersByTimeAsync(0);
    expect(reopen).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(1_000 + 2_000 + 4_000);
    expect(reopen).toHaveBeenCalledTimes(4);
    await vi.advanceTimersByTimeAsync(60_000);
    const often = reopen.mock.calls.length;
    expect(often).toBeLessThanOrEqual(9);
    heal();
    await media.change(media.devices);
    expect(reopen).toHaveBeenCalledTimes(often + 1);
    expect(sent).toEqual(['camera lost', 'camera replaced']);
  });

  it('is left alone while the page is behind, and opened on the return', async () => {
    const { tracks, page, reopen } = await watched();
    page.become('hidden');
    tracks.camera!.end();
    await vi.advanceTimersByTimeAsync(30_000);
    expect(reopen).not.toHaveBeenCalled();
    page.become('visible');
    await vi.advanceTimersByTimeAsync(0);
    expect(reopen).toHaveBeenCalledTimes(1);
  });

  it('is opened by a press without waiting', async () => {
    const { watch, tracks, reopen, heal, inputs } = await watched({ works: false });
    tracks.microphone!.end();
    await vi.advanceTimersByTimeAsync(10_000);
    const before = reopen.mock.calls.length;
    heal();
    await watch.tryNow();
    expect(reopen).toHaveBeenCalledTimes(before + 1);
    expect(inputs.at(-1)).toEqual({});
  });
});

describe('a phone call', () => {
  it('that takes the microphone is told after a moment, and its end as resumed', async () => {
    const { tracks, sent, heal } = await watched({ works: false });
    tracks.microphone!.become({ muted: true }, 'mute');
    expect(sent).toEqual([]);
    await vi.advanceTimersByTimeAsync(300);
    expect(sent).toEqual(['microphone interrupted']);
    await vi.advanceTimersByTimeAsync(20_000);
    tracks.microphone!.become({ muted: false }, 'unmute');
    expect(sent).toEqual(['microphone interrupted', 'microphone resumed']);
    heal();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(sent).toHaveLength(2);
  });

  it('a pause of a moment is no news', async () => {
    const { tracks, sent, reopen } = await watched();
    tracks.camera!.become({ muted: true }, 'mute');
    await vi.advanceTimersByTimeAsync(200);
    tracks.camera!.become({ muted: false }, 'unmute');
    await vi.advanceTimersByTimeAsync(5_000);
    expect([sent, reopen.mock.calls.length]).toEqual([[], 0]);
  });

  it('both devices are told of by themselves', async () => {
    const { tracks, sent, inputs } = await watched({ works: false });
    tracks.camera!.end();
    tracks.microphone!.become({ muted: true }, 'mute');
    await vi.advanceTimersByTimeAsync(300);
    expect(sent).toEqual(['camera lost', 'microphone interrupted']);
    expect(inputs.at(-1)).toEqual({ camera: 'lost', microphone: 'interrupted' });
  });
});

it('a headset that is plugged or pulled is told of, and a default that moves is not', async () => {
  const { media, sent, sounds } = await watched();
  const before = media.devices;
  await media.change([...before, kHeadset]);
  await media.change([{ ...before[0]!, groupId: 'headset' }, ...before.slice(1), kHeadset]);
  await media.change(before);
  expect(sounds).toEqual(['plugged', 'pulled']);
  expect(sent).toEqual(['speaker replaced', 'speaker replaced']);
});

it('a server that restarted hears again of what is lost', async () => {
  const { tracks, sent, reconnect } = await watched({ works: false });
  reconnect();
  expect(sent).toEqual([]);
  tracks.camera!.end();
  reconnect();
  expect(sent).toEqual(['camera lost', 'camera lost']);
});

it('a call by voice has no camera to lose, and what was closed says nothing more', async () => {
  const { watch, tracks, sent, reopen } = await watched({ microphoneOnly: true });
  watch.review();
  expect(sent).toEqual([]);
  watch.close();
  tracks.microphone!.end();
  await vi.advanceTimersByTimeAsync(5_000);
  expect([sent, reopen.mock.calls.length]).toEqual([[], 0]);
});
