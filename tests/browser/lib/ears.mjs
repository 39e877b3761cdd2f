// What a page or a file sounds like: how loud single tones are, and everything together.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);
const kMaxOutput = 256 * 1024 * 1024;
const kRate = 48_000;
const kBlock = 8_192; // 171 ms: tones 25 Hz apart are told apart
const kHeldBlocks = 5; // half a second, each half over the next

/**
 * Decibels below full scale of each of `tones` and of everything (`loudness`), the loudest within the time, of all
 * that the page's elements play; `within` names one of them by its test id.
 */
export async function listen(page, tones = [], { within = null, milliseconds = 700 } = {}) {
  const heard = await page.evaluate(
    async ([frequencies, time, id, block, rate]) => {
      const context = new AudioContext({ sampleRate: rate });
      await context.resume();
      const elements = [...document.querySelectorAll(id ? `[data-testid="${id}"]` : 'video, audio')];
      // A file that an element plays has no stream of its own.
      const streamOf = (element) => element.srcObject ?? (element.src && !element.paused ? element.captureStream() : null);
      const analysers = elements
        .filter((element) => !element.muted)
        .map(streamOf)
        .filter((stream) => stream?.getAudioTracks().length > 0)
        .map((stream) => {
          const analyser = new AnalyserNode(context, { fftSize: block, smoothingTimeConstant: 0, minDecibels: -140 });
          context.createMediaStreamSource(stream).connect(analyser);
          return analyser;
        });
      const levels = frequencies.map(() => -140);
      let power = 0;
      const spectrum = new Float32Array(block / 2);
      const samples = new Float32Array(block);
      const until = performance.now() + time;
      while (performance.now() < until) {
        await new Promise((resolve) => setTimeout(resolve, 50));
        for (const analyser of analysers) {
          analyser.getFloatFrequencyData(spectrum);
          frequencies.forEach((frequency, i) => {
            const bin = Math.round(frequency / (rate / block));
            levels[i] = Math.max(levels[i], ...spectrum.subarray(bin - 1, bin + 2));
          });
          analyser.getFloatTimeDomainData(samples);
          power = Math.max(power, samples.reduce((sum, sample) => sum + sample * sample, 0) / block);
        }
      }
      await context.close();
      return { levels, power };
    },
    [tones, milliseconds, within, kBlock, kRate],
  );
  return { tones: heard.levels, loudness: decibels(Math.sqrt(heard.power)) };
}

export const toneIn = async (page, hz, options) => (await listen(page, [hz], options)).tones[0];
export const loudnessIn = async (page, testId) => (await listen(page, [], { within: testId })).loudness;

/**
 * The loudest that each of `tones` is for half a second in the sound of a file, in decibels below full scale. Shorter is
 * no voice: where another tone begins or ends, its edge has a little of every frequency.
 */
export async function tonesInFile(file, tones) {
  const { stdout } = await run(
    'ffmpeg',
    ['-v', 'error', '-i', file, '-map', '0:a:0', '-ac', '1', '-ar', String(kRate), '-f', 'f32le', '-'],
    { maxBuffer: kMaxOutput, encoding: 'buffer' },
  );
  const samples = new Float32Array(stdout.buffer.slice(stdout.byteOffset, stdout.byteOffset + stdout.byteLength));
  const window = Float32Array.from({ length: kBlock }, (_, i) => blackman(i));
  const gain = window.reduce((sum, weight) => sum + weight, 0) / 2;
  return tones.map((hz) => {
    const levels = [];
    for (let start = 0; start + kBlock <= samples.length; start += kBlock / 2) {
      levels.push(amplitude(samples.subarray(start, start + kBlock), window, hz) / gain);
    }
    return decibels(Math.max(...levels.map((_, i) => (i < kHeldBlocks - 1 ? 0 : Math.min(...levels.slice(i - kHeldBlocks + 1, i + 1))))));
  });
}

/** Goertzel's algorithm over a window. */
function amplitude(samples, window, hz) {
  const coefficient = 2 * Math.cos((2 * Math.PI * hz) / kRate);
  let previous = 0;
  let before = 0;
  for (let i = 0; i < samples.length; i += 1) {
    const value = samples[i] * window[i] + coefficient * previous - before;
    before = previous;
    previous = value;
  }
  return Math.sqrt(Math.max(0, previous * previous + before * before - coefficient * previous * before));
}

/** The window of browsers' analysers, so that both ears have the same scale. */
function blackman(i) {
  const phase = (2 * Math.PI * i) / kBlock;
  return 0.42 - 0.5 * Math.cos(phase) + 0.08 * Math.cos(2 * phase);
}

const decibels = (value) => (value > 0 ? Math.round(200 * Math.log10(value)) / 10 : -140);

/** Somebody's tone arrives above the first; what is not sent lies below the second, Opus' own noise included. */
export const kHeardDb = -45;
export const kSilentDb = -65;
/** Of everything in one element: what is played, and nothing. */
export const kPlaysDb = -50;
export const kNothingDb = -70;
