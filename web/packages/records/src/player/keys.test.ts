import { describe, expect, it } from 'vitest';
import { commandOf, placeOf, type PlayerCommand } from './keys';
import { kSpeeds, steppedSpeed } from './speed';

const pressed = (key: string, more: Partial<Record<'ctrlKey' | 'altKey' | 'metaKey', boolean>> = {}) => ({
  key,
  ctrlKey: false,
  altKey: false,
  metaKey: false,
  ...more,
});

describe('keys in the player', () => {
  it.each<[string, PlayerCommand]>([
    [' ', { do: 'toggle' }],
    ['k', { do: 'toggle' }],
    ['K', { do: 'toggle' }],
    ['ArrowLeft', { do: 'seek-by', ms: -5_000 }],
    ['ArrowRight', { do: 'seek-by', ms: 5_000 }],
    ['j', { do: 'seek-by', ms: -10_000 }],
    ['l', { do: 'seek-by', ms: 10_000 }],
    ['<', { do: 'speed', step: -1 }],
    ['>', { do: 'speed', step: 1 }],
    ['Home', { do: 'seek-to', share: 0 }],
    ['End', { do: 'seek-to', share: 1 }],
    ['3', { do: 'seek-to', share: 0.3 }],
    ['n', { do: 'next-chapter' }],
    ['p', { do: 'previous-chapter' }],
  ])('%s', (key, command) => expect(commandOf(pressed(key), 'player')).toEqual(command));

  it.each(['x', 'Tab', 'Enter', 'toString', 'constructor'])('%s is nothing of ours', (key) =>
    expect(commandOf(pressed(key), 'player')).toBeUndefined(),
  );

  it("the browser's own keys stay the browser's", () => {
    expect(commandOf(pressed('l', { ctrlKey: true }), 'player')).toBeUndefined();
    expect(commandOf(pressed('ArrowLeft', { altKey: true }), 'player')).toBeUndefined();
    expect(commandOf(pressed('m', { metaKey: true }), 'player')).toBeUndefined();
  });

  it('a button keeps its space, a field keeps every key', () => {
    expect(commandOf(pressed(' '), 'button')).toBeUndefined();
    expect(commandOf(pressed('j'), 'button')).toEqual({ do: 'seek-by', ms: -10_000 });
    expect(commandOf(pressed('j'), 'field')).toBeUndefined();
  });

  it.each([
    ['<div><span></span></div>', 'player'],
    ['<button><span></span></button>', 'button'],
    ['<select><span></span></select>', 'field'],
  ])('inside %s a key belongs to the %s', (html, place) => {
    const holder = document.createElement('div');
    holder.innerHTML = html;
    expect(placeOf(holder.querySelector('span') ?? holder.firstElementChild)).toBe(place);
  });
});

describe('speeds', () => {
  it('step through all of them and stay at the ends', () => {
    const up: number[] = [0.5];
    while (up.length <= kSpeeds.length) up.push(steppedSpeed(up.at(-1)!, 1));
    expect(up).toEqual([...kSpeeds, 2]);
    expect(steppedSpeed(0.5, -1)).toBe(0.5);
    expect(steppedSpeed(1, -1)).toBe(0.75);
  });
});
