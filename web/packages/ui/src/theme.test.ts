import { afterEach, describe, expect, it, vi } from 'vitest';
import { followTheme, kDarkClasses } from './theme';

function device(dark: boolean) {
  const listeners = new Set<() => void>();
  const media = {
    matches: dark,
    addEventListener: (_: string, listener: () => void) => listeners.add(listener),
    removeEventListener: (_: string, listener: () => void) => listeners.delete(listener),
  };
  vi.stubGlobal('matchMedia', () => media);
  return {
    become(value: boolean) {
      media.matches = value;
      for (const listener of listeners) listener();
    },
  };
}
const isDark = () => kDarkClasses.every((name) => document.documentElement.classList.contains(name));

describe('the theme', () => {
  afterEach(() => {
    vi.unstubAllGlobals();
    document.documentElement.className = '';
  });

  it.each([true, false])('is the device’s: dark %s', (dark) => {
    device(dark);
    followTheme()();
    expect(isDark()).toBe(dark);
  });

  it('follows a change until it is told to end', () => {
    const { become } = device(false);
    document.documentElement.className = 'kept';
    const end = followTheme();
    become(true);
    expect(isDark()).toBe(true);
    expect(document.documentElement.classList.contains('kept')).toBe(true);
    end();
    become(false);
    expect(isDark()).toBe(true);
  });
});
