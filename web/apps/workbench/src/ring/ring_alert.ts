// A ring is heard and seen: a tone made by the browser, and the page's title in turns.
import { onScopeDispose, watch } from 'vue';

const kFlashEveryMs = 900;
const kRingEveryMs = 2_400;
/** Two short tones, as a telephone on a desk; quiet enough for a room full of agents. */
const kTones: readonly { fromS: number; forS: number; hz: number }[] = [
  { fromS: 0, forS: 0.34, hz: 660 },
  { fromS: 0.42, forS: 0.34, hz: 784 },
];
const kGain = 0.16;

export interface Ringer {
  start(): void;
  stop(): void;
}

/** A ringer on WebAudio; silent where the browser has not been touched yet. */
export function createRinger(makeContext: () => AudioContext = () => new AudioContext()): Ringer {
  let context: AudioContext | undefined;
  let timer: ReturnType<typeof setInterval> | undefined;
  let playing: OscillatorNode[] = [];

  function once(): void {
    if (!context) return;
    // Muted until the first touch of the page: the browser resumes when it may.
    void context.resume().catch(() => undefined);
    if (context.state !== 'running') return;
    const start = context.currentTime + 0.02;
    playing = kTones.map(({ fromS, forS, hz }) => {
      const tone = new OscillatorNode(context!, { frequency: hz, type: 'sine' });
      const volume = new GainNode(context!, { gain: 0 });
      volume.gain.setValueAtTime(0, start + fromS);
      volume.gain.linearRampToValueAtTime(kGain, start + fromS + 0.03);
      volume.gain.setValueAtTime(kGain, start + fromS + forS - 0.06);
      volume.gain.linearRampToValueAtTime(0, start + fromS + forS);
      tone.connect(volume).connect(context!.destination);
      tone.start(start + fromS);
      tone.stop(start + fromS + forS);
      return tone;
    });
  }

  return {
    start() {
      if (timer !== undefined) return;
      try {
        context ??= makeContext();
      } catch {
        return; // no sound device: the dialog and the title remain
      }
      once();
      timer = setInterval(once, kRingEveryMs);
    },
    stop() {
      clearInterval(timer);
      timer = undefined;
      for (const tone of playing) tone.stop();
      playing = [];
    },
  };
}

/** Rings and flashes the title while `ringing` holds. */
export function useRingAlert(
  ringing: () => boolean,
  title: () => string,
  ringer: Ringer = createRinger(),
  page: { title: string } = document,
): void {
  let before: string | undefined;
  let timer: ReturnType<typeof setInterval> | undefined;

  function quiet(): void {
    ringer.stop();
    clearInterval(timer);
    if (before !== undefined) page.title = before;
    before = undefined;
  }
  watch(
    ringing,
    (now) => {
      quiet();
      if (!now) return;
      ringer.start();
      before = page.title;
      page.title = title();
      timer = setInterval(() => {
        page.title = page.title === before ? title() : (before ?? page.title);
      }, kFlashEveryMs);
    },
    { immediate: true },
  );
  onScopeDispose(quiet, true);
}
