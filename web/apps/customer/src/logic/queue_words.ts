// What a screen reader says of the queue: the position when it changed, the waiting time now and then, and not more.

/** Two announcements are so far apart, but for the one that matters: next in line. */
export const kQuietMs = 15_000;
/** Without news of the position, the waiting time is said so often. */
export const kMinutesApart = 2;

export interface QueueFacts {
  /** Undefined until the queue was entered. */
  position: number | undefined;
  waitedMinutes: number;
}

export interface Said extends QueueFacts {
  atMs: number;
}

/** Whether there is something to say. `last` is what was said before. */
export function isWorthSaying(last: Said | undefined, now: QueueFacts, nowMs: number): boolean {
  if (last === undefined) return true;
  if (now.position !== last.position) {
    return now.position === 1 || last.position === undefined || nowMs - last.atMs >= kQuietMs;
  }
  return now.position !== undefined && now.waitedMinutes >= last.waitedMinutes + kMinutesApart;
}
