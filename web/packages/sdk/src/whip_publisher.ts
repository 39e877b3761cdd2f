// Publishes the own camera and microphone by WHIP (RFC 9725).
import type { MediaAccess } from '@telewitness/protocol';
import { MediaConnection, preferCodec, type MediaEnvironment } from './media_connection';

export class WhipPublisher extends MediaConnection {
  #stream: MediaStream;

  constructor(access: MediaAccess, stream: MediaStream, environment?: MediaEnvironment) {
    super(access, environment);
    this.#stream = stream;
  }

  /** Another camera or microphone, without a new session. */
  async replaceStream(stream: MediaStream): Promise<void> {
    this.#stream = stream;
    for (const transceiver of this.peer?.getTransceivers() ?? []) {
      const kind = transceiver.receiver.track.kind;
      const track = stream.getTracks().find((candidate) => candidate.kind === kind) ?? null;
      await transceiver.sender.replaceTrack(track);
    }
  }

  protected override endpoint(access: MediaAccess): string {
    return access.publishUrl;
  }

  protected override prepare(peer: RTCPeerConnection, access: MediaAccess): void {
    const [audio] = this.#stream.getAudioTracks();
    const [video] = this.#stream.getVideoTracks();
    peer.addTransceiver(audio ?? 'audio', { direction: 'sendonly', streams: [this.#stream] });
    const transceiver = peer.addTransceiver(video ?? 'video', {
      direction: 'sendonly',
      streams: [this.#stream],
      sendEncodings: [{ maxBitrate: access.videoBitrateBps }],
    });
    preferCodec(transceiver, 'RTCRtpSender', access.videoCodec);
  }

  protected override async established(peer: RTCPeerConnection): Promise<void> {
    const sender = peer.getTransceivers().find((transceiver) => transceiver.receiver.track.kind === 'video')?.sender;
    if (!sender) return;
    const parameters = sender.getParameters();
    // A face must stay sharp: a loaded sender drops frames, not resolution.
    parameters.degradationPreference = 'maintain-resolution';
    for (const encoding of parameters.encodings) encoding.maxBitrate = this.access.videoBitrateBps;
    // A browser that cannot follow still publishes; the server's answer limits the bit rate too.
    await sender.setParameters(parameters).catch(() => undefined);
  }
}
