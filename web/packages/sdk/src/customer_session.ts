// The customer's side of an interview: open the link, give consent and place, wait, talk, leave.
import type { ConsentText, CustomerSessionOpened, CustomerState, PlaceReport } from '@telewitness/protocol';
import { Emitter } from './emitter';
import { EventSocket, type SocketStatus } from './event_socket';
import { Http } from './http';
import { ProblemError } from './problem';

export interface SessionOptions {
  /** Default `/api/v1` of this origin. */
  baseUrl?: string | undefined;
  /** Default `/api/v1/ws` of this origin. */
  socketUrl?: string | undefined;
  fetch?: typeof fetch | undefined;
  WebSocket?: typeof WebSocket | undefined;
}

export interface CustomerSessionEvents {
  /** Where the customer stands, newest first and whole. */
  state: CustomerState;
  /** Of the event socket. `closed` with 4401, 4409 or 4410 is final. */
  connection: SocketStatus;
  /** The server says that it will stop soon, or that another device took over. */
  notice: 'server.draining' | 'session.taken_over';
}

export class CustomerSession extends Emitter<CustomerSessionEvents> {
  readonly token: string;
  readonly #http: Http;
  readonly #socket: EventSocket;
  #state: CustomerState;

  private constructor(token: string, state: CustomerState, options: SessionOptions) {
    super();
    this.token = token;
    this.#state = state;
    this.#http = new Http({ baseUrl: options.baseUrl, fetch: options.fetch, token: () => token });
    this.#socket = new EventSocket({ url: options.socketUrl, WebSocket: options.WebSocket, token: () => token });
    this.#socket.on('status', (status) => this.emit('connection', status));
    this.#socket.on('message', (message) => {
      if (message.type === 'customer.state') this.#take(message.state);
      else if (message.type === 'people') this.#takePeople(message.interviewId, message.people);
      else if (message.type === 'notice') this.emit('notice', message.code);
    });
  }

  /**
   * Exchanges a link's token for a session of this device.
   * Problems: `link.unknown`, `link.expired`, `interview.ended`, `interview.not_allowed` (params.message says why), and
   * `customer.other_device`: repeat with `takeOver` after the customer confirmed.
   */
  static async open(
    linkToken: string,
    options: SessionOptions & { takeOver?: boolean } = {},
  ): Promise<CustomerSession> {
    const http = new Http({ baseUrl: options.baseUrl, fetch: options.fetch });
    const opened = await http.post<CustomerSessionOpened>('/customer/sessions', {
      linkToken,
      takeOver: options.takeOver ?? false,
    });
    return new CustomerSession(opened.token, opened.state, options);
  }

  /** Goes on with a session that this device had, for instance after a reload. 401 when it is over or was taken over. */
  static async resume(token: string, options: SessionOptions = {}): Promise<CustomerSession> {
    const http = new Http({ baseUrl: options.baseUrl, fetch: options.fetch, token: () => token });
    return new CustomerSession(token, await http.get<CustomerState>('/customer/state'), options);
  }

  get state(): CustomerState {
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

  async refresh(): Promise<CustomerState> {
    return this.#take(await this.#http.get<CustomerState>('/customer/state'));
  }

  /** Accepts or refuses the recording by the text that was shown. Refusing ends the interview. */
  consent(accepted: boolean, text: ConsentText): Promise<CustomerState> {
    return this.#act('/customer/consent', {
      accepted,
      textVersion: text.version,
      textSha256: text.sha256,
      language: text.language === 'en' ? 'en' : 'zh-CN',
    });
  }

  /** Where the customer is, or that they refuse; 422 `place.required` where the tenant insists. */
  givePlace(report: PlaceReport): Promise<CustomerState> {
    return this.#act('/customer/place', report);
  }

  enterQueue(): Promise<CustomerState> {
    return this.#act('/customer/queue');
  }

  /** Leaves the queue, or hangs up. */
  leave(): Promise<CustomerState> {
    return this.#act('/customer/leave');
  }

  /** All of these may be repeated: the server answers a repetition with the state as it is. */
  async #act(path: string, body?: unknown): Promise<CustomerState> {
    return this.#take(await this.#http.post<CustomerState>(path, body, { repeatable: true }));
  }

  #takePeople(interviewId: string, people: CustomerState['people']): void {
    if (interviewId !== this.#state.interviewId) return;
    this.#state = { ...this.#state, people };
    this.emit('state', this.#state);
  }

  #take(state: CustomerState): CustomerState {
    // An answer can be overtaken by the socket's news; the server's time orders them.
    if (Date.parse(state.serverTime) < Date.parse(this.#state.serverTime)) return this.#state;
    this.#state = state;
    this.emit('state', state);
    return state;
  }
}

/** Whether opening again with `takeOver` is what the server waits for. */
export function isOtherDevice(error: unknown): boolean {
  return error instanceof ProblemError && error.code === 'customer.other_device';
}
