// A call as a page sees it: the own stream out, the other side's in, and one state for both and the events.
import type { MediaAccess } from '@telewitness/protocol';
import { Emitter } from './emitter';
import type { EventSocket, SocketStatus } from './event_socket';
import type { MediaEnvironment } from './media_connection';
import type { ProblemError } from './problem';
import { QualityMeter, type Quality } from './quality';
import { WhepViewer } from './whep_viewer';
import { WhipPublisher } from './whip_publisher';

/** How often the browser's own figures are sent. */
const kQualityEveryMs = 2_000;
/** A lost event socket alone is said only after this long: media goes on meanwhile, and it is usually back sooner. */
const kSocketGraceMs = 1_500;

export type CallState = 'connecting' | 'connected' | 'reconnecting' | 'ended';

export interface CallEvents {
  state: CallState;
  /** The other side's picture and sound; a new stream after each recovery that needed a new session. */
  stream: MediaStream;
  quality: Quality;
  /** A try failed; tried again by itself unless the state says otherwise. */
  problem: ProblemError;
  /** The token was refused: read the state again and give its media to `update`. */
  accessRefused: undefined;
}

export interface CallOptions {
  media: MediaAccess;
  /** Own camera and microphone. */
  local: MediaStream;
  events: Pick<EventSocket, 'on' | 'send' | 'status'>;
  environment?: MediaEnvironment | undefined;
}

export class Call extends Emitter<CallEvents> {
  readonly publisher: WhipPublisher;
  readonly viewer: WhepViewer;
  readonly #events: CallOptions['events'];
  readonly #meter = new QualityMeter();
  readonly #stopListening: (() => void)[];
  #state: CallState = 'connecting';
  #everConnected = false;
  #socketLost = false;
  /** Media sessions that are being asked for: a call that was lost is not back before they have answered. */
  #verifying = 0;
  #socketTimer: ReturnType<typeof setTimeout> | undefined;
  #qualityTimer: ReturnType<typeof setInterval> | undefined;

  constructor(options: CallOptions) {
    super();
    this.#events = options.events;
    this.publisher = new WhipPublisher(options.media, options.local, options.environment);
    this.viewer = new WhepViewer(options.media, options.environment);
    this.#stopListening = [
      options.events.on('status', (status) => this.#onSocket(status)),
      this.viewer.on('stream', (stream) => this.emit('stream', stream)),
      ...[this.publisher, this.viewer].flatMap((connection) => [
        connection.on('state', () => this.#review()),
        connection.on('problem', (problem) => this.#onProblem(problem)),
      ]),
    ];
  }

  get state(): CallState {
    return this.#state;
  }
  get stream(): MediaStream | undefined {
    return this.viewer.stream;
  }

  start(): void {
    this.publisher.start();
    this.viewer.start();
    this.#qualityTimer = setInterval(() => void this.#reportQuality(), kQualityEveryMs);
  }

  /** The newest access from the state; call it for every state that carries one. */
  update(media: MediaAccess): void {
    this.publisher.update(media);
    this.viewer.update(media);
  }

  /** Another camera or microphone. */
  replaceLocal(stream: MediaStream): Promise<void> {
    return this.publisher.replaceStream(stream);
  }

  close(): void {
    if (this.#state === 'ended') return;
    clearInterval(this.#qualityTimer);
    clearTimeout(this.#socketTimer);
    for (const stop of this.#stopListening) stop();
    this.publisher.close();
    this.viewer.close();
    this.#setState('ended');
  }

  #onSocket(status: SocketStatus): void {
    clearTimeout(this.#socketTimer);
    if (status.state === 'connected') {
      this.#socketLost = false;
      // A server that does not remember what was seen has restarted: it may not know the media sessions either.
      if (status.resumed === false) void this.#verify();
    } else if (status.state === 'reconnecting') {
      this.#socketTimer = setTimeout(() => {
        this.#socketLost = true;
        this.#review();
      }, kSocketGraceMs);
    }
    this.#review();
  }

  async #verify(): Promise<void> {
    this.#verifying += 1;
    try {
      await Promise.all([this.publisher.verify(), this.viewer.verify()]);
    } finally {
      this.#verifying -= 1;
      this.#review();
    }
  }

  #onProblem(problem: ProblemError): void {
    this.emit('problem', problem);
    if (problem.status === 401 || problem.status === 403) this.emit('accessRefused', undefined);
  }

  #review(): void {
    if (this.#state === 'ended') return;
    if (this.#verifying > 0 && this.#state === 'reconnecting') return;
    const connected = this.publisher.state === 'connected' && this.viewer.state === 'connected' && !this.#socketLost;
    if (connected) this.#everConnected = true;
    this.#setState(connected ? 'connected' : this.#everConnected ? 'reconnecting' : 'connecting');
  }

  #setState(state: CallState): void {
    if (state === this.#state) return;
    this.#state = state;
    this.emit('state', state);
  }

  async #reportQuality(): Promise<void> {
    const peer = this.publisher.peer;
    if (!peer || this.publisher.state !== 'connected') return;
    const report = await peer.getStats();
    const quality = this.#meter.measure(report as unknown as Map<string, unknown>, performance.now());
    if (!quality || this.#state === 'ended') return;
    this.emit('quality', quality);
    this.#events.send({ v: 1, type: 'quality', ...quality });
  }
}
