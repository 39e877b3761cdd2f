// How loud a microphone is, ten times a second, from 0 (nothing) to 1 (a voice close by).
const kEveryMs = 100;
const kSamples = 1024;
/** Loudness of a voice at the mouth of a headset, as root mean square; above it there is nothing to tell apart. */
const kLoudRms = 0.25;

export function levelOf(samples: Float32Array): number {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  const rms = samples.length === 0 ? 0 : Math.sqrt(sum / samples.length);
  return Math.min(1, rms / kLoudRms);
}

/** Returns what ends it. Silent where the browser has no sound. */
export function watchLevel(
  stream: MediaStream,
  tell: (level: number) => void,
  makeContext: () => AudioContext = () => new AudioContext(),
): () => void {
  if (stream.getAudioTracks().length === 0) return () => {};
  let context: AudioContext;
  try {
    context = makeContext();
  } catch {
    return () => {};
  }
  void context.resume().catch(() => undefined);
  const analyser = context.createAnalyser();
  analyser.fftSize = kSamples;
  context.createMediaStreamSource(stream).connect(analyser);
  const samples = new Float32Array(kSamples);
  const timer = setInterval(() => {
    analyser.getFloatTimeDomainData(samples);
    tell(levelOf(samples));
  }, kEveryMs);
  return () => {
    clearInterval(timer);
    void context.close().catch(() => undefined);
  };
}

const kToneS = 0.9;
const kToneHz = 523;

/** A tone from the loudspeaker that was chosen, where the browser can choose (AudioContext.setSinkId). */
export async function playTone(
  speaker: string | undefined,
  makeContext: () => AudioContext = () => new AudioContext(),
): Promise<void> {
  const context = makeContext() as AudioContext & { setSinkId?: (id: string) => Promise<void> };
  try {
    if (speaker) await context.setSinkId?.(speaker).catch(() => undefined); // pulled meanwhile: the system's own
    await context.resume();
    const tone = new OscillatorNode(context, { frequency: kToneHz });
    const volume = new GainNode(context, { gain: 0.2 });
    tone.connect(volume).connect(context.destination);
    tone.start();
    tone.stop(context.currentTime + kToneS);
    await new Promise<void>((done) => (tone.onended = () => done()));
  } finally {
    void context.close().catch(() => undefined);
  }
}
