// Runs in the agent's page before its own scripts: a calm picture without flashes and a quiet tone.
(() => {
  let made = null;
  function make() {
    const audio = new AudioContext({ sampleRate: 48000 });
    const tone = new OscillatorNode(audio, { frequency: 330 });
    const quiet = new GainNode(audio, { gain: 0.02 });
    const sound = new MediaStreamAudioDestinationNode(audio, { channelCount: 1 });
    tone.connect(quiet).connect(sound);
    tone.start();
    const canvas = Object.assign(document.createElement('canvas'), { width: 1280, height: 720 });
    const context = canvas.getContext('2d', { alpha: false });
    const draw = () => {
      context.fillStyle = '#35506b';
      context.fillRect(0, 0, 1280, 720);
      context.fillStyle = '#9fb6cc';
      context.font = 'bold 72px sans-serif';
      context.textAlign = 'center';
      context.fillText(`${navigator.language.startsWith('zh') ? '坐席' : 'Agent'} ${Math.floor(performance.now() / 1000)}`, 640, 360);
    };
    const ticks = new Worker(URL.createObjectURL(new Blob(['setInterval(() => postMessage(0), 1000 / 15)'])));
    ticks.onmessage = draw;
    draw();
    return { audio, canvas, sound };
  }
  navigator.mediaDevices.getUserMedia = async (constraints) => {
    made ??= make();
    void made.audio.resume();
    const tracks = [];
    if (constraints?.video) tracks.push(made.canvas.captureStream(15).getVideoTracks()[0]);
    if (constraints?.audio) tracks.push(made.sound.stream.getAudioTracks()[0].clone());
    return new MediaStream(tracks);
  };
})();
