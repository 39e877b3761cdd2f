// Whether the customer's picture moves: frames are counted as they are shown, silence becomes "no picture".
import { onScopeDispose, ref, watch, type Ref } from 'vue';

export type PictureState = 'waiting' | 'moving' | 'still';

/** A picture that stood for this long is no picture any more; a keyframe after loss comes sooner. */
export const kStillAfterMs = 2_500;
const kLookEveryMs = 500;

export interface FrameSource {
  requestVideoFrameCallback(run: (now: number) => void): number;
  cancelVideoFrameCallback(handle: number): void;
}

export interface Picture {
  state: Ref<PictureState>;
}

/** @param onFrame told of every frame shown, with the time of performance.now(). */
export function usePicture(
  video: () => FrameSource | undefined | null,
  stream: () => MediaStream | undefined,
  onFrame: (atMs: number) => void = () => {},
  now: () => number = () => performance.now(),
): Picture {
  const state = ref<PictureState>('waiting');
  let lastFrameAt = 0;
  let handle: number | undefined;
  let source: FrameSource | undefined;

  function stop(): void {
    if (source && handle !== undefined) source.cancelVideoFrameCallback(handle);
    source = undefined;
    handle = undefined;
  }
  function listen(): void {
    handle = source?.requestVideoFrameCallback((at) => {
      lastFrameAt = now();
      state.value = 'moving';
      onFrame(at);
      listen();
    });
  }

  watch(
    [video, stream],
    ([element, playing]) => {
      stop();
      state.value = 'waiting';
      if (!element || !playing) return;
      source = element;
      listen();
    },
    { immediate: true, flush: 'post' },
  );
  // A hidden page shows no frames; that says nothing about the customer.
  const timer = setInterval(() => {
    const hidden = globalThis.document?.visibilityState === 'hidden';
    if (hidden) lastFrameAt = now();
    else if (state.value === 'moving' && now() - lastFrameAt > kStillAfterMs) state.value = 'still';
  }, kLookEveryMs);
  onScopeDispose(() => {
    clearInterval(timer);
    stop();
  }, true);
  return { state };
}
