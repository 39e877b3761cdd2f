import { flushPromises } from '@vue/test-utils';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { effectScope, nextTick, ref } from 'vue';
import { useCountdown } from './use_countdown';
import { kHeardAt, loudness, meterOf } from './use_level';
import { usePlace } from './use_place';
import { useQueueEntry } from './use_queue_entry';
import { useWakeLock } from './use_wake_lock';

describe('the microphone meter', () => {
  it('measures loudness', () => {
    expect(loudness(new Float32Array())).toBe(0);
    expect(loudness(new Float32Array([0.5, -0.5, 0.5, -0.5]))).toBeCloseTo(0.5);
  });
  it.each([
    [0, 0],
    [0.001, 0],
    [kHeardAt, 0.28],
    [0.0316, 0.6],
    [1, 1],
  ])('shows %d as %d', (rms, level) => expect(meterOf(rms)).toBeCloseTo(level, 2));
});

describe('the place', () => {
  const geolocation = (answer: GeolocationPosition | { code: number }) => ({
    getCurrentPosition(yes: PositionCallback, no?: PositionErrorCallback | null) {
      if ('coords' in answer) yes(answer);
      else no?.(answer as GeolocationPositionError);
    },
  });
  const at = (accuracy: number) => ({ coords: { latitude: 31.2, longitude: 121.4, accuracy } }) as GeolocationPosition;

  it.each([
    [20, { accuracyM: 20 }],
    [9e9, { accuracyM: 1_000_000 }],
    [Number.NaN, {}],
  ])('with accuracy %d', async (accuracy, more) => {
    const place = usePlace({ geolocation: geolocation(at(accuracy)), permissions: undefined });
    expect(await place.ask()).toEqual({ status: 'given', latitude: 31.2, longitude: 121.4, ...more });
    expect(place.status.value).toBe('idle');
  });
  it.each([
    [1, 'denied', 'refused'],
    [1, 'prompt', 'dismissed'],
    [1, 'granted', 'system'],
    [1, undefined, 'refused'],
    [2, 'granted', 'unavailable'],
    [3, 'granted', 'timedOut'],
  ])('error %d, permission %s: %s', async (code, state, status) => {
    const query = async () => {
      if (!state) throw new TypeError('unknown');
      return { state } as PermissionStatus;
    };
    const place = usePlace({ geolocation: geolocation({ code }), permissions: { query } });
    expect(await place.ask()).toBeUndefined();
    expect(place.status.value).toBe(status);
  });
  it('asked again is a new one, not the one that was not good enough', async () => {
    const ages: (number | undefined)[] = [];
    const place = usePlace({
      geolocation: { getCurrentPosition: (yes, _no, options) => (ages.push(options?.maximumAge), yes(at(3_000))) },
      permissions: undefined,
    });
    await place.ask();
    await place.ask();
    expect(ages).toEqual([60_000, 0]);
  });
  it('a browser without a way to find it says so', async () => {
    const place = usePlace({ geolocation: undefined, permissions: undefined });
    expect(await place.ask()).toBeUndefined();
    expect(place.status.value).toBe('unsupported');
  });
});

describe('a countdown', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('ends once, unless it is stopped or left', () => {
    const atEnd = vi.fn();
    const scope = effectScope();
    const countdown = scope.run(() => useCountdown(atEnd))!;
    countdown.start(2);
    vi.advanceTimersByTime(1000);
    expect(countdown.left.value).toBe(1);
    vi.advanceTimersByTime(5000);
    expect(atEnd).toHaveBeenCalledTimes(1);
    countdown.start(2);
    countdown.stop();
    vi.advanceTimersByTime(5000);
    countdown.start(2);
    scope.stop();
    vi.advanceTimersByTime(5000);
    expect(atEnd).toHaveBeenCalledTimes(1);
  });
});

describe('entering the queue', () => {
  it('happens by itself once, when nothing else is under way', async () => {
    const ready = ref(false);
    const busy = ref(true);
    const enter = vi.fn(async () => false);
    const scope = effectScope();
    scope.run(() => useQueueEntry({ ready: () => ready.value, busy: () => busy.value, enter }));
    ready.value = true;
    await nextTick();
    expect(enter).not.toHaveBeenCalled();
    for (const value of [false, true, false]) {
      busy.value = value;
      await nextTick();
    }
    expect(enter).toHaveBeenCalledTimes(1);
    for (const value of [false, true]) {
      ready.value = value;
      await nextTick();
    }
    expect(enter).toHaveBeenCalledTimes(2);
    scope.stop();
  });
});

describe('the screen', () => {
  it('stays on while it is wanted, also after the page was hidden', async () => {
    const release = vi.fn(async () => undefined);
    const locks: EventTarget[] = [];
    const request = vi.fn(async () => {
      locks.push(Object.assign(new EventTarget(), { release }));
      return locks.at(-1) as WakeLockSentinel;
    });
    const visibility = vi.spyOn(document, 'visibilityState', 'get').mockReturnValue('visible');
    const wanted = ref(false);
    const scope = effectScope();
    scope.run(() => useWakeLock(() => wanted.value, { request }));
    wanted.value = true;
    await flushPromises();
    expect(request).toHaveBeenCalledTimes(1);
    for (const state of ['hidden', 'visible'] as const) {
      visibility.mockReturnValue(state);
      document.dispatchEvent(new Event('visibilitychange'));
      await nextTick();
    }
    expect(request).toHaveBeenCalledTimes(2);
    await flushPromises();
    locks.at(-1)!.dispatchEvent(new Event('release')); // a battery saver
    document.dispatchEvent(new Event('visibilitychange'));
    await flushPromises();
    expect(request).toHaveBeenCalledTimes(3);
    wanted.value = false;
    await nextTick();
    expect(release).toHaveBeenCalledTimes(1);
    scope.stop();
  });

  it('a browser that forbids it still shows the page', async () => {
    const request = vi.fn(() => Promise.reject(new DOMException('no', 'NotAllowedError')));
    const scope = effectScope();
    scope.run(() => useWakeLock(() => true, { request }));
    await nextTick();
    expect(request).toHaveBeenCalled();
    scope.stop();
  });
});
