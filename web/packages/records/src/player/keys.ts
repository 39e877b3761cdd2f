// What a key does in the player. Only while the player has the focus: nowhere else is a letter a command (WCAG 2.1.4).

export type PlayerCommand =
  | { do: 'toggle' | 'mute' | 'fullscreen' | 'next-chapter' | 'previous-chapter' }
  | { do: 'seek-by'; ms: number }
  | { do: 'seek-to'; share: number }
  | { do: 'speed'; step: -1 | 1 }
  | { do: 'volume'; step: -1 | 1 };

export const kShortSeekMs = 5_000;
export const kLongSeekMs = 10_000;

export interface PressedKey {
  key: string;
  ctrlKey: boolean;
  altKey: boolean;
  metaKey: boolean;
}

/** Where the key was pressed: a button and a list keep their own keys. */
export type KeyPlace = 'player' | 'button' | 'field';

const kCommands: Readonly<Record<string, PlayerCommand>> = {
  ' ': { do: 'toggle' },
  k: { do: 'toggle' },
  ArrowLeft: { do: 'seek-by', ms: -kShortSeekMs },
  ArrowRight: { do: 'seek-by', ms: kShortSeekMs },
  j: { do: 'seek-by', ms: -kLongSeekMs },
  l: { do: 'seek-by', ms: kLongSeekMs },
  ArrowUp: { do: 'volume', step: 1 },
  ArrowDown: { do: 'volume', step: -1 },
  Home: { do: 'seek-to', share: 0 },
  End: { do: 'seek-to', share: 1 },
  '<': { do: 'speed', step: -1 },
  '>': { do: 'speed', step: 1 },
  n: { do: 'next-chapter' },
  p: { do: 'previous-chapter' },
  m: { do: 'mute' },
  f: { do: 'fullscreen' },
};

export function commandOf(pressed: PressedKey, place: KeyPlace): PlayerCommand | undefined {
  if (pressed.ctrlKey || pressed.altKey || pressed.metaKey || place === 'field') return undefined;
  if (place === 'button' && pressed.key === ' ') return undefined; // presses the button
  const key = pressed.key.length === 1 ? pressed.key.toLowerCase() : pressed.key;
  if (/^\d$/.test(key)) return { do: 'seek-to', share: Number(key) / 10 };
  return Object.hasOwn(kCommands, key) ? kCommands[key] : undefined;
}

export function placeOf(target: EventTarget | null): KeyPlace {
  if (!(target instanceof Element)) return 'player';
  if (target.closest('input, textarea, select, [contenteditable="true"]')) return 'field';
  return target.closest('button, a, summary') ? 'button' : 'player';
}
