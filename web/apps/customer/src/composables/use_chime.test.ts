import { flushPromises } from '@vue/test-utils';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { effectScope, type EffectScope } from 'vue';
import { kChimes, lengthMsOf, vibrationOf } from '../logic/chimes';
import { kPatienceMs, useChime } from './use_chime';

/** A browser's audio as far as chimes need it: `pressed` says whether it may sound. */
class FakeContext extends EventTarget {
  static pressed = true;
  static made: FakeContext[] = [];
  state: AudioContextState = 'suspended';
  currentTime = 10;
  destination = {};
  started: number[] = [];
  closed = false;
  constructor() {
    super();
    FakeContext.made.push(this);
  }
  async resume() {
    if (!FakeContext.pressed) return new Promise<void>(() => {});
    this.state = 'running';
    this.dispatchEvent(new Event('statechange'));
  }
  async close() {
    this.closed = true;
  }
  createGain() {
    const gain = { setValueAtTime: vi.fn(), linearRampToValueAtTime: vi.fn() };
    return { gain, connect: (to: unknown) => to, disconnect: vi.fn() };
  }
  createOscillator() {
    return {
      frequency: { value: 0 },
      connect: (to: unknown) => to,
      start: (at: number) => this.started.push(at),
      stop: vi.fn(),
      onended: null,
    };
  }
}

let scope: EffectScope;
const vibrate = vi.fn(() => true);
const chimes = (makeContext: (() => AudioContext) | undefined = () => new FakeContext() as unknown as AudioContext) =>
  scope.run(() => useChime({ makeContext, vibrate }))!;

beforeEach(() => {
  vi.useFakeTimers();
  vibrate.mockClear();
  FakeContext.pressed = true;
  FakeContext.made = [];
  scope = effectScope();
});
afterEach(() => {
  scope.stop();
  vi.useRealTimers();
});

describe('a chime', () => {
  it('sounds in full, and vibrates in step when that is asked for', async () => {
    const played = chimes().play('ring', true);
    await vi.advanceTimersByTimeAsync(lengthMsOf('ring'));
    expect(await played).toBe(true);
    expect(FakeContext.made[0]!.started).toEqual(kChimes.ring.map(({ at }) => 10 + at));
    expect(vibrate).toHaveBeenCalledExactlyOnceWith([220, 30, 220, 30, 450]);
    expect(vibrationOf('ask')).toEqual([180, 40, 300]);
  });

  it('that the browser keeps silent is told, and works after any press', async () => {
    FakeContext.pressed = false;
    const chime = chimes();
    chime.prepare();
    await flushPromises();
    expect(chime.blocked.value).toBe(false); // not said before it is certain
    await vi.advanceTimersByTimeAsync(kPatienceMs);
    expect(chime.blocked.value).toBe(true);
    const played = chime.play('ask');
    await vi.advanceTimersByTimeAsync(kPatienceMs);
    expect(await played).toBe(false);
    expect(FakeContext.made[0]!.started).toEqual([]);
    FakeContext.pressed = true;
    document.dispatchEvent(new Event('click'));
    await flushPromises();
    expect(chime.blocked.value).toBe(false);
    expect(FakeContext.made).toHaveLength(1);
  });

  it('a browser without sound shows no button that does nothing', async () => {
    const chime = scope.run(() => useChime({ makeContext: undefined, vibrate: undefined }))!;
    chime.prepare();
    await flushPromises();
    expect([chime.blocked.value, await chime.play('ring', true)]).toEqual([false, false]);
  });

  it('that is not needed holds no sound device; leaving the page closes it too', async () => {
    const chime = chimes();
    chime.prepare();
    chime.rest();
    expect(FakeContext.made[0]!.closed).toBe(true);
    chime.prepare();
    scope.stop();
    expect(FakeContext.made.map(({ closed }) => closed)).toEqual([true, true]);
    document.dispatchEvent(new Event('click'));
    expect(FakeContext.made).toHaveLength(2);
  });
});
