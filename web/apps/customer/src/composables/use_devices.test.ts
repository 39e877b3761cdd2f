import { beforeEach, describe, expect, it, vi } from 'vitest';
import { effectScope, type EffectScope } from 'vue';
import { useDevices, type DeviceChoices, type DeviceEnvironment, type Devices } from './use_devices';

class FakeTrack {
  enabled = true;
  stopped = false;
  readyState = 'live';
  muted = false;
  onended: (() => void) | null = null;
  constructor(readonly kind: 'audio' | 'video') {}
  stop() {
    this.stopped = true;
  }
}
class FakeStream {
  constructor(public tracks: FakeTrack[] = []) {}
  getTracks = () => this.tracks;
  getAudioTracks = () => this.tracks.filter(({ kind }) => kind === 'audio');
  getVideoTracks = () => this.tracks.filter(({ kind }) => kind === 'video');
  removeTrack(track: FakeTrack) {
    this.tracks = this.tracks.filter((one) => one !== track);
  }
}

let scope: EffectScope;
let asked: MediaStreamConstraints[];
let given: (FakeStream | Error)[];
let listed: string[];
let denied: string[];
let prompting: string[];
let made: FakeStream[];

function start(environment: Partial<DeviceEnvironment> = {}, choices: DeviceChoices = {}): Devices {
  const media = {
    async getUserMedia(constraints: MediaStreamConstraints) {
      asked.push(constraints);
      const answer = given.shift();
      if (answer instanceof Error) throw answer;
      const kinds = (['audio', 'video'] as const).filter((kind) => constraints[kind]);
      const stream = answer ?? new FakeStream(kinds.map((kind) => new FakeTrack(kind)));
      made.push(stream);
      return stream;
    },
    enumerateDevices: async () => listed.map((kind) => ({ kind })),
    addEventListener: vi.fn(),
    removeEventListener: vi.fn(),
  };
  const permissions = {
    query: async ({ name }: { name: string }) => ({
      state: denied.includes(name) ? 'denied' : prompting.includes(name) ? 'prompt' : 'granted',
    }),
  };
  const whole = { media, secure: true, permissions, ...environment } as unknown as DeviceEnvironment;
  return scope.run(() => useDevices(whole, choices))!;
}
const current = (devices: Devices) => devices.stream.value as unknown as FakeStream;
const failure = (name: string) => Object.assign(new Error(name), { name });

beforeEach(() => {
  vi.stubGlobal('MediaStream', FakeStream);
  scope = effectScope();
  asked = [];
  given = [];
  made = [];
  listed = ['videoinput', 'audioinput'];
  denied = [];
  prompting = [];
});

describe('switching on', () => {
  it('asks for 1280×720 of the front camera and a cleaned sound', async () => {
    const devices = start();
    expect(await devices.start()).toBe(true);
    expect(asked[0]).toMatchObject({
      video: { width: { ideal: 1280 }, height: { ideal: 720 }, facingMode: 'user' },
      audio: { echoCancellation: true },
    });
    expect([devices.status.value, devices.mirrored.value, devices.canSwitchCamera.value]).toEqual([
      'ready',
      true,
      false,
    ]);
  });

  it.each([
    ['NotAllowedError', { denied: ['camera'] }, { camera: 'denied' }],
    ['NotAllowedError', { denied: ['camera', 'microphone'] }, { camera: 'denied', microphone: 'denied' }],
    ['NotAllowedError', { denied: [] }, { camera: 'system', microphone: 'system' }],
    ['NotFoundError', { listed: ['videoinput'] }, { microphone: 'missing' }],
    ['NotFoundError', { listed: [] }, { camera: 'missing', microphone: 'missing' }],
    ['NotReadableError', {}, { camera: 'busy', microphone: 'busy' }],
    ['Whatever', {}, { camera: 'failed', microphone: 'failed' }],
  ])('%s with %j: %j', async (name, facts: { denied?: string[]; listed?: string[] }, troubles) => {
    denied = facts.denied ?? [];
    listed = facts.listed ?? listed;
    given = [failure(name)];
    const devices = start();
    expect(await devices.start()).toBe(false);
    expect(devices.troubles.value).toEqual(troubles);
    expect(await devices.start()).toBe(true);
    expect(devices.troubles.value).toEqual({});
  });

  it('of two devices the one that is allowed is not what was refused', async () => {
    prompting = ['camera'];
    given = [Object.assign(new Error('Permission dismissed'), { name: 'NotAllowedError' })];
    const devices = start();
    await devices.start();
    expect(devices.troubles.value).toEqual({ camera: 'dismissed' });
  });

  it('a device that is in use is named by the message, and one that is not asked for is never blamed', async () => {
    given = [Object.assign(new Error('Could not start video source'), { name: 'NotReadableError' })];
    const devices = start();
    await devices.start();
    expect(devices.troubles.value).toEqual({ camera: 'busy' });
    given = [failure('NotReadableError')];
    const voice = start({}, { voiceOnly: () => true });
    await voice.start();
    expect(voice.troubles.value).toEqual({ microphone: 'busy' });
  });

  it.each([
    [false, 'insecure'],
    [true, 'unsupported'],
  ])('a browser without media, on https %s: %s', async (secure, trouble) => {
    const devices = start({ media: undefined, secure });
    expect(await devices.start()).toBe(false);
    expect(devices.troubles.value).toEqual({ camera: trouble, microphone: trouble });
  });

  it('what comes after the page was left is switched off again', async () => {
    const devices = start();
    const running = devices.start();
    devices.stop();
    await running;
    expect(made[0]!.getTracks().every(({ stopped }) => stopped)).toBe(true);
    expect(devices.status.value).toBe('off');
  });
});

describe('while it runs', () => {
  it('a camera that the phone took is opened again, and the microphone goes on', async () => {
    const devices = start();
    await devices.start();
    const [audio] = current(devices).getAudioTracks();
    const [video] = current(devices).getVideoTracks();
    video!.readyState = 'ended';
    expect(await devices.reopen()).toBe(true);
    expect(asked.at(-1)).not.toHaveProperty('audio');
    expect(current(devices).getAudioTracks()).toEqual([audio]);
    expect(current(devices).getVideoTracks()[0]).not.toBe(video);
    expect([audio!.stopped, devices.status.value]).toEqual([false, 'ready']);
    const before = asked.length;
    expect(await devices.reopen()).toBe(true);
    expect(asked).toHaveLength(before);
  });

  it('a call without pictures asks for no camera', async () => {
    const devices = start({}, { voiceOnly: () => true });
    await devices.start();
    expect(asked).toEqual([{ audio: expect.anything() }]);
  });

  it('a camera that is unplugged and does not open again is trouble, and everything is switched off', async () => {
    const devices = start();
    await devices.start();
    const stream = current(devices);
    listed = ['audioinput'];
    given = [Object.assign(new Error('gone'), { name: 'NotFoundError' })];
    stream.getVideoTracks()[0]!.readyState = 'ended';
    stream.getVideoTracks()[0]!.onended!();
    await vi.waitUntil(() => devices.status.value === 'trouble');
    expect(devices.status.value).toBe('trouble');
    expect(devices.troubles.value).toEqual({ camera: 'missing' });
    expect(stream.getTracks().every(({ stopped }) => stopped)).toBe(true);
  });

  it('muting lasts over a change of camera', async () => {
    listed = ['videoinput', 'videoinput', 'audioinput'];
    const devices = start();
    await devices.start();
    const audio = current(devices).getAudioTracks()[0]!;
    devices.setMuted(true);
    expect(await devices.switchCamera()).toBe(true);
    expect(current(devices).getAudioTracks()).toEqual([audio]);
    expect([audio.enabled, audio.stopped]).toEqual([false, false]);
    expect([devices.facing.value, devices.mirrored.value, devices.canSwitchCamera.value]).toEqual([
      'environment',
      false,
      true,
    ]);
    devices.setMuted(false);
    expect(audio.enabled).toBe(true);
  });

  it('the old camera stops before the new one opens, and comes back when that fails', async () => {
    const devices = start();
    await devices.start();
    const before = current(devices).getVideoTracks()[0]!;
    given = [failure('NotReadableError')];
    expect(await devices.switchCamera()).toBe(false);
    expect(before.stopped).toBe(true);
    expect(asked.slice(1).map(({ video }) => (video as MediaTrackConstraints).facingMode)).toEqual([
      'environment',
      'user',
    ]);
    expect([devices.status.value, devices.facing.value]).toEqual(['ready', 'user']);
    expect(current(devices).getTracks()).toHaveLength(2);
  });

  it('neither camera: trouble that can be tried again', async () => {
    const devices = start();
    await devices.start();
    given = [failure('NotReadableError'), failure('NotReadableError')];
    expect(await devices.switchCamera()).toBe(false);
    expect(devices.status.value).toBe('trouble');
    expect(await devices.start()).toBe(true);
  });

  it('leaving the page switches everything off', async () => {
    const devices = start();
    await devices.start();
    const stream = current(devices);
    scope.stop();
    expect(stream.getTracks().every(({ stopped }) => stopped)).toBe(true);
  });
});
