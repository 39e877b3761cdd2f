import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { effectScope, nextTick, ref } from 'vue';
import { createRinger, useRingAlert } from './ring_alert';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('rings and flashes while the ring lasts, and leaves the title as it was', async () => {
  const ringing = ref(false);
  const page = { title: '工作台' };
  const ringer = { start: vi.fn(), stop: vi.fn() };
  const scope = effectScope();
  scope.run(() =>
    useRingAlert(
      () => ringing.value,
      () => '来电',
      ringer,
      page,
    ),
  );
  ringing.value = true;
  await nextTick();
  expect(ringer.start).toHaveBeenCalledOnce();
  expect(page.title).toBe('来电');
  vi.advanceTimersByTime(900);
  expect(page.title).toBe('工作台');
  vi.advanceTimersByTime(900);
  expect(page.title).toBe('来电');
  ringing.value = false;
  await nextTick();
  expect(page.title).toBe('工作台');
  expect(vi.getTimerCount()).toBe(0);
  ringing.value = true;
  await nextTick();
  scope.stop();
  expect(page.title).toBe('工作台');
  expect(vi.getTimerCount()).toBe(0);
});

class FakeTone {
  static all: FakeTone[] = [];
  startsAt = 0;
  stopped = false;
  constructor() {
    FakeTone.all.push(this);
  }
  connect = (node: unknown) => node;
  start = (at: number) => void (this.startsAt = at);
  stop = (at?: number) => void (this.stopped ||= at === undefined);
}
class FakeGain {
  gain = { setValueAtTime: () => {}, linearRampToValueAtTime: () => {} };
  connect = (node: unknown) => node;
}

it('plans every tone at once, so that a page in the background rings on, and takes back what was not heard', async () => {
  vi.stubGlobal('OscillatorNode', FakeTone);
  vi.stubGlobal('GainNode', FakeGain);
  FakeTone.all = [];
  const context = { currentTime: 5, destination: {}, resume: vi.fn(async () => {}), setSinkId: vi.fn(async () => {}) };
  const ringer = createRinger({ makeContext: () => context as unknown as AudioContext, speaker: () => 'headset' });
  ringer.start();
  ringer.start();
  await Promise.resolve();
  await Promise.resolve();
  expect(context.setSinkId).toHaveBeenCalledExactlyOnceWith('headset');
  expect(vi.getTimerCount()).toBe(0);
  const starts = FakeTone.all.map((tone) => tone.startsAt);
  expect(Math.min(...starts)).toBeCloseTo(5.02);
  expect(Math.max(...starts)).toBeGreaterThan(5 + 60); // longer than a ring lasts
  ringer.stop();
  expect(FakeTone.all.every((tone) => tone.stopped)).toBe(true);
});

it('a computer without sound rings silently', () => {
  const ringer = createRinger({
    makeContext: () => {
      throw new Error('no device');
    },
  });
  ringer.start();
  ringer.stop();
  expect(vi.getTimerCount()).toBe(0);
});
