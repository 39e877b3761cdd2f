// One clock for what the page shows: the server's, so that waiting times agree on every desk.
import { onScopeDispose, ref, type Ref } from 'vue';

const kTickMs = 1000;

export interface ServerClock {
  /** Milliseconds since 1970 by the server's clock; changes once a second. */
  readonly nowMs: Ref<number>;
  /** Takes the server's time from an answer or a message. Answers that took longer count less than fresh ones. */
  adjust(serverTime: string): void;
}

export interface ClockSource {
  now(): number;
  setInterval(run: () => void, everyMs: number): number;
  clearInterval(handle: number): void;
}

const kBrowserClock: ClockSource = {
  now: () => Date.now(),
  setInterval: (run, everyMs) => window.setInterval(run, everyMs),
  clearInterval: (handle) => window.clearInterval(handle),
};

/** A clock that lives as long as the scope (component or store) that made it. */
export function createServerClock(source: ClockSource = kBrowserClock): ServerClock {
  let offsetMs = 0;
  const nowMs = ref(source.now());
  const tick = () => {
    nowMs.value = source.now() + offsetMs;
  };
  const handle = source.setInterval(tick, kTickMs);
  onScopeDispose(() => source.clearInterval(handle), true);
  return {
    nowMs,
    adjust(serverTime) {
      const parsed = Date.parse(serverTime);
      if (Number.isNaN(parsed)) return;
      offsetMs = parsed - source.now();
      tick();
    },
  };
}

/** How long ago a time of the server was, never negative; 0 when it is missing or unreadable. */
export function elapsedMs(nowMs: number, since: string | undefined): number {
  const start = since ? Date.parse(since) : Number.NaN;
  return Number.isNaN(start) ? 0 : Math.max(0, nowMs - start);
}

/** How long until a time of the server, never negative; 0 when it is missing or unreadable. */
export function remainingMs(nowMs: number, until: string | undefined): number {
  const end = until ? Date.parse(until) : Number.NaN;
  return Number.isNaN(end) ? 0 : Math.max(0, end - nowMs);
}
