import { describe, expect, it, vi } from 'vitest';
import { createLocalMedia, deviceStateOf } from './local_media';

class FakeTrack {
  enabled = true;
  onended: (() => void) | null = null;
  stop = vi.fn();
  constructor(readonly kind: 'audio' | 'video') {}
}
class FakeStream {
  tracks: FakeTrack[];
  constructor(...kinds: ('audio' | 'video')[]) {
    this.tracks = kinds.map((kind) => new FakeTrack(kind));
  }
  getTracks = () => this.tracks;
  getAudioTracks = () => this.tracks.filter((track) => track.kind === 'audio');
  getVideoTracks = () => this.tracks.filter((track) => track.kind === 'video');
}
const both = () => new FakeStream('audio', 'video');
const devices = (...answers: (FakeStream | Error)[]) => ({
  getUserMedia: vi.fn(async () => {
    const answer = answers.shift() ?? both();
    if (answer instanceof Error) throw answer;
    return answer as unknown as MediaStream;
  }),
});
const failure = (name: string) => new DOMException('x', name) as unknown as Error;

describe('the own camera and microphone', () => {
  it.each([
    ['NotAllowedError', 'denied'],
    ['NotFoundError', 'missing'],
    ['NotReadableError', 'busy'],
    ['TypeError', 'failed'],
  ])('%s means %s', (name, state) => expect(deviceStateOf(failure(name))).toBe(state));

  it('are given back after the call, and the next call is not muted', async () => {
    const stream = both();
    const local = createLocalMedia(devices(stream));
    await local.open();
    local.toggleMuted();
    local.toggleCamera();
    expect(stream.tracks.map((track) => track.enabled)).toEqual([false, false]);
    local.close();
    expect(stream.tracks.every((track) => track.stop.mock.calls.length === 1)).toBe(true);
    await local.open();
    expect(local.muted.value).toBe(false);
    expect(local.state.value).toBe('on');
  });

  it('the devices that were chosen are asked for, and a change during a call keeps what is muted', async () => {
    const [first, second] = [both(), both()];
    const asked = devices(first, second);
    const choice = { chosen: { microphone: 'mic-1' } as Record<string, string> };
    const local = createLocalMedia(asked, choice);
    await local.open();
    expect(asked.getUserMedia).toHaveBeenLastCalledWith(
      expect.objectContaining({ audio: expect.objectContaining({ deviceId: { ideal: 'mic-1' } }) }),
    );
    local.toggleMuted();
    choice.chosen = { microphone: 'headset', camera: 'cam-2' };
    await local.reopen();
    expect(asked.getUserMedia).toHaveBeenLastCalledWith({
      audio: expect.objectContaining({ deviceId: { ideal: 'headset' } }),
      video: expect.objectContaining({ deviceId: { ideal: 'cam-2' } }),
    });
    expect(local.stream.value).toBe(second);
    expect(second.getAudioTracks()[0]!.enabled).toBe(false);
    expect(first.tracks.every((track) => track.stop.mock.calls.length === 1)).toBe(true);
  });

  it('a change that fails leaves what was there, and one outside of calls opens nothing', async () => {
    const first = both();
    const asked = devices(first, failure('NotReadableError'), failure('NotReadableError'));
    const local = createLocalMedia(asked);
    await local.reopen();
    expect(asked.getUserMedia).not.toHaveBeenCalled();
    await local.open();
    await local.reopen();
    expect(local.stream.value).toBe(first);
    expect(local.state.value).toBe('on');
    first.tracks[0]!.onended?.(); // pulled after all: opened anew
    await vi.waitFor(() => expect(local.stream.value).not.toBe(first));
  });

  it('without a camera the agent is still heard', async () => {
    const asked = devices(failure('NotFoundError'), new FakeStream('audio'));
    const local = createLocalMedia(asked);
    await local.open();
    expect(local.state.value).toBe('no_camera');
    expect(local.stream.value?.getAudioTracks()).toHaveLength(1);
  });

  it('a refusal is told and not asked again behind the back', async () => {
    const asked = devices(failure('NotAllowedError'));
    const local = createLocalMedia(asked);
    await local.open();
    expect(local.state.value).toBe('denied');
    expect(asked.getUserMedia).toHaveBeenCalledOnce();
  });

  it('a call that ended while the browser asked keeps no device', async () => {
    const stream = both();
    const local = createLocalMedia(devices(stream));
    const opening = local.open();
    local.close();
    await opening;
    expect(local.stream.value).toBeUndefined();
    expect(stream.tracks[0]!.stop).toHaveBeenCalled();
  });

  it('a device pulled out is replaced by what is left, still muted', async () => {
    const first = both();
    const second = both();
    const local = createLocalMedia(devices(first, second));
    await local.open();
    local.toggleMuted();
    first.tracks[1]!.onended!();
    await vi.waitFor(() => expect(local.state.value).toBe('on'));
    expect(local.stream.value).toBe(second);
    expect(second.tracks[0]!.enabled).toBe(false);
  });

  it('the check before the first call leaves nothing open', async () => {
    const stream = both();
    const local = createLocalMedia(devices(stream));
    await local.check();
    expect(stream.tracks.every((track) => track.stop.mock.calls.length === 1)).toBe(true);
    expect(local.state.value).toBe('off');
  });
});
