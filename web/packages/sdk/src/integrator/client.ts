// The seeds' two calls of an integrator's page: log in, start the interview.
import type { ClientInterview, ClientLogin, ClientLoginResult } from '@telewitness/protocol';
import { Http } from '../http';
import { ProblemError } from '../problem';
import type { ExitResult } from './exit_result';
import type { HeadlessOptions } from './headless_interview';
import { HeadlessInterview } from './headless_interview';
import { checkInformation, type InterviewInformation } from './interview_information';
import { asUnsupported } from './unsupported';

export interface ClientOptions {
  /** Of the Telewitness server, "https://sign.bank.example". */
  server: string;
  /** What the integrator's own server got by `POST /login-tokens`; good once, for some minutes. */
  token: string;
  fetch?: typeof fetch;
  WebSocket?: typeof WebSocket;
}

/** An interview that was begun: where its customer enters. */
export interface StartedInterview {
  interviewId: string;
  /** For the browser, or for `<telewitness-customer>`. Holds a secret: it belongs to this customer. */
  link: string;
  /** Goes on in this page without a page of ours. */
  enter(options?: Pick<HeadlessOptions, 'takeOver' | 'environment' | 'stills'>): Promise<HeadlessInterview>;
}

/** `new TelewitnessClient({ server, token })`, then `login`, then `startInterview`. Failures are ProblemErrors. */
export class TelewitnessClient {
  readonly server: string;
  readonly #options: ClientOptions;
  readonly #http: Http;
  #login: ClientLogin | undefined;

  constructor(options: ClientOptions) {
    this.#options = options;
    this.server = originOf(options.server);
    this.#http = new Http({ baseUrl: `${this.server}/api/v1`, fetch: options.fetch, token: () => options.token });
  }

  /**
   * Checks that the token is for this company and business. Problems: `login_token.unknown`, `.expired`, `.used`, `.scope`, and
   * `origin.not_allowed` for a page that the company does not list.
   */
  async login(
    accountId: string,
    businessId: string,
    assistId: string,
    companyName: string,
  ): Promise<ClientLoginResult> {
    const login = { accountId, businessId, assistId, companyName };
    const result = await this.#http.post<ClientLoginResult>('/client/login', login, { repeatable: true });
    this.#login = login;
    return result;
  }

  /**
   * Begins the interview, which uses the token up. Throws UnsupportedError for what the server does not have (the token stays
   * good then), `field.invalid` for what is wrong, and what the server refuses. `onExit` is called once when an interview that
   * this page entered is over; `<telewitness-customer>` says the same by its event `ended`.
   */
  async startInterview(
    information: InterviewInformation,
    onExit?: (result: ExitResult) => void,
  ): Promise<StartedInterview> {
    const login = this.#login;
    if (!login) throw new ProblemError({ code: 'login.required', status: 401, detail: 'Call login first.' });
    const wanted = checkInformation(information);
    const started = await this.#http
      .post<ClientInterview>('/client/interviews', { ...login, ...wanted })
      .catch((error: unknown) => {
        throw asUnsupported(error);
      });
    const link = started.customerLink.url;
    return {
      interviewId: started.interviewId,
      link,
      enter: async (options = {}) => {
        const interview = await HeadlessInterview.enter(linkTokenOf(link), { ...this.#connection(), ...options });
        if (onExit) void interview.exited.then(onExit);
        return interview;
      },
    };
  }

  #connection() {
    return {
      baseUrl: `${this.server}/api/v1`,
      socketUrl: `${this.server.replace(/^http/, 'ws')}/api/v1/ws`,
      ...(this.#options.fetch ? { fetch: this.#options.fetch } : {}),
      ...(this.#options.WebSocket ? { WebSocket: this.#options.WebSocket } : {}),
    };
  }
}

/** The token of a customer's link. */
export function linkTokenOf(link: string): string {
  const token = new URLSearchParams(new URL(link).hash.slice(1)).get('t');
  if (!token) throw new ProblemError({ code: 'link.unknown', status: 404, detail: 'The link carries no token.' });
  return token;
}

/** The origin of a server's address. Throws a TypeError for what is no http(s) address. */
export function originOf(server: string): string {
  const url = new URL(server);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw new TypeError(`Not a web address: ${server}`);
  return url.origin;
}
