// Plays chimes, and knows when the browser keeps silent until somebody touches the page.
import { onScopeDispose, ref, type Ref } from 'vue';
import { kChimes, lengthMsOf, vibrationOf, type Chime, type Tone } from '../logic/chimes';

const kVolume = 0.5;
/** Begins and ends without a click. */
const kEdgeSeconds = 0.02;
/** A browser that may sound begins within this; one that waits for a press never does. */
export const kPatienceMs = 600;

export interface Chimes {
  /** The browser plays nothing before a press. */
  blocked: Ref<boolean>;
  /** Makes ready to sound later; says so in `blocked` when that will not work. */
  prepare(): void;
  /** Plays it, and vibrates where asked and possible. Resolves when it has sounded: false when it could not be heard. */
  play(chime: Chime, vibrate?: boolean): Promise<boolean>;
  /** By a press: from now on sounds are allowed. */
  enable(): Promise<void>;
  /** Not needed for now: lets go of the sound device. */
  rest(): void;
}

export interface ChimeTools {
  makeContext: (() => AudioContext) | undefined;
  vibrate: ((pattern: number[]) => boolean) | undefined;
}

export function browserChimes(): ChimeTools {
  const vibrate = navigator.vibrate as Navigator['vibrate'] | undefined;
  return {
    makeContext: typeof AudioContext === 'undefined' ? undefined : () => new AudioContext(),
    vibrate: vibrate && ((pattern) => vibrate.call(navigator, pattern)),
  };
}

export function useChime(tools: ChimeTools = browserChimes()): Chimes {
  const blocked = ref(false);
  let context: AudioContext | undefined;

  function open(): AudioContext | undefined {
    if (context || !tools.makeContext) return context;
    context = tools.makeContext();
    context.addEventListener('statechange', look);
    // Any press will do, not only the one on the button.
    document.addEventListener('click', wake);
    document.addEventListener('keydown', wake);
    return context;
  }
  function look(): void {
    blocked.value = context !== undefined && context.state !== 'running';
  }
  const wake = () => void enable();

  async function enable(): Promise<void> {
    const output = open();
    if (!output) return;
    // A browser that waits for a press leaves the promise open: the state says how it stands.
    await Promise.race([output.resume().catch(() => undefined), wait(kPatienceMs)]);
    look();
  }

  function rest(): void {
    document.removeEventListener('click', wake);
    document.removeEventListener('keydown', wake);
    context?.removeEventListener('statechange', look);
    void context?.close();
    context = undefined;
    blocked.value = false;
  }
  onScopeDispose(rest);

  return {
    blocked,
    prepare: wake,
    enable,
    rest,
    async play(chime, vibrate = false) {
      if (vibrate) tools.vibrate?.(vibrationOf(chime));
      const output = open();
      if (!output) return false;
      if (output.state !== 'running') await Promise.race([output.resume().catch(() => undefined), wait(kPatienceMs)]);
      look();
      if (blocked.value) return false;
      for (const tone of kChimes[chime]) sound(output, tone);
      await wait(lengthMsOf(chime));
      return true;
    },
  };
}

const wait = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

function sound(context: AudioContext, { at, hz, seconds }: Tone): void {
  const begins = context.currentTime + at;
  const ends = begins + seconds;
  const voice = context.createOscillator();
  voice.frequency.value = hz;
  const volume = context.createGain();
  volume.gain.setValueAtTime(0, begins);
  volume.gain.linearRampToValueAtTime(kVolume, begins + kEdgeSeconds);
  volume.gain.setValueAtTime(kVolume, ends - kEdgeSeconds);
  volume.gain.linearRampToValueAtTime(0, ends);
  voice.connect(volume).connect(context.destination);
  voice.start(begins);
  voice.stop(ends);
  voice.onended = () => volume.disconnect();
}
