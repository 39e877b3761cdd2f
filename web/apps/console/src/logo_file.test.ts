import { describe, expect, it, vi } from 'vitest';
import { kMostLogo, logoOf, logoSize } from './logo_file';

describe('a logo', () => {
  it.each([
    [
      { width: 4000, height: 1000 },
      { width: 480, height: 120 },
    ],
    [
      { width: 1000, height: 1000 },
      { width: 160, height: 160 },
    ],
    [
      { width: 120, height: 40 },
      { width: 120, height: 40 },
    ],
    [
      { width: 9000, height: 30 },
      { width: 480, height: 16 },
    ],
    [
      { width: 4, height: 4 },
      { width: 16, height: 16 },
    ],
  ])('of %o becomes %o', (picture, size) => {
    expect(logoSize(picture)).toEqual(size);
    expect(logoSize(picture).width).toBeLessThanOrEqual(kMostLogo.width);
    expect(logoSize(picture).height).toBeLessThanOrEqual(kMostLogo.height);
  });
  it('is a picture', async () => {
    // As a browser answers for a file that it cannot show.
    vi.spyOn(HTMLImageElement.prototype, 'decode').mockRejectedValue(new DOMException('broken', 'EncodingError'));
    await expect(logoOf(new Blob(['text']))).rejects.toMatchObject({ code: 'logo.not_picture' });
  });
});
