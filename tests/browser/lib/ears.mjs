// What a page hears: how loud one tone is in everything that it plays.

/** Decibels below full scale at `hz`, the loudest of all that the page's elements play within the time. */
export async function toneIn(page, hz, milliseconds = 1_500) {
  return page.evaluate(
    async ([frequency, time]) => {
      const context = new AudioContext({ sampleRate: 48_000 });
      await context.resume();
      const analysers = [...document.querySelectorAll('video, audio')]
        .filter((element) => !element.muted && element.srcObject?.getAudioTracks().length > 0)
        .map((element) => {
          const analyser = new AnalyserNode(context, { fftSize: 8192, smoothingTimeConstant: 0, minDecibels: -140 });
          context.createMediaStreamSource(element.srcObject).connect(analyser);
          return analyser;
        });
      const bin = Math.round(frequency / (context.sampleRate / 8192));
      let loudest = -140;
      const until = performance.now() + time;
      while (performance.now() < until) {
        for (const analyser of analysers) {
          const spectrum = new Float32Array(analyser.frequencyBinCount);
          analyser.getFloatFrequencyData(spectrum);
          for (const each of [bin - 1, bin, bin + 1]) if (spectrum[each] > loudest) loudest = spectrum[each];
        }
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      await context.close();
      return loudest;
    },
    [hz, milliseconds],
  );
}

/** A tone of level 0.3 arrives above this; what is not sent lies far below. */
export const kHeardDb = -55;
export const kSilentDb = -80;
