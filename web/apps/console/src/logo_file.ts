// Any picture that the browser can open becomes a PNG that fits a page's header: nothing of the file itself is sent.
import { ProblemError } from '@telewitness/client';

/** Three times what a page shows. The contract allows more. */
export const kMostLogo = { width: 480, height: 160 } as const;
/** The contract's. */
const kLeastSide = 16;

/** The largest size of the same shape that fits; small pictures stay as they are, a side is never below the contract's. */
export function logoSize(picture: { width: number; height: number }): { width: number; height: number } {
  const share = Math.min(1, kMostLogo.width / picture.width, kMostLogo.height / picture.height);
  const side = (length: number) => Math.max(kLeastSide, Math.round(length * share));
  return { width: side(picture.width), height: side(picture.height) };
}

/** Throws `logo.not_picture`. */
export async function logoOf(file: Blob, page: Document = document): Promise<Blob> {
  const url = URL.createObjectURL(file);
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    // A drawing may have no size of its own.
    const natural = { width: image.naturalWidth || kMostLogo.width, height: image.naturalHeight || kMostLogo.height };
    const size = logoSize(natural);
    const canvas = Object.assign(page.createElement('canvas'), size);
    canvas.getContext('2d')?.drawImage(image, 0, 0, size.width, size.height);
    const png = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
    if (png) return png;
  } catch {
    // Whatever the browser says of it: it cannot show this.
  } finally {
    URL.revokeObjectURL(url);
  }
  throw new ProblemError({ code: 'logo.not_picture', status: 0 });
}
