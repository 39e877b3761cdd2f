// The speeds a film is played at.
export const kSpeeds = [0.5, 0.75, 1, 1.25, 1.5, 2] as const;

/** The next slower (-1) or faster (1) one; the ends stay. */
export function steppedSpeed(now: number, step: -1 | 1): number {
  const beyond = step > 0 ? kSpeeds.find((speed) => speed > now) : kSpeeds.findLast((speed) => speed < now);
  return beyond ?? now;
}
