import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { kMostPhotoBytes, kMostPhotoPixels, NoStillError, takeStill, type StillEnvironment } from './still';

const track = (more: Partial<MediaStreamTrack> = {}) =>
  ({ readyState: 'live', muted: false, ...more }) as unknown as MediaStreamTrack;
const blob = (type: string, size: number) => ({ type, size }) as Blob;

interface Given {
  photo?: Blob | Error | 'never';
  width?: number;
  height?: number;
  frame?: { width: number; height: number };
  encodedSize?: (quality: number) => number;
}

function camera(given: Given) {
  const encodedAs: { width: number; height: number; quality: number }[] = [];
  const closed: string[] = [];
  const environment: StillEnvironment = {
    ImageCapture:
      given.photo === undefined
        ? undefined
        : class {
            takePhoto(): Promise<Blob> {
              if (given.photo === 'never') return new Promise(() => {});
              return given.photo instanceof Error ? Promise.reject(given.photo) : Promise.resolve(given.photo!);
            }
          },
    createImageBitmap: async () =>
      ({ width: given.width ?? 4000, height: given.height ?? 3000, close: () => closed.push('bitmap') }) as never,
    encode: async (_source, width, height, quality) => {
      encodedAs.push({ width, height, quality });
      return blob('image/jpeg', given.encodedSize?.(quality) ?? 1_000);
    },
    largestFrame: async () => ({
      source: {} as CanvasImageSource,
      ...(given.frame ?? { width: 1920, height: 1080 }),
      close: () => closed.push('frame'),
    }),
  };
  return { environment, encodedAs, closed };
}

describe('a still picture', () => {
  it('is what the camera took, byte for byte, where the server takes it so', async () => {
    const photo = blob('image/jpeg', 5_000_000);
    const { environment, encodedAs, closed } = camera({ photo });
    expect(await takeStill(track(), environment)).toBe(photo);
    expect([encodedAs, closed]).toEqual([[], ['bitmap']]);
  });

  it.each([
    ['of another kind', { photo: blob('image/png', 9) }, { width: 4000, height: 3000 }],
    ['too many bytes', { photo: blob('image/jpeg', kMostPhotoBytes + 1) }, { width: 4000, height: 3000 }],
    ['too many pixels', { photo: blob('image/jpeg', 9), width: 12_000, height: 9_000 }, { width: 6688, height: 5016 }],
  ])('%s is drawn anew within the limits', async (_what, given, size) => {
    const { environment, encodedAs, closed } = camera(given);
    await takeStill(track(), environment);
    expect(encodedAs).toEqual([{ ...size, quality: 0.92 }]);
    expect(size.width * size.height).toBeLessThanOrEqual(kMostPhotoPixels);
    expect(closed).toEqual(['bitmap']);
  });

  it.each([
    ['has no ImageCapture', undefined],
    ['cannot take photos while it films', new Error('busy')],
  ])('a browser that %s gives its largest frame', async (_what, photo) => {
    const { environment, encodedAs, closed } = camera(photo ? { photo } : {});
    await takeStill(track(), environment);
    expect(encodedAs).toEqual([{ width: 1920, height: 1080, quality: 0.92 }]);
    expect(closed).toEqual(['frame']);
  });

  it('a frame that becomes too large is made less fine', async () => {
    const { environment, encodedAs } = camera({ encodedSize: (quality) => (quality > 0.9 ? kMostPhotoBytes + 1 : 7) });
    expect((await takeStill(track(), environment)).size).toBe(7);
    expect(encodedAs.map(({ quality }) => quality)).toEqual([0.92, 0.8]);
  });

  it.each([
    ['ended', track({ readyState: 'ended' })],
    ['taken by something else', track({ muted: true })],
  ])('a camera that is %s gives none', async (_what, lost) => {
    const { environment, encodedAs } = camera({ photo: blob('image/jpeg', 1) });
    await expect(takeStill(lost, environment)).rejects.toBeInstanceOf(NoStillError);
    expect(encodedAs).toEqual([]);
  });

  it('a frame without a picture is none', async () => {
    const { environment, closed } = camera({ frame: { width: 0, height: 0 } });
    await expect(takeStill(track(), environment)).rejects.toBeInstanceOf(NoStillError);
    expect(closed).toEqual(['frame']);
  });
});

describe('a camera whose driver hangs', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('is given up, and a frame taken', async () => {
    const { environment, encodedAs } = camera({ photo: 'never' });
    const taking = takeStill(track(), environment);
    await vi.advanceTimersByTimeAsync(7_900);
    expect(encodedAs).toEqual([]);
    await vi.advanceTimersByTimeAsync(200);
    await taking;
    expect(encodedAs).toHaveLength(1);
  });
});
