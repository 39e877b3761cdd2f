// Measures how far the beep is behind the flash in a media file, with ffmpeg and arithmetic only.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);
const kMaxOutput = 512 * 1024 * 1024;
const kSampleRate = 48_000;
const kWindow = 240; // samples: 5 ms
const kBeepHz = 1000;
const kPairWithinSeconds = 0.45;

/** Times at which the picture (or `crop`, as ffmpeg spells it) becomes bright, in seconds. */
export async function flashTimes(file, crop = 'iw:ih:0:0') {
  const { stdout } = await run(
    'ffprobe',
    ['-v', 'error', '-f', 'lavfi', '-i', `movie=${file},crop=${crop},signalstats`, '-show_entries',
      'frame=pts_time:frame_tags=lavfi.signalstats.YAVG', '-of', 'csv=p=0'],
    { maxBuffer: kMaxOutput },
  );
  const frames = stdout.trim().split('\n').map((line) => line.split(',').map(Number)).filter(([t, y]) => !Number.isNaN(t + y));
  return risingEdges(frames);
}

/** Times at which a 1 kHz beep begins, in seconds. */
export async function beepTimes(file) {
  const { stdout } = await run(
    'ffmpeg',
    ['-v', 'error', '-i', file, '-map', '0:a:0', '-af', 'aresample=async=1:first_pts=0', '-ac', '1', '-ar', String(kSampleRate),
      '-f', 's16le', '-'],
    { maxBuffer: kMaxOutput, encoding: 'buffer' },
  );
  const samples = new Int16Array(stdout.buffer, stdout.byteOffset, Math.floor(stdout.byteLength / 2));
  const levels = [];
  const coefficient = 2 * Math.cos((2 * Math.PI * kBeepHz) / kSampleRate);
  for (let start = 0; start + kWindow <= samples.length; start += kWindow / 4) {
    let previous = 0;
    let before = 0;
    for (let i = 0; i < kWindow; i += 1) {
      const value = samples[start + i] + coefficient * previous - before;
      before = previous;
      previous = value;
    }
    const power = previous * previous + before * before - coefficient * previous * before;
    levels.push([(start + kWindow / 2) / kSampleRate, Math.sqrt(Math.max(power, 0))]);
  }
  return risingEdges(levels);
}

/** Where a two-level signal crosses the middle upwards and stays there for at least 100 ms. */
function risingEdges(points) {
  const sorted = points.map(([, level]) => level).sort((a, b) => a - b);
  const low = sorted[Math.floor(sorted.length * 0.1)];
  const high = sorted[Math.floor(sorted.length * 0.92)];
  if (!(high > low * 1.2)) return [];
  const middle = (low + high) / 2;
  const edges = [];
  for (let i = 1; i < points.length; i += 1) {
    if (points[i][1] < middle || points[i - 1][1] >= middle) continue;
    let end = i;
    while (end < points.length && points[end][1] >= middle) end += 1;
    if ((points[Math.min(end, points.length - 1)][0] - points[i][0]) >= 0.1) edges.push(points[i][0]);
  }
  return edges;
}

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  if (sorted.length === 0) return Number.NaN;
  const half = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

/** Median of (beep − flash) in ms, positive when the sound is late, with how many pairs it stands on. */
export async function avOffset(file, crop) {
  const [flashes, beeps] = await Promise.all([flashTimes(file, crop), beepTimes(file)]);
  const offsets = [];
  for (const flash of flashes) {
    const beep = beeps.reduce((best, b) => (Math.abs(b - flash) < Math.abs(best - flash) ? b : best), Number.POSITIVE_INFINITY);
    if (Math.abs(beep - flash) <= kPairWithinSeconds) offsets.push((beep - flash) * 1000);
  }
  return { medianMs: Math.round(median(offsets) * 10) / 10, pairs: offsets.length, flashes: flashes.length, beeps: beeps.length };
}

/** The counter that customer_source.js burns into the top of a 1280×720 picture. */
export async function counterIn(jpegFile) {
  const { stdout } = await run('ffmpeg', ['-v', 'error', '-i', jpegFile, '-f', 'rawvideo', '-pix_fmt', 'gray', '-'], {
    maxBuffer: kMaxOutput,
    encoding: 'buffer',
  });
  let value = 0;
  for (let bit = 0; bit < 32; bit += 1) value = value * 2 + (stdout[20 * 1280 + bit * 40 + 20] > 127 ? 1 : 0);
  return value;
}

/** Duration, size and codecs as ffprobe reads them. */
export async function probe(file) {
  const { stdout } = await run('ffprobe', ['-v', 'error', '-show_format', '-show_streams', '-of', 'json', file]);
  return JSON.parse(stdout);
}
