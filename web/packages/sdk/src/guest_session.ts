// A third party's side: open the invitation, agree to be recorded, talk, leave.
import type { ConsentText, GuestSessionOpened, GuestState } from '@telewitness/protocol';
import type { SessionOptions } from './customer_session';
import { Emitter } from './emitter';
import { EventSocket, type SocketStatus } from './event_socket';
import { Http } from './http';
import { ProblemError } from './problem';

export interface GuestSessionEvents {
  /** Where the guest stands, newest first and whole. */
  state: GuestState;
  /** `closed` with 4401, 4409 or 4410 (the interview is over, or the guest was removed) is final. */
  connection: SocketStatus;
  notice: 'server.draining' | 'session.taken_over';
}

export interface OpenGuestOptions extends SessionOptions {
  takeOver?: boolean | undefined;
  /** Token of a signed-in user of the tenant, where the invitation asks for one. */
  userToken?: string | undefined;
}

export class GuestSession extends Emitter<GuestSessionEvents> {
  readonly token: string;
  readonly #http: Http;
  readonly #socket: EventSocket;
  #state: GuestState;

  private constructor(token: string, state: GuestState, options: SessionOptions) {
    super();
    this.token = token;
    this.#state = state;
    this.#http = new Http({ baseUrl: options.baseUrl, fetch: options.fetch, token: () => token });
    this.#socket = new EventSocket({ url: options.socketUrl, WebSocket: options.WebSocket, token: () => token });
    this.#socket.on('status', (status) => this.emit('connection', status));
    this.#socket.on('message', (message) => {
      if (message.type === 'guest.state') this.#take(message.state);
      else if (message.type === 'people') this.#takePeople(message.interviewId, message.people);
      else if (message.type === 'notice') this.emit('notice', message.code);
    });
  }

  /**
   * Exchanges an invitation's token for a session of this device. Problems: `link.unknown`, `link.expired`, `guest.removed`,
   * `interview.ended`, `guest.room_full`; `guest.sign_in_required`: repeat with `userToken`; `guest.other_device`: repeat with `takeOver`.
   */
  static async open(linkToken: string, options: OpenGuestOptions = {}): Promise<GuestSession> {
    const http = new Http({ baseUrl: options.baseUrl, fetch: options.fetch, token: () => options.userToken });
    const body = { token: linkToken, takeOver: options.takeOver ?? false };
    const opened = await http.post<GuestSessionOpened>('/guest/sessions', body);
    return new GuestSession(opened.token, opened.state, options);
  }

  /** Goes on with a session that this device had. 401 when it is over or was taken over. */
  static async resume(token: string, options: SessionOptions = {}): Promise<GuestSession> {
    const http = new Http({ baseUrl: options.baseUrl, fetch: options.fetch, token: () => token });
    return new GuestSession(token, await http.get<GuestState>('/guest/state'), options);
  }

  get state(): GuestState {
    return this.#state;
  }
  /** For quality reports and for the call, which watches the connection. */
  get events(): EventSocket {
    return this.#socket;
  }

  connect(): void {
    this.#socket.connect();
  }
  close(): void {
    this.#socket.close();
  }

  async refresh(): Promise<GuestState> {
    return this.#take(await this.#http.get<GuestState>('/guest/state'));
  }

  /** Refusing is leaving. */
  async consent(accepted: boolean, text: ConsentText): Promise<GuestState> {
    const body = {
      accepted,
      textVersion: text.version,
      textSha256: text.sha256,
      language: text.language === 'en' ? 'en' : 'zh-CN',
    };
    return this.#take(await this.#http.post<GuestState>('/guest/consent', body, { repeatable: true }));
  }

  /** The link stays good until it expires. */
  async leave(): Promise<GuestState> {
    return this.#take(await this.#http.post<GuestState>('/guest/leave', undefined, { repeatable: true }));
  }

  #takePeople(interviewId: string, people: GuestState['people']): void {
    if (interviewId !== this.#state.interviewId) return;
    this.#state = { ...this.#state, people };
    this.emit('state', this.#state);
  }

  #take(state: GuestState): GuestState {
    if (Date.parse(state.serverTime) < Date.parse(this.#state.serverTime)) return this.#state;
    this.#state = state;
    this.emit('state', state);
    return state;
  }
}

/** Whether opening again with a signed-in user's token is what the server waits for. */
export function isSignInRequired(error: unknown): boolean {
  return error instanceof ProblemError && error.code === 'guest.sign_in_required';
}
/** Whether opening again with `takeOver` is what the server waits for. */
export function isOtherGuestDevice(error: unknown): boolean {
  return error instanceof ProblemError && error.code === 'guest.other_device';
}
