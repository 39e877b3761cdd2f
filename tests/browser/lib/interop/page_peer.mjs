// A WHIP publisher and a WHEP viewer in a page, with nothing but the browser's own interfaces: what any client that
// follows the standards does. The function is sent into the page as text, so it must not use anything around it.
export function peerInPage() {
  const kWidth = 640;
  const kHeight = 360;
  const kCells = 4;

  const post = async (url, token, peer) => {
    await peer.setLocalDescription();
    await new Promise((resolve) => {
      const check = () => peer.iceGatheringState === 'complete' && resolve();
      peer.onicegatheringstatechange = check;
      check();
      setTimeout(resolve, 2_000); // a resolver that is not there holds up gathering; the host's candidates are enough
    });
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/sdp', authorization: `Bearer ${token}` },
      body: peer.localDescription.sdp,
    });
    const text = await answer.text();
    if (answer.status !== 201) throw new Error(`${answer.status} ${text}`);
    await peer.setRemoteDescription({ type: 'answer', sdp: text });
    return new URL(answer.headers.get('location'), url).href;
  };

  const prefer = (transceiver, kind, codec) => {
    const codecs = globalThis[kind].getCapabilities('video').codecs.filter((c) => [`video/${codec}`, 'video/rtx'].some((m) => m.toLowerCase() === c.mimeType.toLowerCase()));
    transceiver.setCodecPreferences(codecs);
  };

  const drawn = () => {
    const canvas = document.createElement('canvas');
    canvas.width = kWidth;
    canvas.height = kHeight;
    const context = canvas.getContext('2d');
    let counter = 0;
    setInterval(() => {
      ++counter;
      for (let bit = 0; bit < kCells * kCells; ++bit) {
        context.fillStyle = (counter >> (kCells * kCells - 1 - bit)) & 1 ? '#fff' : '#000';
        context.fillRect(((bit % kCells) * kWidth) / kCells, (Math.floor(bit / kCells) * kHeight) / kCells, kWidth / kCells, kHeight / kCells);
      }
    }, 40);
    return canvas.captureStream(25).getVideoTracks()[0];
  };

  const tone = async () => {
    // Where there is no sound hardware Firefox never starts an AudioContext; its fake microphone hums all the same.
    if (globalThis.interopFakeMicrophone) return (await navigator.mediaDevices.getUserMedia({ audio: true })).getAudioTracks()[0];
    const context = new AudioContext();
    await context.resume();
    const oscillator = new OscillatorNode(context, { frequency: 440 });
    const destination = context.createMediaStreamDestination();
    oscillator.connect(destination);
    oscillator.start();
    return destination.stream.getAudioTracks()[0];
  };

  globalThis.interop = {
    supports: (codec) => RTCRtpSender.getCapabilities('video').codecs.some((c) => c.mimeType.toLowerCase() === `video/${codec}`.toLowerCase()),

    async publish({ url, token, codec, configuration = {} }) {
      const peer = new RTCPeerConnection({ bundlePolicy: 'max-bundle', ...configuration });
      const stream = new MediaStream([await tone(), drawn()]);
      peer.addTransceiver(stream.getAudioTracks()[0], { direction: 'sendonly', streams: [stream] });
      prefer(peer.addTransceiver(stream.getVideoTracks()[0], { direction: 'sendonly', streams: [stream] }), 'RTCRtpSender', codec);
      globalThis.interopPublished = { peer, session: await post(url, token, peer) };
    },

    async watch({ url, token, codec, configuration = {} }) {
      const peer = new RTCPeerConnection({ bundlePolicy: 'max-bundle', ...configuration });
      peer.addTransceiver('audio', { direction: 'recvonly' });
      prefer(peer.addTransceiver('video', { direction: 'recvonly' }), 'RTCRtpReceiver', codec);
      const counters = [];
      const video = document.createElement('video');
      video.volume = 0.1;
      video.playsInline = true;
      document.body.append(video);
      const canvas = document.createElement('canvas');
      canvas.width = 64;
      canvas.height = 36;
      const context = canvas.getContext('2d', { willReadFrequently: true });
      const onFrame = () => {
        context.drawImage(video, 0, 0, canvas.width, canvas.height);
        const pixels = context.getImageData(0, 0, canvas.width, canvas.height).data;
        let counter = 0;
        for (let bit = 0; bit < kCells * kCells; ++bit) {
          const x = Math.floor((((bit % kCells) + 0.5) * canvas.width) / kCells);
          const y = Math.floor(((Math.floor(bit / kCells) + 0.5) * canvas.height) / kCells);
          counter = counter * 2 + (pixels[(y * canvas.width + x) * 4 + 1] > 128 ? 1 : 0);
        }
        counters.push(counter);
        video.requestVideoFrameCallback(onFrame);
      };
      video.requestVideoFrameCallback(onFrame);
      const stream = new MediaStream();
      peer.ontrack = ({ track }) => {
        stream.addTrack(track);
        video.srcObject = stream;
        video.play().catch(() => undefined);
      };
      globalThis.interopWatched = { peer, counters, session: await post(url, token, peer) };
    },

    /** Counters so far, and the sound's energy as the browser measures it. */
    async seen() {
      const { peer, counters } = globalThis.interopWatched;
      let soundEnergy = 0;
      for (const report of (await peer.getStats()).values()) {
        if (report.type === 'inbound-rtp' && report.kind === 'audio') soundEnergy = report.totalAudioEnergy ?? 0;
      }
      return { counters: [...counters], soundEnergy };
    },

    /** The local candidates that media goes by. */
    async paths() {
      const found = [];
      for (const { peer } of [globalThis.interopPublished, globalThis.interopWatched]) {
        const stats = await peer.getStats();
        for (const report of stats.values()) {
          if (report.type !== 'transport' || !report.selectedCandidatePairId) continue;
          const local = stats.get(stats.get(report.selectedCandidatePairId).localCandidateId);
          found.push({ type: local.candidateType, relayProtocol: local.relayProtocol });
        }
      }
      return found;
    },

    /** How many relay candidates a TURN server gives. */
    async relayCandidates(iceServers) {
      const peer = new RTCPeerConnection({ iceServers, iceTransportPolicy: 'relay' });
      peer.addTransceiver('audio');
      let candidates = 0;
      const gathered = new Promise((resolve) => {
        peer.onicecandidate = ({ candidate }) => (candidate?.candidate ? ++candidates : resolve());
      });
      await peer.setLocalDescription();
      await gathered;
      peer.close();
      return candidates;
    },

    async close(token) {
      for (const one of [globalThis.interopPublished, globalThis.interopWatched]) {
        if (!one) continue;
        const deleted = await fetch(one.session, { method: 'DELETE', headers: { authorization: `Bearer ${token}` } });
        one.peer.close();
        if (deleted.status !== 200) throw new Error(`DELETE: ${deleted.status}`);
      }
    },
  };
}
