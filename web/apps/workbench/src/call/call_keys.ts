// The keys of a call: what each does, and when a press is meant for it. Letters as they stand on the keyboard's caps.
import { onScopeDispose } from 'vue';

export const kCallKeys = {
  photo: 'p',
  mute: 'm',
  camera: 'c',
  hold: 'h',
  screen: 's',
  invite: 'i',
  transfer: 't',
  player: 'l',
  order: 'o',
  notes: 'n',
  earlier: 'e',
  outcome: 'r',
  hangUp: 'x',
  keys: '?',
} as const;
export type CallKey = keyof typeof kCallKeys;

type Press = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'repeat' | 'isComposing'>;

/** A press that is for the call: alone, once, not while a text is composed. */
function isPlain(press: Press): boolean {
  return !press.ctrlKey && !press.metaKey && !press.altKey && !press.repeat && !press.isComposing;
}

export function callKeyOf(press: Press): CallKey | undefined {
  if (!isPlain(press)) return undefined;
  const key = press.key.toLowerCase();
  return (Object.keys(kCallKeys) as CallKey[]).find((name) => kCallKeys[name] === key);
}

/** 1 to 9; of the row above the letters and of the number pad alike. */
export function markKeyOf(press: Press): number | undefined {
  return isPlain(press) && /^[1-9]$/.test(press.key) ? Number(press.key) : undefined;
}

/** Somebody writes, or a dialog is open: keys belong to it. */
export function isElsewhere(target: EventTarget | null, page: Pick<Document, 'querySelector'> = document): boolean {
  const element = target instanceof Element ? target : null;
  if (element?.closest('input, textarea, select, [contenteditable], [role="slider"], .el-overlay')) return true;
  return page.querySelector('[role="alertdialog"]') !== null || isDialogOpen(page);
}

/** Element Plus keeps the overlay of a closed dialog in the page, unseen. */
function isDialogOpen(page: Pick<Document, 'querySelector'>): boolean {
  const overlay = page.querySelector<HTMLElement>('.el-overlay:not([style*="display: none"])');
  return overlay !== null;
}

function listen(hear: (event: KeyboardEvent) => boolean): void {
  const onKey = (event: KeyboardEvent) => {
    if (event.defaultPrevented || isElsewhere(event.target)) return;
    if (hear(event)) event.preventDefault();
  };
  window.addEventListener('keydown', onKey);
  onScopeDispose(() => window.removeEventListener('keydown', onKey));
}

/** Does it on its key, while `active` holds. */
export function useCallKey(name: CallKey, run: () => void, active: () => boolean = () => true): void {
  listen((event) => {
    if (callKeyOf(event) !== name || !active()) return false;
    run();
    return true;
  });
}

export function useMarkKeys(run: (digit: number) => void, active: () => boolean): void {
  listen((event) => {
    const digit = markKeyOf(event);
    if (digit === undefined || !active()) return false;
    run(digit);
    return true;
  });
}
