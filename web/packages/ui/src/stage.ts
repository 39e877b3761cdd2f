// Who is shown where in a call: a screen or a film large with faces beside, one face alone, or all of them alike.
import type { Person, Role } from './people';

export type StageMode = 'solo' | 'grid' | 'focus';
export type StagePlace = 'main' | 'face' | 'voice';

export interface StageItem {
  key: string;
  participant: string;
  /** `camera`, `screen`, `broadcast` or `whisper`. */
  stream: string;
  role: Role | undefined;
  displayName: string;
  media: MediaStream | undefined;
  /** False: nothing to see, a sign stands for the picture. */
  video: boolean;
  /** A camera stream without sound: the person is muted or has no microphone. */
  audio: boolean;
  held: boolean;
  place: StagePlace;
}

export interface Stage {
  mode: StageMode;
  items: StageItem[];
}

/** What of the SDK's streams is used. */
export interface WatchedStream {
  participant: string;
  name: string;
  stream: MediaStream | undefined;
}

/** Screens and films are looked at by all; the newest list's first one is large. */
const kLooked = ['broadcast', 'screen'];

/**
 * @param watched in a stable order, the other side's camera first: elements keep their place in the page, so that no picture stops.
 * @param people of the newest state; somebody watched who is in no list yet counts as seen and heard.
 */
export function stageOf(watched: readonly WatchedStream[], people: readonly Person[]): Stage {
  const items = watched.map((each): StageItem => {
    const person = people.find((candidate) => candidate.participant === each.participant);
    const published = person?.streams.find((stream) => stream.name === each.name);
    const voice = each.name === 'whisper' || (each.name === 'broadcast' && published?.video === false);
    return {
      key: `${each.participant}/${each.name}`,
      participant: each.participant,
      stream: each.name,
      role: person?.role,
      displayName: person?.displayName ?? '',
      media: each.stream,
      video: published?.video ?? true,
      audio: published?.audio ?? true,
      held: person?.held ?? false,
      place: voice ? 'voice' : 'face',
    };
  });
  const seen = items.filter((item) => item.place === 'face');
  const looked = seen.find((item) => kLooked.includes(item.stream) && item.video);
  const mode: StageMode = looked ? 'focus' : seen.length > 1 ? 'grid' : 'solo';
  const main = looked ?? (mode === 'solo' ? seen[0] : undefined);
  if (main) main.place = 'main';
  return { mode, items };
}

export interface StageGrid {
  columns: number;
  rows: number;
}

/** Tiles as large as can be: `count` of them in a space so much wider than high. */
export function gridOf(count: number, aspect: number, tileAspect = 16 / 9): StageGrid {
  let best: StageGrid = { columns: 1, rows: Math.max(1, count) };
  let largest = 0;
  for (let columns = 1; columns <= Math.max(1, count); columns += 1) {
    const rows = Math.ceil(count / columns);
    const width = Math.min(aspect / columns, tileAspect / rows);
    if (width < largest - 1e-9) continue; // of equal ones the wider grid
    largest = width;
    best = { columns, rows };
  }
  return best;
}

/** The first letters of a name for where there is no picture: two of a Latin name, the last of a Chinese one. */
export function initialsOf(name: string): string {
  const words = name.trim().split(/\s+/).filter(Boolean);
  if (words.length === 0) return '';
  const letters = [...words[0]!];
  if (/\p{Script=Han}/u.test(words[0]!)) return letters.at(-1)!;
  return (letters[0]! + (words.length > 1 ? [...words.at(-1)!][0]! : '')).toUpperCase();
}
