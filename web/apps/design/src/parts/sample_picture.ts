// A drawn picture for what shows cameras: this page asks nobody for theirs.
const kWidth = 640;
const kHeight = 360;

/** A still face before a wall of this colour, as a stream; its first frame comes at once. */
export function samplePicture(colour: string): MediaStream | undefined {
  const canvas = Object.assign(document.createElement('canvas'), { width: kWidth, height: kHeight });
  const pen = canvas.getContext('2d');
  if (!pen || typeof canvas.captureStream !== 'function') return undefined;
  pen.fillStyle = colour;
  pen.fillRect(0, 0, kWidth, kHeight);
  pen.fillStyle = 'rgb(255 255 255 / 70%)';
  pen.beginPath();
  pen.arc(kWidth * 0.4, kHeight * 0.42, 62, 0, 2 * Math.PI);
  pen.fill();
  pen.beginPath();
  pen.ellipse(kWidth * 0.4, kHeight, 130, 130, 0, Math.PI, 2 * Math.PI);
  pen.fill();
  // A mark on one side shows what is mirrored.
  pen.fillRect(kWidth - 90, 30, 60, 16);
  return canvas.captureStream(1);
}

/** A logo as companies draw them: dark on nothing. */
export const kSampleLogo = `data:image/svg+xml,${encodeURIComponent(
  '<svg xmlns="http://www.w3.org/2000/svg" width="240" height="80"><rect x="4" y="8" width="64" height="64" rx="14" fill="#c8102e"/><path d="M20 40h32M36 24v32" stroke="#fff" stroke-width="8"/><text x="82" y="54" font-family="sans-serif" font-size="38" font-weight="700" fill="#16202e">EXAMPLE</text></svg>',
)}`;
