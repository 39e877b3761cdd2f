// A video element as a page's state and a few commands; the element stays the truth.
import { onScopeDispose, reactive, watch, type Ref } from 'vue';
import { steppedSpeed } from './speed';

export const kVolumeStep = 0.1;

export interface PlaybackState {
  playing: boolean;
  /** It should play and has no data. */
  waiting: boolean;
  positionMs: number;
  /** 0 until it is known. */
  durationMs: number;
  /** Up to where it can play on from here without asking the server. */
  bufferedMs: number;
  speed: number;
  muted: boolean;
  volume: number;
}

export interface Playback {
  state: PlaybackState;
  toggle(): void;
  play(): void;
  pause(): void;
  seek(positionMs: number): void;
  seekBy(ms: number): void;
  setSpeed(speed: number): void;
  stepSpeed(step: -1 | 1): void;
  toggleMute(): void;
  setVolume(volume: number): void;
}

/** What of an HTMLVideoElement is used. */
export type PlayedElement = Pick<
  HTMLVideoElement,
  | 'addEventListener'
  | 'removeEventListener'
  | 'play'
  | 'pause'
  | 'paused'
  | 'currentTime'
  | 'duration'
  | 'buffered'
  | 'playbackRate'
  | 'muted'
  | 'volume'
  | 'readyState'
>;

const kEvents = ['play', 'pause', 'ended', 'timeupdate', 'seeking', 'seeked', 'durationchange', 'progress'] as const;
const kMoreEvents = ['waiting', 'playing', 'canplay', 'ratechange', 'volumechange', 'emptied'] as const;
/** HTMLMediaElement.HAVE_FUTURE_DATA: there is something to go on with. */
const kHasMore = 3;

function bufferedFrom({ buffered, currentTime }: PlayedElement): number {
  for (let i = 0; i < buffered.length; i += 1) {
    if (buffered.start(i) <= currentTime + 0.1 && buffered.end(i) >= currentTime) return buffered.end(i) * 1000;
  }
  return currentTime * 1000;
}

export function usePlayback(element: Readonly<Ref<PlayedElement | null | undefined>>): Playback {
  const state = reactive<PlaybackState>({
    playing: false,
    waiting: false,
    positionMs: 0,
    durationMs: 0,
    bufferedMs: 0,
    speed: 1,
    muted: false,
    volume: 1,
  });

  function read(now: PlayedElement): void {
    state.playing = !now.paused;
    state.waiting = !now.paused && now.readyState < kHasMore;
    state.positionMs = now.currentTime * 1000;
    state.durationMs = Number.isFinite(now.duration) ? now.duration * 1000 : 0;
    state.bufferedMs = bufferedFrom(now);
    state.muted = now.muted || now.volume === 0;
    state.volume = now.volume;
    // A new source begins at the usual speed: what was chosen goes on.
    if (now.playbackRate !== state.speed) now.playbackRate = state.speed;
  }
  const onEvent = (event: Event) => read(event.currentTarget as unknown as PlayedElement);
  function listen(now: PlayedElement | null | undefined, before?: PlayedElement | null): void {
    for (const name of [...kEvents, ...kMoreEvents]) {
      before?.removeEventListener(name, onEvent);
      now?.addEventListener(name, onEvent);
    }
    if (now) read(now);
    else Object.assign(state, { playing: false, waiting: false });
  }
  watch(element, listen, { immediate: true, flush: 'post' });
  onScopeDispose(() => listen(null, element.value), true);

  const act = (run: (now: PlayedElement) => void) => {
    if (element.value) run(element.value);
  };
  const play = () => act((now) => void now.play().catch(() => {})); // an error of the source is told by its own event
  const pause = () => act((now) => now.pause());
  const seek = (positionMs: number) =>
    act((now) => {
      const end = state.durationMs > 0 ? state.durationMs : positionMs;
      now.currentTime = Math.min(Math.max(0, positionMs), end) / 1000;
      state.positionMs = now.currentTime * 1000;
    });
  const setSpeed = (speed: number) => {
    state.speed = speed;
    act((now) => (now.playbackRate = speed));
  };
  return {
    state,
    play,
    pause,
    toggle: () => (state.playing ? pause() : play()),
    seek,
    seekBy: (ms) => seek(state.positionMs + ms),
    setSpeed,
    stepSpeed: (step) => setSpeed(steppedSpeed(state.speed, step)),
    toggleMute: () =>
      act((now) => {
        now.muted = !state.muted;
        if (!now.muted && now.volume === 0) now.volume = 1;
      }),
    setVolume: (volume) =>
      act((now) => {
        now.volume = Math.min(1, Math.max(0, Math.round(volume * 100) / 100));
        now.muted = false;
      }),
  };
}
