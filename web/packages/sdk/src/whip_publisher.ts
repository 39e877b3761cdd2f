// Publishes one stream of its own by WHIP (RFC 9725): camera and microphone, a screen, or a voice.
import type { MediaAccess } from '@telewitness/protocol';
import { MediaConnection, preferCodec, type MediaEnvironment } from './media_connection';

export type TrackKind = 'audio' | 'video';

export interface PublisherOptions {
  /** What the session carries, also before there is a track for it. Default both. */
  kinds?: readonly TrackKind[] | undefined;
}

const kBoth: readonly TrackKind[] = ['audio', 'video'];

export class WhipPublisher extends MediaConnection {
  readonly #kinds: readonly TrackKind[];
  #stream: MediaStream;

  constructor(
    access: MediaAccess,
    stream: MediaStream,
    environment?: MediaEnvironment,
    options: PublisherOptions = {},
  ) {
    super(access, environment);
    this.#stream = stream;
    this.#kinds = options.kinds ?? kBoth;
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
    if (this.#kinds.includes('audio')) {
      peer.addTransceiver(audio ?? 'audio', { direction: 'sendonly', streams: [this.#stream] });
    }
    if (!this.#kinds.includes('video')) return;
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
