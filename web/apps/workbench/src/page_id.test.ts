import { expect, it } from 'vitest';
import { pageId } from './page_id';

function storage() {
  const kept = new Map<string, string>();
  return {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
  };
}

it('is the same after a reload and another in a tab that was copied', () => {
  const tab = storage();
  const first = pageId(tab, false);
  expect(pageId(tab, true)).toBe(first);
  expect(pageId(tab, true)).toBe(first);
  expect(pageId(tab, false)).not.toBe(first);
});

it('a browser without storage has one too', () => {
  const none = {
    getItem: () => {
      throw new Error('blocked');
    },
    setItem: () => {},
  };
  expect(pageId(none, true)).toHaveLength(36);
});
