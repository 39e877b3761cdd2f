// Colours in what a page shows and in films.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

export const rgb = (hex) => [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));
/** Codecs and colour spaces move a colour a little. */
const kAlike = 45;
const distance = (a, b) => Math.hypot(...a.map((value, i) => value - b[i]));
export const alike = (seen, hex) => distance(seen, rgb(hex)) <= kAlike;

/** Frames shown so far by an element; -1 where it is not there. */
export const framesShown = (page, testId) =>
  page.evaluate((id) => document.querySelector(`[data-testid="${id}"]`)?.getVideoPlaybackQuality().totalVideoFrames ?? -1, testId);

/** From now on the page remembers when an element first showed each of the colours; `coloursSeen` tells. */
export const watchColours = (page, testId, palette) =>
  page.evaluate(
    ([id, wanted]) => {
      const canvas = Object.assign(document.createElement('canvas'), { width: 8, height: 8 });
      const context = canvas.getContext('2d', { willReadFrequently: true });
      window.__seenColours = wanted.map(() => null);
      clearInterval(window.__colourTimer);
      window.__colourTimer = setInterval(() => {
        const video = document.querySelector(`[data-testid="${id}"]`);
        if (!video?.videoWidth) return;
        context.drawImage(video, 0, 0, 8, 8);
        const [r, g, b] = context.getImageData(4, 4, 1, 1).data;
        const far = wanted.map((colour) => Math.hypot(r - colour[0], g - colour[1], b - colour[2]));
        const nearest = far.indexOf(Math.min(...far));
        if (far[nearest] < 60) window.__seenColours[nearest] ??= Date.now();
      }, 20);
    },
    [testId, palette.map(rgb)],
  );
export const coloursSeen = (page) => page.evaluate(() => window.__seenColours);

/** The colours at some places of a film's picture at one moment. */
export async function coloursInFilm(file, atMs, places, width = 1280) {
  const { stdout } = await run(
    'ffmpeg',
    ['-v', 'error', '-ss', (atMs / 1000).toFixed(3), '-i', file, '-map', '0:v:0', '-frames:v', '1', '-f', 'rawvideo', '-pix_fmt', 'rgb24', '-'],
    { maxBuffer: 16 * 1024 * 1024, encoding: 'buffer' },
  );
  return places.map(([x, y]) => [...stdout.subarray((y * width + x) * 3, (y * width + x) * 3 + 3)]);
}
