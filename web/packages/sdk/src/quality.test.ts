import { expect, it } from 'vitest';
import { QualityMeter } from './quality';

const report = (bytes: number, more: object[] = []) =>
  new Map<string, unknown>(
    [
      { type: 'outbound-rtp', kind: 'video', bytesSent: bytes },
      { type: 'outbound-rtp', kind: 'audio', bytesSent: 1000 },
      ...more,
    ].map((stat, index) => [String(index), stat]),
  );

it('measures bit rate between two reports, the worst loss and the round trip', () => {
  const meter = new QualityMeter();
  expect(meter.measure(report(0), 0)).toBeUndefined();
  const more = [
    { type: 'remote-inbound-rtp', fractionLost: 0.0234, roundTripTime: 0.5 },
    { type: 'remote-inbound-rtp', fractionLost: 0.001 },
    { type: 'candidate-pair', nominated: true, state: 'succeeded', currentRoundTripTime: 0.0424 },
  ];
  expect(meter.measure(report(250_000, more), 2000)).toEqual({
    roundTripMs: 42,
    lossPercent: 2.3,
    bitrateBps: 1_000_000,
  });
});

it('falls back on the round trip of reports', () => {
  const meter = new QualityMeter();
  meter.measure(report(0), 0);
  const more = [{ type: 'remote-inbound-rtp', roundTripTime: 0.12 }];
  expect(meter.measure(report(10, more), 1000)).toMatchObject({ roundTripMs: 120, lossPercent: 0 });
});

it('a new session that counts from zero gives no figure at first', () => {
  const meter = new QualityMeter();
  meter.measure(report(5000), 0);
  expect(meter.measure(report(100), 2000)).toBeUndefined();
  expect(meter.measure(report(1100), 3000)).toMatchObject({ bitrateBps: 8000 });
});
