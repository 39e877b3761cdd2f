// Music while one waits, made in the page: nothing is fetched, and it ends with the wait. It can be muted, and stays so.
import { onScopeDispose, ref, watch, type Ref } from 'vue';
import { kBarSeconds, notesOfBar, type Note } from '../logic/queue_tune';

const kStoredAs = 'telewitness.queue-music';
const kVolume = 0.35;
/** Notes are given to the audio clock so far ahead: a page in the background is woken once a second only. */
const kAheadSeconds = 2 * kBarSeconds;
const kEveryMs = 500;
const kAttackSeconds = 0.006;
/** After so many fades a note is too quiet to be heard. */
const kFades = 5;
/** A string's overtones, and its own tone. */
const kOvertones = [0, 1, 0.35, 0.12];

export interface QueueMusic {
  /** Whether this browser can make it. */
  possible: boolean;
  on: Ref<boolean>;
  toggle(): void;
}

/** @param playing whether somebody waits; @param output plays what is made. */
export function useQueueMusic(
  playing: () => boolean,
  output: () => HTMLAudioElement | null,
  makeContext: (() => AudioContext) | undefined = typeof AudioContext === 'undefined'
    ? undefined
    : () => new AudioContext(),
  storage: Pick<Storage, 'getItem' | 'setItem'> | undefined = storageOfTab(),
): QueueMusic {
  const on = ref(storage?.getItem(kStoredAs) !== 'off');
  let stop: (() => void) | undefined;

  watch(
    [() => playing() && on.value, output],
    ([wanted, element]) => {
      stop?.();
      stop = wanted && element && makeContext ? play(makeContext(), element) : undefined;
    },
    { immediate: true, flush: 'post' },
  );
  onScopeDispose(() => stop?.());

  return {
    possible: makeContext !== undefined,
    on,
    toggle() {
      on.value = !on.value;
      storage?.setItem(kStoredAs, on.value ? 'on' : 'off');
    },
  };
}

function storageOfTab(): Storage | undefined {
  try {
    return globalThis.sessionStorage;
  } catch {
    return undefined; // forbidden: the choice lasts as long as the page
  }
}

/** Plays until the returned function is called. */
function play(context: AudioContext, element: HTMLAudioElement): () => void {
  const wave = context.createPeriodicWave(new Float32Array(kOvertones.length), new Float32Array(kOvertones));
  const volume = context.createGain();
  volume.gain.value = kVolume;
  const sound = context.createMediaStreamDestination();
  volume.connect(sound);
  element.srcObject = sound.stream;

  let bar = 0;
  const schedule = (): void => {
    for (; bar * kBarSeconds < context.currentTime + kAheadSeconds; bar += 1)
      for (const note of notesOfBar(bar)) pluck(context, wave, volume, bar * kBarSeconds, note);
  };
  // Without a press the browser keeps silent; the next touch wakes it.
  const wake = (): void => {
    void context.resume();
    void element.play().catch(() => undefined);
  };
  schedule();
  wake();
  const timer = setInterval(schedule, kEveryMs);
  document.addEventListener('click', wake);
  return () => {
    clearInterval(timer);
    document.removeEventListener('click', wake);
    element.pause();
    element.srcObject = null;
    void context.close();
  };
}

function pluck(context: AudioContext, wave: PeriodicWave, to: AudioNode, barAt: number, note: Note): void {
  const begins = barAt + note.at;
  const ends = begins + note.fadeSeconds * kFades;
  const string = context.createOscillator();
  string.setPeriodicWave(wave);
  string.frequency.value = note.hz;
  const fade = context.createGain();
  fade.gain.setValueAtTime(0, begins);
  fade.gain.linearRampToValueAtTime(note.loudness, begins + kAttackSeconds);
  fade.gain.setTargetAtTime(0, begins + kAttackSeconds, note.fadeSeconds);
  const place = context.createStereoPanner();
  place.pan.value = note.pan;
  string.connect(fade).connect(place).connect(to);
  string.start(begins);
  string.stop(ends);
  // What has sounded is let go.
  string.onended = () => place.disconnect();
}
