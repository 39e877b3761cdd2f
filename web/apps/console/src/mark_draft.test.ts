import { describe, expect, it } from 'vitest';
import type { MarkLabel } from '@telewitness/desk';
import { changeOfMark, draftOfMark, emptyMark, freeKeys } from './mark_draft';

const mark = (id: string, key?: number): MarkLabel => ({ id, text: id, order: 3, ...(key ? { key } : {}) });

describe('a mark in the form', () => {
  it.each([
    [mark('a', 4), { text: 'a', key: 4, order: 3 }],
    [mark('b'), { text: 'b', key: null, order: 3 }],
  ])('goes there and back: %j', (before, change) => expect(changeOfMark(draftOfMark(before))).toEqual(change));

  it('a new one goes to the end and has no key', () => {
    expect(changeOfMark({ ...emptyMark(), text: ' 新标记 ' })).toEqual({ text: '新标记', key: null });
  });

  it('may have its own key and those that nobody has', () => {
    const marks = [mark('a', 1), mark('b', 2), mark('c')];
    expect(freeKeys(marks, undefined)).toEqual([3, 4, 5, 6, 7, 8, 9]);
    expect(freeKeys(marks, 'b')).toEqual([2, 3, 4, 5, 6, 7, 8, 9]);
  });
});
