// A still picture of a camera in its full size: by ImageCapture where the browser has it, otherwise a frame of the track at its largest.

/** What the server takes of one photo. */
export const kMostPhotoBytes = 16 * 1024 * 1024;
export const kMostPhotoPixels = 2 ** 25;
/** A camera app answers within a second or two; browsers whose driver hangs never do. */
const kTakeWithinMs = 8_000;
/** A camera that is told to show its largest picture needs a moment for it. */
const kLargestWithinMs = 2_000;
const kQuality = 0.92;
/** When the first JPEG is larger than the server takes. */
const kSmallerQuality = 0.8;

export interface StillEnvironment {
  ImageCapture?: (new (track: MediaStreamTrack) => { takePhoto(): Promise<Blob> }) | undefined;
  createImageBitmap: (source: Blob) => Promise<ImageBitmap>;
  /** A picture in a size as JPEG. */
  encode(source: CanvasImageSource, width: number, height: number, quality: number): Promise<Blob>;
  /** A frame of the track at its largest; what it has is closed with it. */
  largestFrame(
    track: MediaStreamTrack,
  ): Promise<{ source: CanvasImageSource; width: number; height: number; close(): void }>;
}

/** Why there is no picture: the camera gave none. */
export class NoStillError extends Error {
  override name = 'NoStillError';
}

/** A JPEG within the server's limits. Throws a NoStillError when the camera gives none. */
export async function takeStill(
  track: MediaStreamTrack,
  environment: StillEnvironment = browserStills(),
): Promise<Blob> {
  if (track.readyState === 'ended' || track.muted) throw new NoStillError('The camera is not there.');
  const photo = await byImageCapture(track, environment);
  try {
    if (photo) return await fitted(photo, environment);
    const frame = await environment.largestFrame(track);
    try {
      return await encoded(frame.source, frame.width, frame.height, environment);
    } finally {
      frame.close();
    }
  } catch (error) {
    throw new NoStillError(String(error));
  }
}

async function byImageCapture(track: MediaStreamTrack, environment: StillEnvironment): Promise<Blob | undefined> {
  if (!environment.ImageCapture) return undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  try {
    const tooLong = new Promise<undefined>((resolve) => (timer = setTimeout(() => resolve(undefined), kTakeWithinMs)));
    return await Promise.race([new environment.ImageCapture(track).takePhoto(), tooLong]);
  } catch {
    return undefined; // Drivers that cannot take photos while they film: a frame is the next best.
  } finally {
    clearTimeout(timer);
  }
}

/** As the device made it where the server takes it so; otherwise drawn anew. */
async function fitted(photo: Blob, environment: StillEnvironment): Promise<Blob> {
  const bitmap = await environment.createImageBitmap(photo);
  try {
    const fits = photo.size <= kMostPhotoBytes && bitmap.width * bitmap.height <= kMostPhotoPixels;
    if (photo.type === 'image/jpeg' && fits) return photo;
    return await encoded(bitmap, bitmap.width, bitmap.height, environment);
  } finally {
    bitmap.close();
  }
}

async function encoded(
  source: CanvasImageSource,
  width: number,
  height: number,
  environment: StillEnvironment,
): Promise<Blob> {
  if (width <= 0 || height <= 0) throw new NoStillError('The camera shows nothing.');
  const shrink = Math.min(1, Math.sqrt(kMostPhotoPixels / (width * height)));
  const size = [Math.floor(width * shrink), Math.floor(height * shrink)] as const;
  const first = await environment.encode(source, ...size, kQuality);
  return first.size <= kMostPhotoBytes ? first : environment.encode(source, ...size, kSmallerQuality);
}

export function browserStills(): StillEnvironment {
  return {
    ImageCapture: (globalThis as { ImageCapture?: StillEnvironment['ImageCapture'] }).ImageCapture,
    createImageBitmap: (source) => createImageBitmap(source),
    encode,
    largestFrame,
  };
}

function encode(source: CanvasImageSource, width: number, height: number, quality: number): Promise<Blob> {
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  canvas.getContext('2d')?.drawImage(source, 0, 0, width, height);
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('no JPEG'))), 'image/jpeg', quality);
  });
}

/** On a copy of the track, so that the call goes on in its size. */
async function largestFrame(track: MediaStreamTrack) {
  const copy = track.clone();
  const video = document.createElement('video');
  const close = () => {
    copy.stop();
    video.srcObject = null;
  };
  try {
    video.muted = true;
    video.playsInline = true;
    video.srcObject = new MediaStream([copy]);
    await video.play();
    const most = copy.getCapabilities?.();
    const width = most?.width?.max;
    const height = most?.height?.max;
    if (width && height && width > video.videoWidth) {
      const larger = new Promise<void>((resolve) => {
        video.addEventListener('resize', () => resolve(), { once: true });
        setTimeout(resolve, kLargestWithinMs);
      });
      await copy.applyConstraints({ width: { ideal: width }, height: { ideal: height } }).then(
        () => larger,
        () => undefined,
      );
    }
    return { source: video, width: video.videoWidth, height: video.videoHeight, close };
  } catch (error) {
    close();
    throw error;
  }
}
