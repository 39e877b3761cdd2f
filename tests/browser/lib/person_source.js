// Runs in a page before its own scripts: somebody with a colour, a name and a tone of their own (window.__person), so that
// it can be told who is seen and who is heard. Also keeps every peer connection the page makes.
(() => {
  const { name = 'somebody', colour = '#4a6b52', hz = 500, level = 0.3, width = 1280, height = 720, fps = 15 } = window.__person ?? {};
  window.__peers = [];
  const Peer = window.RTCPeerConnection;
  window.RTCPeerConnection = class extends Peer {
    constructor(...options) {
      super(...options);
      window.__peers.push(this);
    }
  };

  let made = null;
  function picture(fill, words) {
    const canvas = Object.assign(document.createElement('canvas'), { width, height });
    const context = canvas.getContext('2d', { alpha: false });
    const draw = () => {
      context.fillStyle = fill;
      context.fillRect(0, 0, width, height);
      context.fillStyle = '#ffffff';
      context.font = `bold ${height / 10}px sans-serif`;
      context.textAlign = 'center';
      context.fillText(`${words} ${Math.floor(performance.now() / 100)}`, width / 2, height / 2);
    };
    const ticks = new Worker(URL.createObjectURL(new Blob([`setInterval(() => postMessage(0), 1000 / ${fps})`])));
    ticks.onmessage = draw;
    draw();
    return canvas;
  }
  function make() {
    const audio = new AudioContext({ sampleRate: 48000 });
    const tone = new OscillatorNode(audio, { frequency: hz });
    const loud = new GainNode(audio, { gain: level });
    const sound = new MediaStreamAudioDestinationNode(audio, { channelCount: 1 });
    tone.connect(loud).connect(sound);
    tone.start();
    return { audio, sound, tone, canvas: picture(colour, name) };
  }
  navigator.mediaDevices.getUserMedia = async (constraints) => {
    made ??= make();
    void made.audio.resume();
    const tracks = [];
    if (constraints?.video) tracks.push(made.canvas.captureStream(fps).getVideoTracks()[0]);
    if (constraints?.audio) tracks.push(made.sound.stream.getAudioTracks()[0].clone());
    return new MediaStream(tracks);
  };
  /** Another tone from now on, so that what one says at one time is known from what they say at another. */
  window.__setTone = (frequency) => (made.tone.frequency.value = frequency);
  navigator.mediaDevices.getDisplayMedia = async () => {
    const stream = picture('#7a2f2f', 'screen').captureStream(fps);
    window.__screenTrack = stream.getVideoTracks()[0];
    return stream;
  };
})();
