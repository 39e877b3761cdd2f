// Short sounds that the page makes itself: nothing is fetched.

export type Chime = 'ring' | 'ask' | 'test';

export interface Tone {
  /** Seconds after the chime began. */
  at: number;
  hz: number;
  seconds: number;
}

/** `ring`: an agent comes, to be heard across a room; `ask`: softer, two steps up; `test`: long enough to turn the volume. */
export const kChimes: Record<Chime, readonly Tone[]> = {
  ring: [
    { at: 0, hz: 784, seconds: 0.22 },
    { at: 0.25, hz: 988, seconds: 0.22 },
    { at: 0.5, hz: 1175, seconds: 0.45 },
  ],
  ask: [
    { at: 0, hz: 587, seconds: 0.18 },
    { at: 0.22, hz: 784, seconds: 0.3 },
  ],
  test: [
    { at: 0, hz: 523, seconds: 0.35 },
    { at: 0.4, hz: 659, seconds: 0.35 },
    { at: 0.8, hz: 784, seconds: 0.7 },
  ],
};

export function lengthMsOf(chime: Chime): number {
  return 1000 * Math.max(...kChimes[chime].map(({ at, seconds }) => at + seconds));
}

/** Milliseconds on and off for navigator.vibrate: in step with the sound. */
export function vibrationOf(chime: Chime): number[] {
  return kChimes[chime].flatMap(({ at, seconds }, index, all) => {
    const next = all[index + 1];
    const on = Math.round(seconds * 1000);
    return next ? [on, Math.round((next.at - at) * 1000) - on] : [on];
  });
}
