// An interview without a page of ours: the integrator's page draws everything, this says what there is to draw.
import type {
  ConsentText,
  CustomerState,
  MediaAccess,
  NewSatisfaction,
  PhotoRequest,
  PlaceReport,
} from '@telewitness/protocol';
import { Call, type CallState } from '../call';
import { CustomerSession } from '../customer_session';
import { Emitter } from '../emitter';
import type { SocketStatus } from '../event_socket';
import type { SessionOptions } from '../link_session';
import type { MediaEnvironment } from '../media_connection';
import { ProblemError } from '../problem';
import type { RemoteStream } from '../remote_streams';
import type { StillEnvironment } from '../still';
import { exitResultOf, type ExitResult } from './exit_result';
import { HeadlessPhotos } from './headless_photos';

export interface HeadlessEvents {
  /** Whole and newest; nothing to merge. */
  state: CustomerState;
  connection: SocketStatus;
  call: CallState;
  /** Everybody's pictures and sounds, whenever anything of them changes. */
  streams: readonly RemoteStream[];
  /** The agent asks this device for a photo: show the camera, then `photos.answer` or `photos.refuse`. Once for each. */
  photoRequested: PhotoRequest;
  /** It was answered, refused or withdrawn, or its time is over. */
  photoRequestOver: PhotoRequest;
  /** Once: nothing follows. */
  ended: ExitResult;
  /** Something failed that is tried again by itself, or that the page must say. */
  error: ProblemError;
}

export interface HeadlessOptions extends SessionOptions {
  takeOver?: boolean;
  environment?: MediaEnvironment;
  /** Default the browser's camera. */
  stills?: StillEnvironment;
}

/**
 * Steps: `consent`, `givePlace`, `useMedia`, `enterQueue`, then wait for `state` and `streams`. The call connects by itself from the
 * ring on; `photos` answers what the agent asks the camera for; `leave` leaves the queue or hangs up.
 */
export class HeadlessInterview extends Emitter<HeadlessEvents> {
  readonly session: CustomerSession;
  readonly photos: HeadlessPhotos;
  /** Resolves when the interview is over, however it ended. */
  readonly exited: Promise<ExitResult>;
  readonly #environment: MediaEnvironment | undefined;
  /** Of the server; empty on its own pages, where addresses may stay relative. */
  readonly #origin: string;
  #call: Call | undefined;
  #local: MediaStream | undefined;
  #photoRequest: PhotoRequest | undefined;
  #over = false;
  #exit: (result: ExitResult) => void = () => {};

  private constructor(session: CustomerSession, options: HeadlessOptions) {
    super();
    this.session = session;
    this.#environment = options.environment;
    this.photos = new HeadlessPhotos({
      own: session.photos,
      state: () => session.state,
      camera: () => this.#local?.getVideoTracks()[0],
      stills: options.stills,
    });
    this.#origin = options.baseUrl?.startsWith('http') ? new URL(options.baseUrl).origin : '';
    this.exited = new Promise((resolve) => (this.#exit = resolve));
    session.on('state', (state) => this.#onState(state));
    session.on('connection', (status) => this.#onConnection(status));
  }

  /** By the link's token, as in `#t=`; the problems of `CustomerSession.open`. */
  static async enter(linkToken: string, options: HeadlessOptions = {}): Promise<HeadlessInterview> {
    const session = await CustomerSession.open(linkToken, options);
    const interview = new HeadlessInterview(session, options);
    session.connect();
    interview.#onState(session.state);
    return interview;
  }

  get state(): CustomerState {
    return this.session.state;
  }
  get call(): Call | undefined {
    return this.#call;
  }

  /** Accepts or refuses the recording by the text that was shown; refusing ends the interview. */
  consent(accepted: boolean, text: ConsentText): Promise<CustomerState> {
    return this.session.consent(accepted, text);
  }

  givePlace(report: PlaceReport): Promise<CustomerState> {
    return this.session.givePlace(report);
  }

  /** Camera and microphone of the customer, now or changed later. The stream stays the page's to stop. */
  async useMedia(stream: MediaStream): Promise<void> {
    this.#local = stream;
    if (this.#call?.publisher()) await this.#call.replaceLocal(stream);
    else this.#call?.publish('camera', stream, this.#kinds());
  }

  enterQueue(): Promise<CustomerState> {
    return this.session.enterQueue();
  }

  async leave(): Promise<ExitResult> {
    this.#onState(await this.session.leave());
    return this.exited;
  }

  /** After the end, where the state asks for it; see `CustomerSession.giveSatisfaction`. */
  giveSatisfaction(satisfaction: NewSatisfaction): Promise<CustomerState> {
    return this.session.giveSatisfaction(satisfaction);
  }

  /** Lets go of everything without leaving: the customer can come back by the same link. */
  close(): void {
    this.#endCall();
    this.session.close();
    this.removeAllListeners();
  }

  #kinds() {
    return this.state.voiceOnly ? { kinds: ['audio'] as const } : {};
  }

  #onState(state: CustomerState): void {
    if (this.#over) return;
    this.emit('state', state);
    this.#followPhotoRequest(state);
    if (state.status === 'ended') return this.#end(state);
    if (!state.media) return this.#endCall();
    const media = atServer(state.media, this.#origin);
    if (this.#call) this.#call.update(media, state.people);
    else this.#beginCall(state, media);
  }

  /** By the state alone, which also says it after a reload and never twice. */
  #followPhotoRequest({ status, photoRequest }: CustomerState): void {
    const before = this.#photoRequest;
    const now = status === 'ended' ? undefined : photoRequest;
    if (before?.photoId === now?.photoId) return;
    this.#photoRequest = now;
    if (before) this.emit('photoRequestOver', before);
    if (now) this.emit('photoRequested', now);
  }

  #beginCall(state: CustomerState, media: MediaAccess): void {
    const call = new Call({
      media,
      local: this.#local,
      localKinds: this.#kinds().kinds,
      people: state.people,
      events: this.session.events,
      environment: this.#environment,
    });
    this.#call = call;
    call.on('state', (now) => this.emit('call', now));
    call.on('streams', (streams) => this.emit('streams', streams));
    call.on('problem', (problem) => this.emit('error', problem));
    call.on('accessRefused', () => void this.#refresh());
    call.start();
  }

  #endCall(): void {
    this.#call?.close();
    this.#call = undefined;
  }

  #onConnection(status: SocketStatus): void {
    this.emit('connection', status);
    if (status.state === 'closed' && !this.#over) void this.#refresh();
  }

  async #refresh(): Promise<void> {
    try {
      this.#onState(await this.session.refresh());
    } catch (error) {
      if (error instanceof ProblemError) this.emit('error', error);
      else throw error;
    }
  }

  #end(state: CustomerState): void {
    this.#over = true;
    this.#endCall();
    this.session.close();
    const result = exitResultOf(state);
    this.emit('ended', result);
    this.#exit(result);
  }
}

/** The server names media by path, which on a page of another origin would lead to that page's server. */
export function atServer(media: MediaAccess, origin: string): MediaAccess {
  const at = (path: string) => (path.startsWith('/') ? origin + path : path);
  return {
    ...media,
    publishUrl: at(media.publishUrl),
    watchUrl: at(media.watchUrl),
    ...(media.publish ? { publish: media.publish.map((each) => ({ ...each, url: at(each.url) })) } : {}),
    ...(media.watchTemplate ? { watchTemplate: at(media.watchTemplate) } : {}),
  };
}
