import { describe, expect, it } from 'vitest';
import { SmallPicture, sentPictures, type SentPictures } from './small_picture';

const kLargeBps = 1_500_000;
const kLookMs = 2_000;

/** Looks at each in turn; what was wanted after each. */
function looks(picture: SmallPicture, sent: SentPictures[], fromMs = 0): boolean[] {
  return sent.map((look, i) => {
    picture.look(look, fromMs + i * kLookMs);
    return picture.wanted;
  });
}
const estimate = (estimateBps: number | undefined, frames = 0, lossShare = 0): SentPictures => ({
  estimateBps,
  lossShare,
  largeFrames: frames,
  smallFrames: frames,
});

describe('the small picture', () => {
  it('is not sent before the network is known to carry both', () => {
    const picture = new SmallPicture(kLargeBps);
    expect(
      looks(
        picture,
        [300, 900, 1_300, 900, 1_300, 1_300].map((kbps) => estimate(kbps * 1000)),
      ),
    ).toEqual([false, false, false, false, false, true]);
  });

  it('goes when the estimate falls well below what it needs, not when it wavers', () => {
    const picture = new SmallPicture(kLargeBps);
    looks(picture, [estimate(2_000_000), estimate(2_000_000)]);
    expect(
      looks(
        picture,
        [1_000, 1_000, 1_000, 800, 1_000, 800, 800].map((kbps) => estimate(kbps * 1000, 0)),
      ),
    ).toEqual([true, true, true, true, true, true, false]);
  });

  it('goes when the large one stands still beside it, whatever the browser believes', () => {
    const picture = new SmallPicture(kLargeBps);
    looks(picture, [estimate(undefined), estimate(undefined)]);
    const starved = [60, 120, 180].map((smallFrames) => ({ ...estimate(undefined), largeFrames: 50, smallFrames }));
    expect(looks(picture, starved)).toEqual([true, true, false]);
  });

  it('is not begun where much is lost, and goes where very much is', () => {
    const picture = new SmallPicture(kLargeBps);
    const losing = [0.06, 0.06, 0.04, 0.04, 0.06, 0.06, 0.1, 0.1].map((share) => estimate(2_000_000, 0, share));
    expect(looks(picture, losing)).toEqual([false, false, false, true, true, true, true, false]);
  });

  it('stays while both move, and while neither does', () => {
    const picture = new SmallPicture(kLargeBps);
    looks(picture, [estimate(undefined), estimate(undefined)]);
    expect(
      looks(
        picture,
        [10, 20, 30, 30, 30].map((frames) => estimate(undefined, frames)),
      ),
    ).not.toContain(false);
  });

  it('comes back after a while that grows', () => {
    const picture = new SmallPicture(kLargeBps);
    const wide = Array.from({ length: 200 }, () => estimate(2_000_000));
    const narrow = [estimate(500_000), estimate(500_000)];
    let now = 0;
    const waits: number[] = [];
    for (let round = 0; round < 7; round += 1) {
      const back = looks(picture, wide, now).indexOf(true);
      waits.push((back * kLookMs) / 1000);
      now += wide.length * kLookMs;
      looks(picture, narrow, now);
      now += narrow.length * kLookMs;
    }
    expect(waits).toEqual([2, 20, 40, 80, 160, 320, 320]);
  });

  it('asks no more room than the large one itself may take', () => {
    const picture = new SmallPicture(600_000);
    expect(looks(picture, [estimate(500_000), estimate(500_000)])).toEqual([false, true]);
  });
});

it('reads sizes by their name and the estimate of the pair in use', () => {
  const report = new Map<string, unknown>([
    ['1', { type: 'outbound-rtp', kind: 'video', rid: 'h', framesSent: 40 }],
    ['2', { type: 'outbound-rtp', kind: 'video', rid: 'l', framesSent: 60 }],
    ['3', { type: 'outbound-rtp', kind: 'audio', packetsSent: 100 }],
    ['6', { type: 'remote-inbound-rtp', kind: 'video', fractionLost: 0.02 }],
    ['7', { type: 'remote-inbound-rtp', kind: 'video', fractionLost: 0.03 }],
    ['8', { type: 'remote-inbound-rtp', kind: 'audio', fractionLost: 0.5 }],
    ['4', { type: 'candidate-pair', nominated: false, availableOutgoingBitrate: 1 }],
    ['5', { type: 'candidate-pair', nominated: true, availableOutgoingBitrate: 700_000 }],
  ]);
  expect(sentPictures(report, 'l')).toEqual({
    estimateBps: 700_000,
    lossShare: 0.03,
    largeFrames: 40,
    smallFrames: 60,
  });
});
