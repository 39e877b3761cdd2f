import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { effectScope, nextTick, shallowRef } from 'vue';
import { kStillAfterMs, usePicture, type FrameSource } from './picture';

class FakeVideo implements FrameSource {
  run: ((now: number) => void) | undefined;
  cancelVideoFrameCallback = vi.fn(() => (this.run = undefined));
  requestVideoFrameCallback(run: (now: number) => void) {
    this.run = run;
    return 1;
  }
}

beforeEach(() => void vi.useFakeTimers({ now: 0, toFake: ['setInterval', 'clearInterval', 'Date'] }));
afterEach(() => void vi.useRealTimers());

it('waits, moves, stands still, moves again; a new stream waits anew', async () => {
  const video = new FakeVideo();
  const stream = shallowRef<MediaStream>();
  const frames: number[] = [];
  const scope = effectScope();
  const picture = scope.run(() =>
    usePicture(
      () => video,
      () => stream.value,
      (at) => frames.push(at),
      () => Date.now(),
    ),
  )!;
  expect(video.run).toBeUndefined();
  stream.value = {} as MediaStream;
  await nextTick();
  expect(picture.state.value).toBe('waiting');
  vi.advanceTimersByTime(10_000);
  expect(picture.state.value).toBe('waiting');
  video.run!(7);
  expect(picture.state.value).toBe('moving');
  vi.advanceTimersByTime(kStillAfterMs - 500);
  expect(picture.state.value).toBe('moving');
  vi.advanceTimersByTime(1_500);
  expect(picture.state.value).toBe('still');
  video.run!(8);
  expect(picture.state.value).toBe('moving');
  expect(frames).toEqual([7, 8]);
  stream.value = {} as MediaStream;
  await nextTick();
  expect(picture.state.value).toBe('waiting');
  scope.stop();
  expect(video.run).toBeUndefined();
  expect(vi.getTimerCount()).toBe(0);
});
