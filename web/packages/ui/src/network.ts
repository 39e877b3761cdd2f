// A network in a number from 0 (gone) to 4 (good), from what a browser measures.

/** From which values on a call is felt to be worse (ITU-T G.114: 150 ms one way; speech breaks from about 3 % loss on). */
const kSteps: readonly { level: number; roundTripMs: number; lossPercent: number }[] = [
  { level: 4, roundTripMs: 200, lossPercent: 1 },
  { level: 3, roundTripMs: 400, lossPercent: 3 },
  { level: 2, roundTripMs: 800, lossPercent: 8 },
];

export function levelOf(measured: { roundTripMs: number; lossPercent: number }): number {
  const step = kSteps.find(
    (limit) => measured.roundTripMs <= limit.roundTripMs && measured.lossPercent <= limit.lossPercent,
  );
  return step?.level ?? 1;
}

/** The words of the levels, as keys of catalogues. */
export const kLevelWords = ['lost', 'bad', 'poor', 'fair', 'good'] as const;
