// What sessions have in common that a link opens (the customer's, a third party's): one token, one socket, one state.
import type { ConsentText, CustomerState, GuestState, PhotoRequest, ServerMessage } from '@telewitness/protocol';
import { Emitter } from './emitter';
import { EventSocket, type SocketStatus } from './event_socket';
import { Http } from './http';

export interface SessionOptions {
  /** Default `/api/v1` of this origin. */
  baseUrl?: string | undefined;
  /** Default `/api/v1/ws` of this origin. */
  socketUrl?: string | undefined;
  /** Of agents: which page this is. With it, a page asks before it takes the place of another. */
  page?: string | undefined;
  fetch?: typeof fetch | undefined;
  WebSocket?: typeof WebSocket | undefined;
}

export interface LinkSessionEvents<State> {
  /** Where the person stands, newest first and whole. */
  state: State;
  /** Of the event socket. `closed` with 4401, 4409 or 4410 is final. */
  connection: SocketStatus;
  /** The server says that it will stop soon, or that another device took over. */
  notice: 'server.draining' | 'session.taken_over';
  /** Customers only: the agent asks this device for a photo. `state.photoRequest` says the same for as long as it holds. */
  photoRequested: PhotoRequest;
}

export abstract class LinkSession<State extends CustomerState | GuestState> extends Emitter<LinkSessionEvents<State>> {
  readonly token: string;
  readonly #path: string;
  readonly #http: Http;
  readonly #socket: EventSocket;
  #state: State;

  /** `path` is where the person's requests go; `stateOf` finds the person's state in a message. */
  protected constructor(
    token: string,
    state: State,
    options: SessionOptions,
    person: { path: string; stateOf(message: ServerMessage): State | undefined },
  ) {
    super();
    this.token = token;
    this.#state = state;
    this.#path = person.path;
    this.#http = new Http({ baseUrl: options.baseUrl, fetch: options.fetch, token: () => token });
    this.#socket = new EventSocket({ url: options.socketUrl, WebSocket: options.WebSocket, token: () => token });
    this.#socket.on('status', (status) => this.emit('connection', status));
    this.#socket.on('message', (message) => {
      const news = person.stateOf(message);
      if (news) this.#take(news);
      else if (message.type === 'people') this.#takePeople(message.interviewId, message.people);
      else if (message.type === 'notice') this.emit('notice', message.code);
      else if (message.type === 'photo.requested') {
        const { photoId, category, until } = message;
        this.emit('photoRequested', { photoId, category, until });
      }
    });
  }

  /** For the requests of one kind of person. */
  protected get http(): Http {
    return this.#http;
  }

  get state(): State {
    return this.#state;
  }

  /** For quality reports and for the call, which watches the connection. */
  get events(): EventSocket {
    return this.#socket;
  }

  /** Hears news from now on. */
  connect(): void {
    this.#socket.connect();
  }

  /** Stops listening; the interview goes on at the server until it notices the absence. */
  close(): void {
    this.#socket.close();
  }

  async refresh(): Promise<State> {
    return this.#take(await this.#http.get<State>(`${this.#path}/state`));
  }

  /** Accepts or refuses the recording by the text that was shown. Refusing ends the customer's interview; a third party leaves by it. */
  consent(accepted: boolean, text: ConsentText): Promise<State> {
    return this.act('consent', {
      accepted,
      textVersion: text.version,
      textSha256: text.sha256,
      language: text.language === 'en' ? 'en' : 'zh-CN',
    });
  }

  /** The customer leaves the queue, or hangs up; a third party's link stays good until it expires. */
  leave(): Promise<State> {
    return this.act('leave');
  }

  /** Most of these may be repeated: the server answers a repetition with the state as it is. */
  protected async act(step: string, body?: unknown, repeatable = true): Promise<State> {
    return this.#take(await this.#http.post<State>(`${this.#path}/${step}`, body, { repeatable }));
  }

  #takePeople(interviewId: string, people: CustomerState['people']): void {
    if (interviewId !== this.#state.interviewId) return;
    this.#state = { ...this.#state, people };
    this.emit('state', this.#state);
  }

  #take(state: State): State {
    // An answer can be overtaken by the socket's news; the server's time orders them.
    if (Date.parse(state.serverTime) < Date.parse(this.#state.serverTime)) return this.#state;
    this.#state = state;
    this.emit('state', state);
    return state;
  }
}
