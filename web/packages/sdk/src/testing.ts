// Fakes of the browser's parts for this package's tests: a socket, a peer connection, a server of media sessions.
import type { MediaAccess } from '@telewitness/protocol';

export class FakeSocket {
  static all: FakeSocket[] = [];
  static get last(): FakeSocket {
    const socket = FakeSocket.all.at(-1);
    if (!socket) throw new Error('No socket was made.');
    return socket;
  }
  readyState = 0;
  sent: Record<string, unknown>[] = [];
  closedWith: number | undefined;
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;
  onerror: (() => void) | null = null;

  constructor(readonly url: string) {
    FakeSocket.all.push(this);
  }
  send(text: string): void {
    this.sent.push(JSON.parse(text) as Record<string, unknown>);
  }
  close(code?: number): void {
    this.readyState = 3;
    this.closedWith = code;
  }
  /** The server accepts the connection. */
  open(): void {
    this.readyState = 1;
    this.onopen?.();
  }
  hear(message: object): void {
    this.onmessage?.({ data: JSON.stringify(message) });
  }
  welcome(seq = 1, resumed = false): void {
    this.open();
    this.hear({ v: 1, type: 'welcome', seq, resumed, serverTime: '2026-01-01T00:00:00Z' });
  }
  lose(code = 1006): void {
    this.readyState = 3;
    this.onclose?.({ code });
  }
}

export const kOffer = (ufrag: string) =>
  [
    'v=0',
    'a=group:BUNDLE 0 1',
    'm=audio 9 UDP/TLS/RTP/SAVPF 111',
    `a=ice-ufrag:${ufrag}`,
    `a=ice-pwd:${ufrag}-password`,
    'a=mid:0',
    'm=video 9 UDP/TLS/RTP/SAVPF 96',
    `a=ice-ufrag:${ufrag}`,
    `a=ice-pwd:${ufrag}-password`,
    'a=mid:1',
    '',
  ].join('\r\n');

export const kAnswer = [
  'v=0',
  'a=ice-lite',
  'a=group:BUNDLE 0 1',
  'm=audio 9 UDP/TLS/RTP/SAVPF 111',
  'a=mid:0',
  'a=ice-ufrag:server1',
  'a=ice-pwd:server1-password',
  'a=candidate:1 1 udp 1 192.0.2.1 5000 typ host',
  'a=end-of-candidates',
  'a=fmtp:111 minptime=10;useinbandfec=1;usedtx=1',
  'm=video 9 UDP/TLS/RTP/SAVPF 96',
  'a=mid:1',
  'a=ice-ufrag:server1',
  'a=ice-pwd:server1-password',
  '',
].join('\r\n');

export const kFragment = [
  'a=ice-lite',
  'a=group:BUNDLE 0 1',
  'm=audio 9 UDP/TLS/RTP/SAVPF 111',
  'a=mid:0',
  'a=ice-ufrag:server2',
  'a=ice-pwd:server2-password',
  'a=candidate:2 1 udp 1 192.0.2.2 6000 typ host',
  'a=end-of-candidates',
  '',
].join('\r\n');

export class FakeSender {
  parameters: Record<string, unknown> & { encodings: { maxBitrate?: number }[] };
  constructor(
    public track: MediaStreamTrack | null,
    encodings: { maxBitrate?: number }[],
  ) {
    this.parameters = { encodings };
  }
  getParameters() {
    return structuredClone(this.parameters);
  }
  async setParameters(parameters: typeof this.parameters) {
    this.parameters = parameters;
  }
  async replaceTrack(track: MediaStreamTrack | null) {
    this.track = track;
  }
}

export class FakePeer {
  static all: FakePeer[] = [];
  static get last(): FakePeer {
    const peer = FakePeer.all.at(-1);
    if (!peer) throw new Error('No peer connection was made.');
    return peer;
  }
  connectionState: RTCPeerConnectionState = 'new';
  localDescription: { sdp: string } | null = null;
  remoteDescription: { sdp: string } | null = null;
  onconnectionstatechange: (() => void) | null = null;
  ontrack: ((event: { track: MediaStreamTrack }) => void) | null = null;
  transceivers: { direction: string; sender: FakeSender; receiver: { track: { kind: string } } }[] = [];
  stats = new Map<string, unknown>();
  closed = false;
  #ice = 1;

  constructor(readonly configuration: RTCConfiguration) {
    FakePeer.all.push(this);
  }
  addTransceiver(what: MediaStreamTrack | string, init: RTCRtpTransceiverInit) {
    const kind = typeof what === 'string' ? what : what.kind;
    const track = typeof what === 'string' ? null : what;
    const encodings = structuredClone(init.sendEncodings ?? [{}]) as { maxBitrate?: number }[];
    const transceiver = {
      direction: init.direction ?? 'sendrecv',
      sender: new FakeSender(track, encodings),
      receiver: { track: { kind } },
      setCodecPreferences() {},
    };
    this.transceivers.push(transceiver);
    return transceiver;
  }
  getTransceivers() {
    return this.transceivers;
  }
  restartIce() {
    this.#ice += 1;
  }
  async setLocalDescription() {
    this.localDescription = { sdp: kOffer(`client${this.#ice}`) };
  }
  async setRemoteDescription(description: { sdp: string }) {
    this.remoteDescription = { sdp: description.sdp };
  }
  async getStats() {
    return this.stats;
  }
  close() {
    this.closed = true;
    this.connectionState = 'closed';
  }
  become(state: RTCPeerConnectionState) {
    this.connectionState = state;
    this.onconnectionstatechange?.();
  }
}

export interface AskedOfServer {
  method: string;
  url: string;
  headers: Record<string, string>;
  body: string;
}

/** A server of WHIP and WHEP sessions that forgets them all when told to. */
export class FakeMediaServer {
  asked: AskedOfServer[] = [];
  /** What the next requests get instead; an Error is a network failure. */
  troubles: (Response | Error)[] = [];
  #known = new Set<string>();
  #made = 0;

  fetch = (async (url: string, init: RequestInit) => {
    const { method = 'GET', headers, body } = init;
    this.asked.push({ method, url, headers: headers as Record<string, string>, body: String(body ?? '') });
    const trouble = this.troubles.shift();
    if (trouble instanceof Error) throw trouble;
    if (trouble) return trouble;
    if (method === 'POST') {
      const path = `/api/v1/media/sessions/ms_${(this.#made += 1)}`;
      this.#known.add(path);
      return new Response(kAnswer, { status: 201, headers: { location: path } });
    }
    const path = new URL(url).pathname;
    if (!this.#known.has(path)) return new Response(null, { status: 404 });
    if (method === 'PATCH') return new Response(kFragment, { status: 200 });
    this.#known.delete(path);
    return new Response(null, { status: 200 });
  }) as unknown as typeof fetch;

  forgetEverything(): void {
    this.#known.clear();
  }
  count(method: string): number {
    return this.asked.filter((request) => request.method === method).length;
  }
  get sessions(): number {
    return this.#known.size;
  }
}

export class FakeStream {
  constructor(public tracks: { kind: string; id?: string }[] = []) {}
  addTrack(track: { kind: string }) {
    this.tracks.push(track);
  }
  getTracks() {
    return this.tracks;
  }
  getAudioTracks() {
    return this.tracks.filter((track) => track.kind === 'audio');
  }
  getVideoTracks() {
    return this.tracks.filter((track) => track.kind === 'video');
  }
}

export const fakeLocal = (id = 'first') =>
  new FakeStream([
    { kind: 'audio', id: `${id} audio` },
    { kind: 'video', id: `${id} video` },
  ]) as unknown as MediaStream;

export const kAccess: MediaAccess = {
  token: 'twm_1',
  expiresAt: '2026-01-01T01:00:00Z',
  participant: 'customer',
  publishUrl: 'https://server.test/api/v1/media/itv_1/whip/camera',
  watchUrl: 'https://server.test/api/v1/media/itv_1/whep/agent/camera',
  publish: [
    { stream: 'camera', url: 'https://server.test/api/v1/media/itv_1/whip/camera' },
    { stream: 'screen', url: 'https://server.test/api/v1/media/itv_1/whip/screen' },
  ],
  watchTemplate: 'https://server.test/api/v1/media/itv_1/whep/{participant}/{stream}',
  iceServers: [{ urls: ['stun:stun.test'] }],
  videoCodec: 'VP8',
  videoBitrateBps: 1_500_000,
};
