// What becomes of the customer's camera, microphone and headset during a call: noticed, told to the server, opened again.
import { Backoff } from './backoff';
import { Emitter } from './emitter';
import type { EventSocket } from './event_socket';

/** A track that a phone paused comes back by itself within a moment, or not before what took it is over. */
const kPauseGraceMs = 300;
/** Between tries to open again what was lost, while the page is in front. */
const kFirstRetryMs = 1_000;
const kMostRetryMs = 15_000;

export type InputDevice = 'camera' | 'microphone';
/** `interrupted`: something else has it, such as a phone call; `lost`: it was pulled, or taken for good. */
export type InputState = 'working' | 'interrupted' | 'lost';
export type SoundChange = 'plugged' | 'pulled';

export interface DeviceWatchEvents {
  /** What of the inputs does not work; empty when all is well again. */
  inputs: Partial<Record<InputDevice, Exclude<InputState, 'working'>>>;
  /** A headset or another sound device was plugged or pulled. */
  sound: SoundChange;
}

export interface DeviceWatchOptions {
  events: Pick<EventSocket, 'on' | 'send'>;
  /** The track of now; undefined where there is none (a voice-only call). One that was taken stays until it is replaced. */
  track: (device: InputDevice) => MediaStreamTrack | undefined;
  /** Opens again what was taken and gives it to the publisher (`replaceTrack`: no new session). May fail. */
  reopen: () => Promise<unknown>;
  document?: Pick<Document, 'visibilityState' | 'addEventListener' | 'removeEventListener'> | undefined;
  media?: Pick<MediaDevices, 'enumerateDevices' | 'addEventListener' | 'removeEventListener'> | undefined;
  /** 0..1, given by tests. */
  random?: (() => number) | undefined;
}

const kInputs: readonly InputDevice[] = ['camera', 'microphone'];
const kTrackEvents = ['ended', 'mute', 'unmute'] as const;

interface Watched {
  track: MediaStreamTrack | undefined;
  /** As told to the server. */
  told: InputState;
  /** The track that was told of as taken. */
  taken: MediaStreamTrack | undefined;
}

export function inputStateOf(track: MediaStreamTrack): InputState {
  if (track.readyState === 'ended') return 'lost';
  return track.muted ? 'interrupted' : 'working';
}

export class DeviceWatch extends Emitter<DeviceWatchEvents> {
  readonly #options: DeviceWatchOptions;
  readonly #document: NonNullable<DeviceWatchOptions['document']>;
  readonly #media: DeviceWatchOptions['media'];
  readonly #backoff: Backoff;
  readonly #stopListening: () => void;
  readonly #inputs: Record<InputDevice, Watched> = {
    camera: { track: undefined, told: 'working', taken: undefined },
    microphone: { track: undefined, told: 'working', taken: undefined },
  };
  #sounds: Set<string> | undefined;
  /** Whether the first try, which is at once, has been made. */
  #tried = false;
  #graceTimer: ReturnType<typeof setTimeout> | undefined;
  #retryTimer: ReturnType<typeof setTimeout> | undefined;
  #reopening = false;
  #closed = false;

  constructor(options: DeviceWatchOptions) {
    super();
    this.#options = options;
    this.#document = options.document ?? globalThis.document;
    this.#media = options.media ?? (globalThis.navigator?.mediaDevices as MediaDevices | undefined);
    this.#backoff = new Backoff({ firstMs: kFirstRetryMs, mostMs: kMostRetryMs, random: options.random });
    this.#document.addEventListener('visibilitychange', this.#onReturn);
    this.#media?.addEventListener('devicechange', this.#onDeviceChange);
    this.#stopListening = options.events.on('status', ({ state }) => {
      if (state !== 'connected') return;
      // A server that restarted does not know what was said before.
      for (const device of kInputs) {
        const { told } = this.#inputs[device];
        if (told !== 'working') this.#tell(device, told);
      }
    });
    void this.#listSounds();
    this.review();
  }

  /** Looks at the tracks again; call it when one was replaced. */
  review(): void {
    if (this.#closed) return;
    let paused = false;
    for (const device of kInputs) {
      this.#follow(device);
      const { track, told } = this.#inputs[device];
      if (!track) continue;
      const state = inputStateOf(track);
      // What is paused for a moment only is no news.
      if (state === 'interrupted' && told === 'working') paused = true;
      else this.#note(device, state);
    }
    if (paused) this.#graceTimer ??= setTimeout(() => this.#onGraceOver(), kPauseGraceMs);
    this.#reopenWhenNeeded();
  }

  /** By the person's press: now, without waiting for the next try. */
  async tryNow(): Promise<void> {
    this.#beginAnew();
    await this.#reopen();
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#graceTimer);
    clearTimeout(this.#retryTimer);
    this.#stopListening();
    this.#document.removeEventListener('visibilitychange', this.#onReturn);
    this.#media?.removeEventListener('devicechange', this.#onDeviceChange);
    for (const device of kInputs) this.#leave(this.#inputs[device]);
  }

  get #visible(): boolean {
    return this.#document.visibilityState !== 'hidden';
  }
  get #troubled(): InputDevice[] {
    return kInputs.filter((device) => this.#inputs[device].told !== 'working');
  }

  readonly #onTrack = (): void => this.review();
  readonly #onReturn = (): void => {
    if (!this.#visible) return;
    this.#beginAnew();
    this.review();
  };
  readonly #onDeviceChange = (): void => {
    // A plugged camera or microphone may be the one that was missed.
    this.#beginAnew();
    void this.#listSounds();
    this.review();
  };

  #onGraceOver(): void {
    this.#graceTimer = undefined;
    for (const device of kInputs) {
      const { track } = this.#inputs[device];
      if (track) this.#note(device, inputStateOf(track));
    }
    this.#reopenWhenNeeded();
  }

  #follow(device: InputDevice): void {
    const watched = this.#inputs[device];
    const track = this.#options.track(device);
    if (track === watched.track) return;
    this.#leave(watched);
    watched.track = track;
    for (const name of kTrackEvents) track?.addEventListener(name, this.#onTrack);
  }
  #leave(watched: Watched): void {
    for (const name of kTrackEvents) watched.track?.removeEventListener(name, this.#onTrack);
    watched.track = undefined;
  }

  #note(device: InputDevice, state: InputState): void {
    const watched = this.#inputs[device];
    if (watched.told === state) return;
    if (watched.told === 'working') watched.taken = watched.track;
    watched.told = state;
    this.#tell(device, state);
    if (this.#troubled.length === 0) this.#beginAnew();
    this.emit('inputs', this.#report());
  }

  #tell(device: InputDevice, state: InputState): void {
    const { track, taken } = this.#inputs[device];
    const word = state === 'working' ? (track === taken ? 'resumed' : 'replaced') : state;
    this.#options.events.send({ v: 1, type: 'device', device, state: word });
  }

  #report(): DeviceWatchEvents['inputs'] {
    return Object.fromEntries(this.#troubled.map((device) => [device, this.#inputs[device].told]));
  }

  #reopenWhenNeeded(): void {
    if (this.#troubled.length === 0 || this.#retryTimer !== undefined || this.#reopening || !this.#visible) return;
    this.#retryTimer = setTimeout(
      () => {
        this.#retryTimer = undefined;
        void this.#reopen();
      },
      this.#tried ? this.#backoff.nextMs() : 0,
    );
  }

  #beginAnew(): void {
    this.#backoff.reset();
    this.#tried = false;
    clearTimeout(this.#retryTimer);
    this.#retryTimer = undefined;
  }

  async #reopen(): Promise<void> {
    if (this.#reopening || this.#closed || !this.#visible || this.#troubled.length === 0) return;
    this.#reopening = this.#tried = true;
    try {
      await this.#options.reopen();
    } catch {
      // The page says what is wrong; it is tried again.
    }
    this.#reopening = false;
    this.review();
  }

  /** Sound devices by what they are; browsers that list no outputs still list a headset's microphone. */
  async #listSounds(): Promise<void> {
    const all = await this.#media?.enumerateDevices().catch(() => undefined);
    if (!all || this.#closed) return;
    const now = new Set(
      all
        .filter(
          ({ kind, deviceId }) => kind !== 'videoinput' && deviceId !== 'default' && deviceId !== 'communications',
        )
        .map(({ kind, groupId, deviceId }) => groupId || `${kind} ${deviceId}`),
    );
    const before = this.#sounds;
    this.#sounds = now;
    if (!before) return;
    const plugged = [...now].some((id) => !before.has(id));
    const pulled = [...before].some((id) => !now.has(id));
    if (!plugged && !pulled) return;
    this.#options.events.send({ v: 1, type: 'device', device: 'speaker', state: 'replaced' });
    this.emit('sound', plugged ? 'plugged' : 'pulled');
  }
}
