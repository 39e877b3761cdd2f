// A ring is heard and seen: a tone made by the browser, and the page's title in turns.
import { onScopeDispose, watch } from 'vue';

const kFlashEveryMs = 900;
const kRingEveryMs = 2_400;
/** Two minutes: longer than any ring lasts. */
const kMostRings = 50;
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

export interface RingerOptions {
  makeContext?: () => AudioContext;
  /** The loudspeaker of this machine; undefined: the system's. */
  speaker?: () => string | undefined;
}

/**
 * A ringer on WebAudio; silent where the browser has not been touched yet. All tones of a ring are planned at once: timers of a
 * page in the background may run once a minute, sound that is planned goes on.
 */
export function createRinger({ makeContext = () => new AudioContext(), speaker }: RingerOptions = {}): Ringer {
  let context: (AudioContext & { setSinkId?: (id: string) => Promise<void> }) | undefined;
  let planned: OscillatorNode[] = [];
  let ringing = false;

  function plan(at: AudioContext): void {
    for (let ring = 0; ring < kMostRings; ring += 1) {
      const start = at.currentTime + 0.02 + (ring * kRingEveryMs) / 1000;
      for (const { fromS, forS, hz } of kTones) {
        const tone = new OscillatorNode(at, { frequency: hz, type: 'sine' });
        const volume = new GainNode(at, { gain: 0 });
        volume.gain.setValueAtTime(0, start + fromS);
        volume.gain.linearRampToValueAtTime(kGain, start + fromS + 0.03);
        volume.gain.setValueAtTime(kGain, start + fromS + forS - 0.06);
        volume.gain.linearRampToValueAtTime(0, start + fromS + forS);
        tone.connect(volume).connect(at.destination);
        tone.start(start + fromS);
        tone.stop(start + fromS + forS);
        planned.push(tone);
      }
    }
  }

  return {
    start() {
      if (ringing) return;
      ringing = true;
      try {
        context ??= makeContext();
      } catch {
        return; // no sound device: the dialog and the title remain
      }
      const at = context;
      const sink = speaker?.();
      if (sink) void at.setSinkId?.(sink).catch(() => undefined); // pulled meanwhile: the system's own
      // Muted until the first touch of the page: the browser resumes when it may.
      void at.resume().then(
        () => ringing && planned.length === 0 && plan(at),
        () => undefined,
      );
    },
    stop() {
      ringing = false;
      for (const tone of planned) tone.stop();
      planned = [];
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
