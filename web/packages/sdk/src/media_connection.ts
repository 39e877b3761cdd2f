// A peer connection that heals itself: ICE restart when the path is lost, a fresh session when the server no longer knows it.
import type { MediaAccess } from '@telewitness/protocol';
import { Backoff, delay, kQuickReturn } from './backoff';
import { Emitter } from './emitter';
import { applyRestart, restartFragment, withoutDtx } from './ice_fragment';
import { MediaResource } from './media_resource';
import { pageNetwork, type NetworkWatch } from './network_watch';
import { ProblemError } from './problem';

/** Waits of an absence that lasts; the first are shorter, so that a server that was killed has its media back within 5 s. */
const kFirstRetryMs = 250;
const kMostRetryMs = 2_000;
/** From the offer, or from an ICE restart, to a working path; then a fresh session is tried. */
const kConnectTimeoutMs = 8_000;
/** Answers that the same request will get again: the offer or the token is wrong. */
const kRefused = new Set([400, 401, 403, 406, 415, 422]);
/** They are asked again all the same, but seldom: a server may be set right while the page stays. */
const kRefusedRetryMs = 5_000;

/**
 * - `connecting`: never been connected yet;
 * - `recovering`: was connected and works on being so again;
 * - `refused`: the server said no in a way that repeating does not change; a new access starts again.
 */
export type MediaConnectionState = 'idle' | 'connecting' | 'connected' | 'recovering' | 'refused' | 'closed';

export interface MediaConnectionEvents {
  state: MediaConnectionState;
  /** Why the last try failed. */
  problem: ProblemError;
  /** Of a viewer: what to show; a new one for each session. */
  stream: MediaStream;
}

/** What of the browser is used, so that tests can give their own. */
export interface MediaEnvironment {
  RTCPeerConnection: typeof RTCPeerConnection;
  fetch: typeof fetch;
  random?: (() => number) | undefined;
  /** Default the page's. */
  network?: Pick<NetworkWatch, 'watch'> | undefined;
}

export function browserMedia(): MediaEnvironment {
  return { RTCPeerConnection: globalThis.RTCPeerConnection, fetch: (input, init) => fetch(input, init) };
}

export abstract class MediaConnection extends Emitter<MediaConnectionEvents> {
  readonly #environment: MediaEnvironment;
  readonly #backoff: Backoff;
  #access: MediaAccess;
  #state: MediaConnectionState = 'idle';
  #peer: RTCPeerConnection | undefined;
  #resource: MediaResource | undefined;
  /** Aborted when the session it belongs to is given up. */
  #life = new AbortController();
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** The ICE restart under way: aborted by a newer one, and with the session. */
  #restart: AbortController | undefined;
  #stopNetwork: (() => void) | undefined;
  #everConnected = false;

  constructor(access: MediaAccess, environment: MediaEnvironment = browserMedia()) {
    super();
    this.#access = access;
    this.#environment = environment;
    this.#backoff = this.#newBackoff();
  }

  #newBackoff(): Backoff {
    const { random } = this.#environment;
    return new Backoff({ firstMs: kFirstRetryMs, mostMs: kMostRetryMs, quick: kQuickReturn, random });
  }

  /** The WHIP or WHEP endpoint. */
  protected abstract endpoint(access: MediaAccess): string;
  /** Adds transceivers to a fresh peer connection, before the offer. */
  protected abstract prepare(peer: RTCPeerConnection, access: MediaAccess): Promise<void> | void;
  /** After the answer was taken. */
  protected abstract established(peer: RTCPeerConnection): Promise<void> | void;

  get state(): MediaConnectionState {
    return this.#state;
  }
  /** The peer connection of now; replaced when the session is. */
  get peer(): RTCPeerConnection | undefined {
    return this.#peer;
  }
  protected get access(): MediaAccess {
    return this.#access;
  }

  start(): void {
    if (this.#state !== 'idle') return;
    globalThis.addEventListener?.('pagehide', this.#onPageHide);
    this.#stopNetwork = (this.#environment.network ?? pageNetwork()).watch(() => this.#onNetworkChange());
    this.#open();
  }

  /** A renewed token, or other endpoints; a connection that works is kept. */
  update(access: MediaAccess): void {
    const moved = this.endpoint(access) !== this.endpoint(this.#access);
    const renewed = access.token !== this.#access.token;
    this.#access = access;
    if (this.#state === 'idle' || this.#state === 'closed') return;
    if (moved || (renewed && this.#state === 'refused')) this.#open();
  }

  /**
   * The server may have forgotten this session (it restarted): asks it, by an ICE restart, and makes a new one if so.
   * Resolves when it has answered, whatever it said.
   */
  async verify(): Promise<void> {
    if (this.#state === 'connected' || this.#state === 'recovering') await this.#restartIce();
  }

  /** Ends the session at the server too. */
  close(): void {
    if (this.#state === 'closed') return;
    globalThis.removeEventListener?.('pagehide', this.#onPageHide);
    this.#stopNetwork?.();
    this.#giveUp();
    this.#setState('closed');
  }

  readonly #onPageHide = (event: Event): void => {
    // A page kept for going back is frozen with its connections closed as well; it starts again when shown.
    this.#giveUp();
    if ((event as PageTransitionEvent).persisted) {
      globalThis.addEventListener?.('pageshow', () => this.#state !== 'closed' && this.#open(), { once: true });
    }
  };

  /** The path of before is gone, whether ICE has noticed or not: no reason to wait for its time-outs. */
  #onNetworkChange(): void {
    if (this.#state === 'idle' || this.#state === 'closed' || this.#state === 'refused') return;
    this.#backoff.reset();
    if (!this.#resource) return this.#open();
    this.#restart?.abort();
    this.#restart = undefined;
    void this.#restartIce();
  }

  #open(): void {
    this.#giveUp();
    this.#setState(this.#everConnected ? 'recovering' : 'connecting');
    void this.#negotiate(this.#life.signal);
  }

  async #negotiate(signal: AbortSignal): Promise<void> {
    const access = this.#access;
    const peer = new this.#environment.RTCPeerConnection({
      iceServers: access.iceServers.map((server) => ({ ...server })),
      bundlePolicy: 'max-bundle',
      rtcpMuxPolicy: 'require',
    });
    this.#peer = peer;
    peer.onconnectionstatechange = () => this.#onPeerState(peer);
    this.#expectConnection(peer);
    try {
      await this.prepare(peer, access);
      await peer.setLocalDescription();
      const request = {
        endpoint: this.endpoint(access),
        token: () => this.#access.token,
        fetch: this.#environment.fetch,
      };
      const resource = await MediaResource.create(request, peer.localDescription?.sdp ?? '', signal);
      if (signal.aborted) return resource.close();
      this.#resource = resource;
      await peer.setRemoteDescription({ type: 'answer', sdp: withoutDtx(resource.answerSdp) });
      await this.established(peer);
    } catch (error) {
      if (!signal.aborted) this.#failed(error);
    }
  }

  #onPeerState(peer: RTCPeerConnection): void {
    if (peer !== this.#peer) return;
    if (peer.connectionState === 'connected') {
      clearTimeout(this.#timer);
      this.#everConnected = true;
      this.#backoff.reset();
      this.#setState('connected');
    } else if (peer.connectionState === 'disconnected') {
      this.#setState('recovering');
      void this.#restartIce();
    } else if (peer.connectionState === 'failed') {
      this.#retry();
    }
  }

  /** One at a time; asked again while the network does not carry the request. */
  async #restartIce(): Promise<void> {
    const peer = this.#peer;
    const resource = this.#resource;
    if (!peer || !resource || this.#restart) return;
    const mine = (this.#restart = new AbortController());
    const life = this.#life.signal;
    const abort = () => mine.abort();
    life.addEventListener('abort', abort, { once: true });
    this.#expectConnection(peer);
    try {
      peer.restartIce();
      await peer.setLocalDescription();
      const fragment = await this.#askRestart(resource, restartFragment(peer.localDescription?.sdp ?? ''), mine.signal);
      if (mine.signal.aborted) return;
      const sdp = applyRestart(peer.remoteDescription?.sdp ?? resource.answerSdp, fragment);
      await peer.setRemoteDescription({ type: 'answer', sdp });
      // A path that never broke reports no change of state.
      if (peer.connectionState === 'connected') this.#onPeerState(peer);
    } catch (error) {
      if (mine.signal.aborted) return;
      // The server does not know the session any more: it started anew, and is there for another one.
      if (error instanceof ProblemError && error.status === 404) this.#open();
      else this.#failed(error);
    } finally {
      life.removeEventListener('abort', abort);
      if (this.#restart === mine) this.#restart = undefined;
    }
  }

  /** A network that is just changing refuses requests for a moment; `#expectConnection` bounds the tries. */
  async #askRestart(resource: MediaResource, fragment: string, signal: AbortSignal): Promise<string> {
    const backoff = this.#newBackoff();
    for (;;) {
      try {
        return await resource.restart(fragment, signal);
      } catch (error) {
        if (signal.aborted || !(error instanceof ProblemError) || error.status !== 0) throw error;
        this.emit('problem', error);
        await delay(backoff.nextMs(), signal);
      }
    }
  }

  /** Without a working path in time, a fresh session is tried. */
  #expectConnection(peer: RTCPeerConnection): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => peer === this.#peer && this.#retry(), kConnectTimeoutMs);
  }

  #failed(error: unknown): void {
    const problem =
      error instanceof ProblemError
        ? error
        : new ProblemError({ code: 'media.failed', status: 0, detail: String(error) });
    this.emit('problem', problem);
    if (kRefused.has(problem.status)) {
      this.#giveUp();
      this.#setState('refused');
      this.#timer = setTimeout(() => this.#open(), kRefusedRetryMs);
      return;
    }
    this.#retry(problem.retryAfterMs);
  }

  #retry(atLeastMs = 0): void {
    if (this.#state === 'closed') return;
    this.#giveUp();
    this.#setState(this.#everConnected ? 'recovering' : 'connecting');
    const wait = Math.max(this.#backoff.nextMs(), Math.min(atLeastMs, kMostRetryMs));
    this.#timer = setTimeout(() => this.#open(), wait);
  }

  /** Ends what there is; what still runs for it sees its signal. */
  #giveUp(): void {
    clearTimeout(this.#timer);
    this.#life.abort();
    this.#life = new AbortController();
    this.#restart = undefined;
    this.#resource?.close();
    this.#resource = undefined;
    if (this.#peer) {
      this.#peer.onconnectionstatechange = null;
      this.#peer.ontrack = null;
      this.#peer.close();
      this.#peer = undefined;
    }
  }

  #setState(state: MediaConnectionState): void {
    if (state === this.#state) return;
    this.#state = state;
    this.emit('state', state);
  }
}

/** The room's codec with its retransmission, and nothing else; the browser's own list when it has no such codec. */
export function onlyCodec(kind: 'RTCRtpSender' | 'RTCRtpReceiver', codec: MediaAccess['videoCodec']): RTCRtpCodec[] {
  const codecs = globalThis[kind]?.getCapabilities?.('video')?.codecs ?? [];
  const wanted = codecs.filter((candidate) => candidate.mimeType.toLowerCase() === `video/${codec.toLowerCase()}`);
  return wanted.length === 0
    ? []
    : [...wanted, ...codecs.filter((candidate) => candidate.mimeType.toLowerCase() === 'video/rtx')];
}

export function preferCodec(
  transceiver: RTCRtpTransceiver,
  kind: 'RTCRtpSender' | 'RTCRtpReceiver',
  codec: MediaAccess['videoCodec'],
): void {
  const codecs = onlyCodec(kind, codec);
  if (codecs.length === 0) return;
  try {
    transceiver.setCodecPreferences(codecs);
  } catch {
    // An older browser that lists codecs it then refuses: the answer chooses.
  }
}
