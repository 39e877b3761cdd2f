// How long there still is, in the one unit that says it: minutes below two hours, hours below two days, then days.
export interface TimeLeft {
  unit: 'minutes' | 'hours' | 'days';
  count: number;
}

const kMinuteMs = 60_000;
const kHourMs = 60 * kMinuteMs;
const kDayMs = 24 * kHourMs;

/** Undefined when the time has passed. The last minute is one minute. */
export function timeLeft(nowMs: number, dueAt: string): TimeLeft | undefined {
  const leftMs = Date.parse(dueAt) - nowMs;
  if (!(leftMs > 0)) return undefined;
  if (leftMs < 2 * kHourMs) return { unit: 'minutes', count: Math.max(1, Math.floor(leftMs / kMinuteMs)) };
  if (leftMs < 2 * kDayMs) return { unit: 'hours', count: Math.floor(leftMs / kHourMs) };
  return { unit: 'days', count: Math.floor(leftMs / kDayMs) };
}
