import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { levelOf, watchLevel } from './sound_level';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it.each([
  [[], 0],
  [[0, 0], 0],
  [[0.125, -0.125], 0.5],
  [[0.25, -0.25], 1],
  [[1, -1], 1],
])('%j is as loud as %d', (samples, level) => expect(levelOf(new Float32Array(samples))).toBeCloseTo(level));

it('tells until it is ended, and then holds nothing', () => {
  const context = {
    resume: vi.fn(async () => {}),
    close: vi.fn(async () => {}),
    createAnalyser: () => ({ getFloatTimeDomainData: (into: Float32Array) => into.fill(0.125) }),
    createMediaStreamSource: () => ({ connect: vi.fn() }),
  };
  const told = vi.fn();
  const stream = { getAudioTracks: () => [{}] } as unknown as MediaStream;
  const end = watchLevel(stream, told, () => context as unknown as AudioContext);
  vi.advanceTimersByTime(250);
  expect(told).toHaveBeenCalledTimes(2);
  expect(told).toHaveBeenLastCalledWith(0.5);
  end();
  expect(context.close).toHaveBeenCalledOnce();
  expect(vi.getTimerCount()).toBe(0);
});

it('a machine without sound has no level', () => {
  const stream = { getAudioTracks: () => [{}] } as unknown as MediaStream;
  watchLevel(stream, vi.fn(), () => {
    throw new Error('no device');
  })();
  expect(vi.getTimerCount()).toBe(0);
});
