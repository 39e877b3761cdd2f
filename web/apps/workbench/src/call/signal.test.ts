import { expect, it } from 'vitest';
import { signalOf } from './signal';

it.each([
  ['absent', { roundTripMs: 10, lossPercent: 0 }, 0, 'absent'],
  ['lost', undefined, 0, 'lost'],
  ['unstable', { roundTripMs: 10, lossPercent: 0 }, 1, 'unstable'],
  ['connected', undefined, 3, 'measuring'],
  ['connected', { roundTripMs: 200, lossPercent: 1 }, 4, 'good'],
  ['connected', { roundTripMs: 201, lossPercent: 0 }, 3, 'fair'],
  ['connected', { roundTripMs: 20, lossPercent: 3.1 }, 2, 'poor'],
  ['connected', { roundTripMs: 20, lossPercent: 8.1 }, 1, 'bad'],
  ['connected', { lossPercent: 0 }, 4, 'good'],
] as const)('%s with %j: %d bars, %s', (connection, quality, bars, word) =>
  expect(signalOf(connection, quality)).toEqual({ bars, word }),
);

it("takes the server's level before the browser's figures, but not before a connection in trouble", () => {
  const quality = { roundTripMs: 20, lossPercent: 0 };
  expect(signalOf('connected', quality, 2)).toEqual({ bars: 2, word: 'poor' });
  expect(signalOf('connected', undefined, 4)).toEqual({ bars: 4, word: 'good' });
  expect(signalOf('unstable', quality, 4)).toEqual({ bars: 1, word: 'unstable' });
});
