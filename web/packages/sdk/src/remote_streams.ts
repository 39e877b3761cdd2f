// The streams of the others in the room: one viewer each, made and closed as they come and go.
import type { MediaAccess } from '@telewitness/protocol';
import { Emitter } from './emitter';
import type { MediaConnectionState, MediaEnvironment } from './media_connection';
import type { ProblemError } from './problem';
import { keyOf, kMostViewers, watchUrlOf, type WatchTarget } from './watch_list';
import { WhepViewer } from './whep_viewer';

export interface RemoteStream {
  participant: string;
  /** `camera`, `screen`, `broadcast` or `whisper`. */
  name: string;
  /** Undefined until the first track is there; another object after a recovery that needed a new session. */
  stream: MediaStream | undefined;
  state: MediaConnectionState;
}

export interface RemoteStreamsEvents {
  /** The whole list, whenever anything of it changes. */
  streams: readonly RemoteStream[];
  problem: ProblemError;
}

export class RemoteStreams extends Emitter<RemoteStreamsEvents> {
  readonly #environment: MediaEnvironment | undefined;
  readonly #viewers = new Map<string, { target: WatchTarget; viewer: WhepViewer }>();
  #closed = false;

  constructor(environment?: MediaEnvironment) {
    super();
    this.#environment = environment;
  }

  /** In the order of the newest `update`. */
  get streams(): readonly RemoteStream[] {
    return [...this.#viewers.values()].map(({ target, viewer }) => ({
      participant: target.participant,
      name: target.stream,
      stream: viewer.stream,
      state: viewer.state,
    }));
  }

  viewer(target: WatchTarget): WhepViewer | undefined {
    return this.#viewers.get(keyOf(target))?.viewer;
  }

  /** Watches exactly these (the first `kMostViewers`); what is watched already goes on untouched. */
  update(access: MediaAccess, wanted: readonly WatchTarget[]): void {
    if (this.#closed) return;
    const list = wanted.slice(0, kMostViewers);
    const keys = new Set(list.map(keyOf));
    let changed = false;
    for (const [key, { viewer }] of this.#viewers) {
      if (keys.has(key)) continue;
      this.#viewers.delete(key);
      viewer.close();
      changed = true;
    }
    for (const target of list) {
      const mine = { ...access, watchUrl: watchUrlOf(access, target) };
      const known = this.#viewers.get(keyOf(target));
      if (known) known.viewer.update(mine);
      else this.#open(target, mine);
      changed ||= !known;
    }
    if (changed) this.#tell();
  }

  /** The server may have forgotten all of them. */
  async verify(): Promise<void> {
    await Promise.all([...this.#viewers.values()].map(({ viewer }) => viewer.verify()));
  }

  close(): void {
    this.#closed = true;
    for (const { viewer } of this.#viewers.values()) viewer.close();
    this.#viewers.clear();
  }

  #open(target: WatchTarget, access: MediaAccess): void {
    const viewer = new WhepViewer(access, this.#environment);
    this.#viewers.set(keyOf(target), { target, viewer });
    viewer.on('stream', () => this.#tell());
    viewer.on('state', () => this.#tell());
    viewer.on('problem', (problem) => this.emit('problem', problem));
    viewer.start();
  }

  #tell(): void {
    if (!this.#closed) this.emit('streams', this.streams);
  }
}
