// A calm piece of plucked chords for people who wait, note by note; its end goes over into its beginning.

export interface Note {
  /** Seconds after the bar began. */
  at: number;
  hz: number;
  /** 0 to 1. */
  loudness: number;
  /** After so many seconds a third of it is left. */
  fadeSeconds: number;
  /** -1 left, 1 right. */
  pan: number;
}

const kBeatSeconds = 0.75;
const kBeatsPerBar = 4;
const kNotesPerBeat = 2;
export const kBarSeconds = kBeatSeconds * kBeatsPerBar;

/** A chord a bar, as MIDI numbers: F, Dm, B flat, C, Am, Gm, B flat, C. */
const kChords = [
  [53, 60, 65, 69],
  [50, 57, 62, 65],
  [46, 53, 58, 65],
  [48, 55, 60, 64],
  [45, 52, 60, 64],
  [43, 50, 58, 62],
  [46, 58, 62, 65],
  [48, 55, 58, 64],
] as const;
/** In which order the notes of a chord are plucked. */
const kPattern = [0, 1, 2, 3, 2, 3, 1, 2] as const;

const frequencyOf = (note: number): number => 440 * 2 ** ((note - 69) / 12);

/** The notes of a bar, counted from 0 for ever. */
export function notesOfBar(bar: number): Note[] {
  const chord = kChords[bar % kChords.length]!;
  const step = kBeatSeconds / kNotesPerBeat;
  const bass: Note = { at: 0, hz: frequencyOf(chord[0] - 12), loudness: 0.5, fadeSeconds: 1.6, pan: 0 };
  const plucked = kPattern.map((which, i): Note => {
    const loudness = i % 2 === 0 ? 0.28 : 0.2;
    return { at: i * step, hz: frequencyOf(chord[which] + 12), loudness, fadeSeconds: 0.7, pan: (which - 1.5) / 5 };
  });
  return [bass, ...plucked];
}
