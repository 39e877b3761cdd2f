// A mark in the form: its key as a word, because "none" is a choice too.
import type { MarkLabel, MarkLabelChange } from '@telewitness/desk';

export interface MarkDraft {
  text: string;
  /** `1` to `9`, or `none`. */
  key: string;
  /** Undefined: at the end of the list. */
  order: number | undefined;
}

export const emptyMark = (): MarkDraft => ({ text: '', key: 'none', order: undefined });

export function draftOfMark(mark: MarkLabel): MarkDraft {
  return { text: mark.text, key: mark.key === undefined ? 'none' : String(mark.key), order: mark.order };
}

export function changeOfMark(draft: MarkDraft): MarkLabelChange {
  return {
    text: draft.text.trim(),
    key: draft.key === 'none' ? null : Number(draft.key),
    ...(draft.order === undefined ? {} : { order: draft.order }),
  };
}

/** Keys that no other mark has. */
export function freeKeys(marks: readonly MarkLabel[], id: string | undefined): number[] {
  const taken = new Set(marks.filter((mark) => mark.id !== id).map((mark) => mark.key));
  return [1, 2, 3, 4, 5, 6, 7, 8, 9].filter((key) => !taken.has(key));
}
