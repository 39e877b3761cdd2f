// A call as a page sees it: the own streams out, the others' in, and one state for both and the events.
import type { MediaAccess, Person, PublishedStream } from '@telewitness/protocol';
import { Emitter } from './emitter';
import type { EventSocket, SocketStatus } from './event_socket';
import type { MediaEnvironment } from './media_connection';
import type { ProblemError } from './problem';
import { QualityMeter, type Quality } from './quality';
import { RemoteStreams, type RemoteStream } from './remote_streams';
import { publishUrlOf, targetOf, watchListOf } from './watch_list';
import type { WhepViewer } from './whep_viewer';
import { WhipPublisher, type PublisherOptions } from './whip_publisher';

/** How often the browser's own figures are sent. */
const kQualityEveryMs = 2_000;
/** A lost event socket alone is said only after this long: media goes on meanwhile, and it is usually back sooner. */
const kSocketGraceMs = 1_500;

export type CallState = 'connecting' | 'connected' | 'reconnecting' | 'ended';

export interface CallEvents {
  state: CallState;
  /** The other side's camera; a new stream after each recovery that needed a new session. */
  stream: MediaStream;
  /** Everything that is watched, whenever anything of it changes; the other side's camera is always there. */
  streams: readonly RemoteStream[];
  quality: Quality;
  /** A try failed; tried again by itself unless the state says otherwise. */
  problem: ProblemError;
  /** The token was refused: read the state again and give its media to `update`. */
  accessRefused: undefined;
}

export interface CallOptions {
  media: MediaAccess;
  /** Own camera and microphone; without it this side only watches until it publishes something. */
  local?: MediaStream | undefined;
  /** What the own camera stream carries; voice-only calls give `['audio']`. */
  localKinds?: PublisherOptions['kinds'];
  /** Who is in the room, as in the state. */
  people?: readonly Person[] | undefined;
  events: Pick<EventSocket, 'on' | 'send' | 'status'>;
  environment?: MediaEnvironment | undefined;
}

export class Call extends Emitter<CallEvents> {
  readonly #events: CallOptions['events'];
  readonly #environment: MediaEnvironment | undefined;
  readonly #publishers = new Map<PublishedStream, WhipPublisher>();
  readonly #remotes: RemoteStreams;
  readonly #meter = new QualityMeter();
  readonly #stopListening: (() => void)[];
  #media: MediaAccess;
  #people: readonly Person[] | undefined;
  #state: CallState = 'connecting';
  #stream: MediaStream | undefined;
  #started = false;
  #everConnected = false;
  #socketLost = false;
  /** Media sessions that are being asked for: a call that was lost is not back before they have answered. */
  #verifying = 0;
  #socketTimer: ReturnType<typeof setTimeout> | undefined;
  #qualityTimer: ReturnType<typeof setInterval> | undefined;

  constructor(options: CallOptions) {
    super();
    this.#events = options.events;
    this.#environment = options.environment;
    this.#media = options.media;
    this.#people = options.people;
    this.#remotes = new RemoteStreams(options.environment);
    this.#stopListening = [
      options.events.on('status', (status) => this.#onSocket(status)),
      this.#remotes.on('streams', (streams) => this.#onStreams(streams)),
      this.#remotes.on('problem', (problem) => this.#onProblem(problem)),
    ];
    if (options.local) this.publish('camera', options.local, { kinds: options.localKinds });
  }

  get state(): CallState {
    return this.#state;
  }
  /** The other side's camera. */
  get stream(): MediaStream | undefined {
    return this.#stream;
  }
  get streams(): readonly RemoteStream[] {
    return this.#remotes.streams;
  }
  /** The publisher of one own stream. */
  publisher(name: PublishedStream = 'camera'): WhipPublisher | undefined {
    return this.#publishers.get(name);
  }
  /** The viewer of one stream of the others; by default the other side's camera. */
  viewer(target = targetOf(this.#media.watchUrl)): WhepViewer | undefined {
    return this.#remotes.viewer(target);
  }

  start(): void {
    if (this.#started || this.#state === 'ended') return;
    this.#started = true;
    for (const publisher of this.#publishers.values()) publisher.start();
    this.#watch();
    this.#qualityTimer = setInterval(() => void this.#reportQuality(), kQualityEveryMs);
  }

  /** The newest access and people from the state; call it for every state that carries them. */
  update(media: MediaAccess, people: readonly Person[] | undefined = this.#people): void {
    this.#media = media;
    this.#people = people;
    for (const [name, publisher] of this.#publishers) {
      const access = this.#accessOf(name);
      if (access) publisher.update(access);
      else this.unpublish(name);
    }
    if (this.#started) this.#watch();
  }

  /** Publishes one more stream of this side, e.g. `screen`. False where the server allows none of that name now. */
  publish(name: PublishedStream, stream: MediaStream, options: PublisherOptions = {}): boolean {
    const access = this.#accessOf(name);
    if (!access || this.#state === 'ended') return false;
    this.unpublish(name);
    // A screen in a quarter of its size could not be read.
    const layers = { layers: name === 'camera' };
    const publisher = new WhipPublisher(access, stream, this.#environment, { ...layers, ...options });
    this.#publishers.set(name, publisher);
    publisher.on('state', () => this.#review());
    publisher.on('problem', (problem) => this.#onProblem(problem));
    if (this.#started) publisher.start();
    return true;
  }

  unpublish(name: PublishedStream): void {
    this.#publishers.get(name)?.close();
    this.#publishers.delete(name);
    this.#review();
  }

  /** Another camera or microphone, without a new session. */
  async replaceLocal(stream: MediaStream): Promise<void> {
    await this.#publishers.get('camera')?.replaceStream(stream);
  }

  close(): void {
    if (this.#state === 'ended') return;
    clearInterval(this.#qualityTimer);
    clearTimeout(this.#socketTimer);
    for (const stop of this.#stopListening) stop();
    this.#setState('ended');
    for (const publisher of this.#publishers.values()) publisher.close();
    this.#publishers.clear();
    this.#remotes.close();
  }

  #accessOf(name: PublishedStream): MediaAccess | undefined {
    const publishUrl = publishUrlOf(this.#media, name);
    return publishUrl === undefined ? undefined : { ...this.#media, publishUrl };
  }

  #watch(): void {
    if (this.#state !== 'ended') this.#remotes.update(this.#media, watchListOf(this.#media, this.#people));
  }

  #onStreams(streams: readonly RemoteStream[]): void {
    this.emit('streams', streams);
    const stream = this.viewer()?.stream;
    if (stream && stream !== this.#stream) {
      this.#stream = stream;
      this.emit('stream', stream);
    }
    this.#review();
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
      await Promise.all([
        ...[...this.#publishers.values()].map((publisher) => publisher.verify()),
        this.#remotes.verify(),
      ]);
    } finally {
      this.#verifying -= 1;
      this.#review();
    }
  }

  #onProblem(problem: ProblemError): void {
    this.emit('problem', problem);
    if (problem.status === 401 || problem.status === 403) this.emit('accessRefused', undefined);
  }

  /** Connected is: the own camera, where there is one, goes out and the other side's comes in. */
  #review(): void {
    if (this.#state === 'ended') return;
    if (this.#verifying > 0 && this.#state === 'reconnecting') return;
    const camera = this.#publishers.get('camera');
    const out = camera === undefined || camera.state === 'connected';
    const connected = out && this.viewer()?.state === 'connected' && !this.#socketLost;
    if (connected) this.#everConnected = true;
    this.#setState(connected ? 'connected' : this.#everConnected ? 'reconnecting' : 'connecting');
  }

  #setState(state: CallState): void {
    if (state === this.#state) return;
    this.#state = state;
    this.emit('state', state);
  }

  async #reportQuality(): Promise<void> {
    const camera = this.#publishers.get('camera');
    if (!camera?.peer || camera.state !== 'connected') return;
    const report = (await camera.peer.getStats()) as unknown as Map<string, unknown>;
    const now = performance.now();
    void camera.look(report, now);
    const quality = this.#meter.measure(report, now);
    if (!quality || this.#state === 'ended') return;
    this.emit('quality', quality);
    this.#events.send({ v: 1, type: 'quality', ...quality });
  }
}
