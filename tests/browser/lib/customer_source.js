// Runs in the customer's page before its own scripts: the camera becomes a canvas with a counter and a flash a second,
// the microphone a beep a second, both on the audio clock. A 160×90 copy drawn in the same tick can be recorded with
// MediaRecorder, so that the offset of the source itself is known.
(() => {
  const kWidth = 1280;
  const kHeight = 720;
  const kFlashSeconds = 0.25;
  const kBeepHz = 1000;
  const kCounterBits = 32;
  let made = null;

  function make() {
    const audio = new AudioContext({ sampleRate: 48000, latencyHint: 'interactive' });
    const oscillator = new OscillatorNode(audio, { frequency: kBeepHz });
    const gate = new GainNode(audio, { gain: 0 });
    const sound = new MediaStreamAudioDestinationNode(audio, { channelCount: 1 });
    oscillator.connect(gate).connect(sound);
    oscillator.start();

    const canvas = Object.assign(document.createElement('canvas'), { width: kWidth, height: kHeight });
    const copy = Object.assign(document.createElement('canvas'), { width: 160, height: 90 });
    const context = canvas.getContext('2d', { alpha: false });
    const copyContext = copy.getContext('2d', { alpha: false });
    let scheduledUntil = 0;

    function scheduleBeeps() {
      for (; scheduledUntil < audio.currentTime + 3; scheduledUntil += 1) {
        const at = Math.max(scheduledUntil, audio.currentTime);
        gate.gain.setValueAtTime(0.6, at);
        gate.gain.setValueAtTime(0, at + kFlashSeconds);
      }
    }

    function draw() {
      const now = Date.now();
      const flash = audio.currentTime % 1 < kFlashSeconds;
      context.fillStyle = flash ? '#ffffff' : '#1b2a41';
      context.fillRect(0, 0, kWidth, kHeight);
      const counter = now % 2 ** kCounterBits;
      for (let bit = 0; bit < kCounterBits; bit += 1) {
        context.fillStyle = Math.floor(counter / 2 ** (kCounterBits - 1 - bit)) % 2 === 1 ? '#ffffff' : '#000000';
        context.fillRect(bit * 40, 0, 40, 40);
      }
      context.fillStyle = flash ? '#1b2a41' : '#e8eef7';
      context.font = 'bold 96px sans-serif';
      context.textAlign = 'center';
      context.fillText(new Date(now).toISOString().slice(11, 23), kWidth / 2, kHeight / 2);
      context.beginPath();
      context.arc(kWidth / 2 + 300 * Math.cos(now / 700), 560 + 40 * Math.sin(now / 700), 40, 0, 7);
      context.fill();
      copyContext.fillStyle = flash ? '#ffffff' : '#101010';
      copyContext.fillRect(0, 0, 160, 90);
      scheduleBeeps();
    }

    // A timer in a worker keeps its pace where timers of a covered page are slowed down.
    const ticks = new Worker(URL.createObjectURL(new Blob(['setInterval(() => postMessage(0), 1000 / 30)'])));
    ticks.onmessage = draw;
    draw();
    return { audio, canvas, copy, sound };
  }

  function source() {
    made ??= make();
    void made.audio.resume();
    return made;
  }

  navigator.mediaDevices.getUserMedia = async (constraints) => {
    const { canvas, sound } = source();
    const tracks = [];
    if (constraints?.video) tracks.push(canvas.captureStream(30).getVideoTracks()[0]);
    if (constraints?.audio) tracks.push(sound.stream.getAudioTracks()[0].clone());
    return new MediaStream(tracks);
  };

  /** Records the source itself; resolves with a base64 WebM. */
  window.__recordSource = (milliseconds) =>
    new Promise((resolve, reject) => {
      const { copy, sound } = source();
      const stream = new MediaStream([copy.captureStream(30).getVideoTracks()[0], sound.stream.getAudioTracks()[0].clone()]);
      // PCM: an Opus packet of Chromium's recorder holds 60 ms and is stamped some 50 ms late.
      const recorder = new MediaRecorder(stream, { mimeType: 'video/webm;codecs=vp8,pcm' });
      const parts = [];
      recorder.ondataavailable = (event) => parts.push(event.data);
      recorder.onerror = (event) => reject(event.error);
      recorder.onstop = async () => {
        const bytes = new Uint8Array(await new Blob(parts).arrayBuffer());
        let text = '';
        for (const byte of bytes) text += String.fromCharCode(byte);
        resolve(btoa(text));
      };
      recorder.start();
      setTimeout(() => recorder.stop(), milliseconds);
    });
})();
