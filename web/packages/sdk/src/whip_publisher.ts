// Publishes one stream of its own by WHIP (RFC 9725): camera and microphone, a screen, or a voice.
import type { MediaAccess } from '@telewitness/protocol';
import { MediaConnection, preferCodec, type MediaEnvironment } from './media_connection';
import { SmallPicture, sentPictures } from './small_picture';

export type TrackKind = 'audio' | 'video';

export interface PublisherOptions {
  /** What the session carries, also before there is a track for it. Default both. */
  kinds?: readonly TrackKind[] | undefined;
  /**
   * The picture in two sizes where the browser can and the network has room for both, so that a viewer with a weak
   * network gets the small one. Default no.
   */
  layers?: boolean | undefined;
}

/** The small picture: a quarter as wide and high, for who cannot receive more. Off until there is room for both. */
const kSmallRid = 'l';
const kLargeRid = 'h';
/**
 * Without temporal layers, which browsers add to a picture of several sizes: a receiver leaves out what of them comes
 * late, and on a bad network much does.
 */
const kOneLayerInTime = { scalabilityMode: 'L1T1' };
const kSmall: RTCRtpEncodingParameters = {
  rid: kSmallRid,
  active: false,
  scaleResolutionDownBy: 4,
  maxBitrate: 180_000,
  ...kOneLayerInTime,
};

const kBoth: readonly TrackKind[] = ['audio', 'video'];

export class WhipPublisher extends MediaConnection {
  readonly #kinds: readonly TrackKind[];
  readonly #layers: boolean;
  #stream: MediaStream;
  #small: SmallPicture | undefined;

  constructor(
    access: MediaAccess,
    stream: MediaStream,
    environment?: MediaEnvironment,
    options: PublisherOptions = {},
  ) {
    super(access, environment);
    this.#stream = stream;
    this.#kinds = options.kinds ?? kBoth;
    this.#layers = options.layers ?? false;
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

  /** Takes a report of `peer` every few seconds: says whether there is room for the small picture too. */
  async look(report: Iterable<[string, unknown]>, nowMs: number): Promise<void> {
    if (!this.#small?.look(sentPictures(report, kSmallRid), nowMs)) return;
    const sender = this.peer && pictureSender(this.peer);
    if (!sender) return;
    const parameters = sender.getParameters();
    for (const encoding of parameters.encodings) {
      if (encoding.rid === kSmallRid) encoding.active = this.#small.wanted;
    }
    await sender.setParameters(parameters).catch(() => undefined); // a session that has just ended
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
    const transceiver = this.#addPicture(peer, video ?? 'video', access.videoBitrateBps);
    preferCodec(transceiver, 'RTCRtpSender', access.videoCodec);
  }

  #addPicture(peer: RTCPeerConnection, track: MediaStreamTrack | 'video', maxBitrate: number): RTCRtpTransceiver {
    const add = (sendEncodings: RTCRtpEncodingParameters[]) =>
      peer.addTransceiver(track, { direction: 'sendonly', streams: [this.#stream], sendEncodings });
    if (!this.#layers) return add([{ maxBitrate }]);
    try {
      return add([kSmall, { rid: kLargeRid, maxBitrate, ...kOneLayerInTime }]);
    } catch {
      return add([{ maxBitrate }]); // a browser that cannot send two sizes says so here
    }
  }

  protected override async established(peer: RTCPeerConnection): Promise<void> {
    const sender = pictureSender(peer);
    if (!sender) return;
    const parameters = sender.getParameters();
    const two = parameters.encodings.length > 1;
    this.#small = two ? new SmallPicture(this.access.videoBitrateBps) : undefined;
    // A face must stay sharp: a loaded sender drops frames, not resolution.
    parameters.degradationPreference = 'maintain-resolution';
    for (const encoding of parameters.encodings) {
      if (encoding.rid !== kSmallRid) encoding.maxBitrate = this.access.videoBitrateBps;
    }
    // A browser that cannot follow still publishes; the server's answer limits the bit rate too.
    await sender.setParameters(parameters).catch(() => undefined);
  }
}

function pictureSender(peer: RTCPeerConnection): RTCRtpSender | undefined {
  return peer.getTransceivers().find((transceiver) => transceiver.receiver.track.kind === 'video')?.sender;
}
