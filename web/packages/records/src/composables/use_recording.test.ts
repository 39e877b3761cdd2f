import { describe, expect, it } from 'vitest';
import { effectScope } from 'vue';
import type { Recording } from '@telewitness/desk';
import { kFirstDelayMs, kMostDelayMs, useRecording } from './use_recording';

function fakeTimers() {
  const planned: { run: () => void; afterMs: number }[] = [];
  return {
    planned,
    timers: {
      set: (run: () => void, afterMs: number) => planned.push({ run, afterMs }),
      clear: () => {},
    },
  };
}
const settled = () => new Promise((resolve) => setTimeout(resolve));
const state = (status: Recording['status'], progressPercent?: number): Recording => ({
  status,
  path: 'p',
  name: 'n',
  legalHold: null,
  expiresAt: null,
  deletion: null,
  ...(progressPercent === undefined ? {} : { progressPercent }),
});

describe('watching a recording', () => {
  it('asks until it is ready, more and more seldom, then stops', async () => {
    const { planned, timers } = fakeTimers();
    const answers = [...Array.from({ length: 9 }, (_, i) => state('processing', i * 10)), state('ready')];
    const watched = useRecording(async () => answers.shift()!, timers);
    await watched.reload();
    const delays: number[] = [];
    while (planned.length > 0) {
      const next = planned.shift()!;
      delays.push(next.afterMs);
      next.run();
      await settled();
    }
    expect(watched.recording.value?.status).toBe('ready');
    expect(delays[0]).toBe(kFirstDelayMs);
    expect(Math.max(...delays)).toBe(kMostDelayMs);
    expect(delays).toEqual([...delays].sort((a, b) => a - b));
  });

  it('an interview without a recording is no error', async () => {
    const watched = useRecording(async () => {
      throw { code: 'not_found', status: 404 };
    }, fakeTimers().timers);
    await watched.reload();
    expect(watched.missing.value).toBe(true);
    expect(watched.state.value).toBe('ready');
  });

  it('asks no more after the page was left', async () => {
    const { planned, timers } = fakeTimers();
    const scope = effectScope();
    const watched = scope.run(() => useRecording(async () => state('processing'), timers))!;
    const running = watched.reload();
    scope.stop();
    await running;
    expect(planned).toHaveLength(0);
  });
});
