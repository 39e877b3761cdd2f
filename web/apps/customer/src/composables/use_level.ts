// How loud the microphone is, for a meter: 0..1, and whether anything was heard at all.
import { onScopeDispose, ref, watch, type Ref } from 'vue';

/** Loudness that counts as speech: about -46 dBFS. */
export const kHeardAt = 0.005;
const kEveryMs = 80;

/** Root mean square of samples, 0..1. */
export function loudness(samples: Float32Array): number {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  return samples.length === 0 ? 0 : Math.sqrt(sum / samples.length);
}

/** A meter that shows whispering and speaking apart: decibels from -60 to -10 on 0..1. */
export function meterOf(rms: number): number {
  if (rms <= 0) return 0;
  return Math.min(1, Math.max(0, (20 * Math.log10(rms) + 60) / 50));
}

export interface Level {
  level: Ref<number>;
  heard: Ref<boolean>;
}

export function useLevel(stream: () => MediaStream | undefined): Level {
  const level = ref(0);
  const heard = ref(false);
  let stop = () => {};

  function listen(to: MediaStream): void {
    if (to.getAudioTracks().length === 0 || typeof AudioContext === 'undefined') return;
    const context = new AudioContext();
    const analyser = context.createAnalyser();
    analyser.fftSize = 1024;
    context.createMediaStreamSource(to).connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    // Without a gesture the context sleeps; the next touch wakes it.
    const wake = () => void context.resume();
    wake();
    document.addEventListener('pointerdown', wake);
    const timer = window.setInterval(() => {
      analyser.getFloatTimeDomainData(samples);
      const rms = loudness(samples);
      level.value = meterOf(rms);
      if (rms >= kHeardAt) heard.value = true;
    }, kEveryMs);
    stop = () => {
      window.clearInterval(timer);
      document.removeEventListener('pointerdown', wake);
      void context.close();
      level.value = 0;
    };
  }

  watch(
    stream,
    (now) => {
      stop();
      stop = () => {};
      heard.value = false;
      if (now) listen(now);
    },
    { immediate: true },
  );
  onScopeDispose(() => stop());
  return { level, heard };
}
