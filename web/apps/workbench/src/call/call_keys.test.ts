import { afterEach, describe, expect, it, vi } from 'vitest';
import { effectScope } from 'vue';
import { callKeyOf, isElsewhere, kCallKeys, markKeyOf, useCallKey, useMarkKeys } from './call_keys';

const press = (key: string, more: Partial<KeyboardEvent> = {}) => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  repeat: false,
  isComposing: false,
  ...more,
});

afterEach(() => (document.body.innerHTML = ''));

describe('a press', () => {
  it.each([
    ['p', {}, 'photo'],
    ['P', {}, 'photo'],
    ['?', {}, 'keys'],
    ['z', {}, undefined],
    ['p', { ctrlKey: true }, undefined],
    ['p', { metaKey: true }, undefined],
    ['p', { altKey: true }, undefined],
    ['p', { repeat: true }, undefined],
    ['p', { isComposing: true }, undefined],
  ])('%s with %j is %s', (key, more, name) => expect(callKeyOf(press(key, more))).toBe(name));

  it.each([
    ['1', 1],
    ['9', 9],
    ['0', undefined],
    ['a', undefined],
    ['12', undefined],
  ])('%s sets the mark %s', (key, digit) => expect(markKeyOf(press(key))).toBe(digit));
});

it('no key means two things', () => {
  const keys = Object.values(kCallKeys);
  expect(new Set(keys).size).toBe(keys.length);
  expect(keys.some((key) => /[0-9]/.test(key))).toBe(false);
});

describe('who is pressed', () => {
  it.each([
    ['<textarea id="at"></textarea>', true],
    ['<input id="at">', true],
    ['<div class="el-overlay"><button id="at"></button></div>', true],
    ['<button id="at"></button><div role="alertdialog"></div>', true],
    ['<button id="at"></button><div class="el-overlay"></div>', true],
    ['<button id="at"></button><div class="el-overlay" style="display: none;"></div>', false],
    ['<button id="at"></button>', false],
  ])('%s', (html, elsewhere) => {
    document.body.innerHTML = html;
    expect(isElsewhere(document.querySelector('#at'))).toBe(elsewhere);
  });

  it('a key does its thing once, only while it is active, and no longer when the page has gone', () => {
    const photo = vi.fn();
    const mark = vi.fn();
    let active = true;
    const scope = effectScope();
    scope.run(() => {
      useCallKey('photo', photo, () => active);
      useMarkKeys(mark, () => active);
    });
    const down = (key: string) => {
      const event = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true });
      document.body.dispatchEvent(event);
      return event.defaultPrevented;
    };
    expect(down('p')).toBe(true);
    expect(down('m')).toBe(false);
    expect(down('3')).toBe(true);
    expect(photo).toHaveBeenCalledOnce();
    expect(mark).toHaveBeenCalledExactlyOnceWith(3);
    active = false;
    expect(down('p')).toBe(false);
    scope.stop();
    active = true;
    expect(down('p')).toBe(false);
    expect(photo).toHaveBeenCalledOnce();
  });
});
