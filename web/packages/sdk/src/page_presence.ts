// Whether the customer's page is in front and its camera alive: told to the server, and put right when the person returns.
import type { EventSocket } from './event_socket';

/** A track that a phone paused comes back by itself within a moment of the return, or not at all. */
const kUnmuteGraceMs = 300;

export type CameraState = 'live' | 'lost' | 'off';

export interface PagePresenceOptions {
  events: Pick<EventSocket, 'on' | 'send'>;
  /** The camera's track of now; undefined where there is none (a voice-only call, a camera switched off). */
  camera: () => MediaStreamTrack | undefined;
  /** Opens the camera again and gives it to the publisher (`replaceTrack`: no new session); not where a DeviceWatch does. */
  reopen?: (() => Promise<unknown>) | undefined;
  document?: Pick<Document, 'visibilityState' | 'addEventListener' | 'removeEventListener'> | undefined;
}

/** `lost` is what the device took away; a picture that the person switched off is `off`. */
export function cameraStateOf(track: MediaStreamTrack | undefined): CameraState {
  if (!track) return 'off';
  if (track.readyState === 'ended' || track.muted) return 'lost';
  return track.enabled ? 'live' : 'off';
}

export class PagePresence {
  readonly #options: PagePresenceOptions;
  readonly #document: NonNullable<PagePresenceOptions['document']>;
  readonly #stopListening: () => void;
  #watched: MediaStreamTrack | undefined;
  #told: string | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #reopening = false;
  #closed = false;

  constructor(options: PagePresenceOptions) {
    this.#options = options;
    this.#document = options.document ?? globalThis.document;
    this.#document.addEventListener('visibilitychange', this.#onVisibility);
    this.#stopListening = options.events.on('status', ({ state }) => {
      if (state !== 'connected') return;
      // A server that restarted, or another one, does not know what was said before.
      this.#told = undefined;
      this.review();
    });
    this.review();
  }

  get #visible(): boolean {
    return this.#document.visibilityState !== 'hidden';
  }

  /** Looks at the camera again; call it when its track was replaced or switched. */
  review(): void {
    if (this.#closed) return;
    this.#watchTrack();
    const camera = cameraStateOf(this.#watched);
    const visible = this.#visible;
    const words = `${visible} ${camera}`;
    if (words !== this.#told && this.#options.events.send({ v: 1, type: 'page', visible, camera })) this.#told = words;
    if (visible && camera === 'lost') this.#reopenSoon();
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#stopListening();
    this.#document.removeEventListener('visibilitychange', this.#onVisibility);
    this.#leaveTrack();
  }

  readonly #onVisibility = (): void => this.review();
  readonly #onTrack = (): void => this.review();

  #watchTrack(): void {
    const track = this.#options.camera();
    if (track === this.#watched) return;
    this.#leaveTrack();
    this.#watched = track;
    for (const name of ['ended', 'mute', 'unmute']) track?.addEventListener(name, this.#onTrack);
  }
  #leaveTrack(): void {
    for (const name of ['ended', 'mute', 'unmute']) this.#watched?.removeEventListener(name, this.#onTrack);
    this.#watched = undefined;
  }

  #reopenSoon(): void {
    clearTimeout(this.#timer);
    if (this.#reopening) return;
    const wait = this.#watched?.readyState === 'ended' ? 0 : kUnmuteGraceMs;
    this.#timer = setTimeout(() => void this.#reopen(), wait);
  }

  async #reopen(): Promise<void> {
    const { reopen } = this.#options;
    if (!reopen || this.#reopening || this.#closed || !this.#visible || cameraStateOf(this.#watched) !== 'lost') return;
    this.#reopening = true;
    try {
      await reopen();
    } catch {
      // The page says what is wrong with the device; the next return tries again.
    }
    this.#reopening = false;
    // Told without asking again for the same track: a camera that stays lost would be opened for ever.
    const before = this.#watched;
    this.#watchTrack();
    if (this.#watched !== before) this.review();
  }
}
