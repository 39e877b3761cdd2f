import { describe, expect, it, vi } from 'vitest';
import { effectScope } from 'vue';
import { createServerClock, elapsedMs, remainingMs } from './clock';

function fakeSource(startMs: number) {
  const source = { nowMs: startMs, run: () => {}, cleared: vi.fn() };
  return {
    source,
    clock: {
      now: () => source.nowMs,
      setInterval: (run: () => void) => ((source.run = run), 7),
      clearInterval: source.cleared,
    },
  };
}

describe('the server clock', () => {
  it('follows the server, whatever this computer believes', () => {
    const { source, clock } = fakeSource(1_000);
    const scope = effectScope();
    scope.run(() => {
      const server = createServerClock(clock);
      server.adjust('2026-01-01T00:00:00Z');
      source.nowMs += 5_000;
      source.run();
      expect(server.nowMs.value).toBe(Date.parse('2026-01-01T00:00:05Z'));
      server.adjust('nonsense');
      expect(server.nowMs.value).toBe(Date.parse('2026-01-01T00:00:05Z'));
    });
    scope.stop();
    expect(source.cleared).toHaveBeenCalledWith(7);
  });

  it('never shows a negative wait', () => {
    const now = Date.parse('2026-01-01T00:00:10Z');
    expect(elapsedMs(now, '2026-01-01T00:00:00Z')).toBe(10_000);
    expect(elapsedMs(now, '2026-01-01T00:01:00Z')).toBe(0);
    expect(elapsedMs(now, undefined)).toBe(0);
    expect(remainingMs(now, '2026-01-01T00:00:40Z')).toBe(30_000);
    expect(remainingMs(now, '2026-01-01T00:00:00Z')).toBe(0);
  });
});
