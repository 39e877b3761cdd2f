import { afterEach, describe, expect, it, vi } from 'vitest';
import { effectScope, nextTick, ref } from 'vue';
import { kBarSeconds, notesOfBar } from '../logic/queue_tune';
import { useQueueMusic } from './use_queue_music';

class Param {
  value = 0;
  setValueAtTime = vi.fn();
  linearRampToValueAtTime = vi.fn();
  setTargetAtTime = vi.fn();
}
function fakeContext() {
  const begins: number[] = [];
  const node = (more: object = {}) => {
    const made = { connect: (to: unknown) => to, disconnect: vi.fn(), ...more };
    return made;
  };
  const context = {
    currentTime: 0,
    begins,
    createPeriodicWave: vi.fn(() => ({})),
    createGain: () => node({ gain: new Param() }),
    createStereoPanner: () => node({ pan: new Param() }),
    createMediaStreamDestination: () => node({ stream: {} }),
    createOscillator: () =>
      node({
        frequency: new Param(),
        setPeriodicWave: vi.fn(),
        start: (at: number) => begins.push(at),
        stop: vi.fn(),
      }),
    resume: vi.fn(async () => {}),
    close: vi.fn(async () => {}),
  };
  return context;
}

function waiting(stored: string | null = null) {
  const contexts: ReturnType<typeof fakeContext>[] = [];
  const make = () => {
    contexts.push(fakeContext());
    return contexts.at(-1) as unknown as AudioContext;
  };
  const element = { srcObject: null as unknown, play: vi.fn(async () => {}), pause: vi.fn() };
  const storage = { getItem: () => stored, setItem: vi.fn() };
  const playing = ref(true);
  const scope = effectScope();
  const music = scope.run(() =>
    useQueueMusic(
      () => playing.value,
      () => element as unknown as HTMLAudioElement,
      make,
      storage,
    ),
  )!;
  return { contexts, element, storage, playing, scope, music };
}

afterEach(() => vi.useRealTimers());

describe('music for who waits', () => {
  it('begins with the wait, and notes are given to the audio clock ahead of time', () => {
    vi.useFakeTimers();
    const { contexts, element, scope } = waiting();
    const [context] = contexts;
    expect(element.srcObject).toBeTruthy();
    expect(element.play).toHaveBeenCalled();
    const first = context!.begins.length;
    expect(Math.max(...context!.begins)).toBeGreaterThan(kBarSeconds);
    context!.currentTime = kBarSeconds;
    vi.advanceTimersByTime(1_000);
    expect(context!.begins.length).toBeGreaterThan(first);
    expect(new Set(context!.begins.map((at) => at.toFixed(3))).size).toBeGreaterThan(first / 2);
    scope.stop();
  });

  it('is muted by a press, stays so, and comes back by another', async () => {
    const { contexts, element, storage, music, scope } = waiting();
    music.toggle();
    await nextTick();
    expect(contexts[0]!.close).toHaveBeenCalled();
    expect(element.srcObject).toBeNull();
    expect(storage.setItem).toHaveBeenLastCalledWith('telewitness.queue-music', 'off');
    music.toggle();
    await nextTick();
    expect(contexts).toHaveLength(2);
    expect(storage.setItem).toHaveBeenLastCalledWith('telewitness.queue-music', 'on');
    scope.stop();
    expect(contexts[1]!.close).toHaveBeenCalled();
  });

  it('that was muted before is not played again by itself', () => {
    expect(waiting('off').contexts).toHaveLength(0);
  });

  it('ends with the wait', async () => {
    const { contexts, playing } = waiting();
    playing.value = false;
    await nextTick();
    expect(contexts[0]!.close).toHaveBeenCalled();
  });

  it('where a browser can make no sound there is none', () => {
    const scope = effectScope();
    const music = scope.run(() =>
      useQueueMusic(
        () => true,
        () => null,
        undefined,
        undefined,
      ),
    )!;
    expect(music.possible).toBe(false);
    scope.stop();
  });

  it('goes round, and never higher or louder than is pleasant', () => {
    expect(notesOfBar(8)).toEqual(notesOfBar(0));
    for (let bar = 0; bar < 8; bar += 1)
      for (const note of notesOfBar(bar)) {
        expect(note.at).toBeGreaterThanOrEqual(0);
        expect(note.at).toBeLessThan(kBarSeconds);
        expect(note.hz).toBeGreaterThan(40);
        expect(note.hz).toBeLessThan(1_200);
        expect(note.loudness).toBeLessThanOrEqual(0.5);
        expect(Math.abs(note.pan)).toBeLessThanOrEqual(1);
      }
  });
});
