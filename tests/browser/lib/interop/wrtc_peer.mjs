// libwebrtc in Node, from the npm package @roamhq/wrtc: what a native app on that library does.
import wrtc from '@roamhq/wrtc';
import { counterFrom, kFramesPerSecond, kHeight, kWidth, lumaOf } from './counter.mjs';

const kSampleRate = 48_000;
const kSamplesPer10Ms = kSampleRate / 100;

async function offerTo(url, token, peer) {
  await peer.setLocalDescription(await peer.createOffer());
  await new Promise((resolve) => {
    const check = () => peer.iceGatheringState === 'complete' && resolve();
    peer.onicegatheringstatechange = check;
    check();
  });
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/sdp', authorization: `Bearer ${token}` },
    body: peer.localDescription.sdp,
  });
  const sdp = await answer.text();
  if (answer.status !== 201) throw new Error(`${answer.status} ${sdp}`);
  await peer.setRemoteDescription({ type: 'answer', sdp });
  return new URL(answer.headers.get('location'), url).href;
}

export class WrtcPeer {
  constructor() {
    this.open = [];
    this.timers = [];
    this.counters = [];
    this.soundEnergy = 0;
  }

  supports(codec) {
    return codec === 'VP8';
  }

  async publish({ url, token }) {
    const peer = new wrtc.RTCPeerConnection({ bundlePolicy: 'max-bundle' });
    const picture = new wrtc.nonstandard.RTCVideoSource();
    const sound = new wrtc.nonstandard.RTCAudioSource();
    const stream = new wrtc.MediaStream();
    for (const source of [sound, picture]) {
      const track = source.createTrack();
      stream.addTrack(track);
      peer.addTransceiver(track, { direction: 'sendonly', streams: [stream] });
    }
    let counter = 0;
    this.timers.push(setInterval(() => {
      const data = new Uint8ClampedArray((kWidth * kHeight * 3) / 2).fill(128);
      data.set(lumaOf(++counter));
      picture.onFrame({ width: kWidth, height: kHeight, data });
    }, 1000 / kFramesPerSecond));
    let phase = 0;
    this.timers.push(setInterval(() => {
      const samples = Int16Array.from({ length: kSamplesPer10Ms }, () => Math.round(8000 * Math.sin((phase++ * 2 * Math.PI * 440) / kSampleRate)));
      sound.onData({ samples, sampleRate: kSampleRate, bitsPerSample: 16, channelCount: 1, numberOfFrames: kSamplesPer10Ms });
    }, 10));
    this.open.push({ peer, session: await offerTo(url, token, peer) });
  }

  async watch({ url, token }) {
    const peer = new wrtc.RTCPeerConnection({ bundlePolicy: 'max-bundle' });
    peer.ontrack = ({ track }) => {
      if (track.kind === 'audio') {
        this.soundSink = new wrtc.nonstandard.RTCAudioSink(track);
        this.soundSink.ondata = ({ samples }) => {
          for (const sample of samples) this.soundEnergy += (sample / 32_768) ** 2 / kSampleRate;
        };
        return;
      }
      this.pictureSink = new wrtc.nonstandard.RTCVideoSink(track);
      this.pictureSink.onframe = ({ frame }) => {
        this.counters.push(counterFrom((x, y) => frame.data[Math.floor(y * frame.height) * frame.width + Math.floor(x * frame.width)]));
      };
    };
    peer.addTransceiver('audio', { direction: 'recvonly' });
    peer.addTransceiver('video', { direction: 'recvonly' });
    this.open.push({ peer, session: await offerTo(url, token, peer) });
  }

  seen() {
    return { counters: [...this.counters], soundEnergy: this.soundEnergy };
  }

  async close(token) {
    this.timers.forEach(clearInterval);
    this.soundSink?.stop();
    this.pictureSink?.stop();
    for (const { peer, session } of this.open) {
      const deleted = await fetch(session, { method: 'DELETE', headers: { authorization: `Bearer ${token}` } });
      peer.close();
      if (deleted.status !== 200) throw new Error(`DELETE: ${deleted.status}`);
    }
  }
}
