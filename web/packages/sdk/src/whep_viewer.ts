// Watches the other side's camera by WHEP (draft-ietf-wish-whep-03).
import type { MediaAccess } from '@telewitness/protocol';
import { MediaConnection, preferCodec } from './media_connection';

export class WhepViewer extends MediaConnection {
  #stream: MediaStream | undefined;

  get stream(): MediaStream | undefined {
    return this.#stream;
  }

  protected override endpoint(access: MediaAccess): string {
    return access.watchUrl;
  }

  protected override prepare(peer: RTCPeerConnection, access: MediaAccess): void {
    const stream = new MediaStream();
    peer.ontrack = ({ track }) => {
      stream.addTrack(track);
      this.#stream = stream;
      this.emit('stream', stream);
    };
    peer.addTransceiver('audio', { direction: 'recvonly' });
    preferCodec(peer.addTransceiver('video', { direction: 'recvonly' }), 'RTCRtpReceiver', access.videoCodec);
  }

  protected override established(): void {}
}
