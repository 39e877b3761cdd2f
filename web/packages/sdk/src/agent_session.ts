// The agent's side: sign in, be present, be rung, talk, photograph, conclude. Also reads records.
import type {
  AgentInterview,
  DeskState,
  Interview,
  InterviewList,
  InterviewStatus,
  NewOutcome,
  NewPhoto,
  Orientation,
  OutcomeKind,
  Photo,
  PhotoList,
  Presence,
  QueueList,
  Recording,
  SignedIn,
  SignedInUser,
  SignIn,
  Ticket,
  Timeline,
} from '@telewitness/protocol';
import { AgentDay } from './agent_day';
import { Conversation } from './conversation';
import { Emitter } from './emitter';
import { EventSocket, kCloseNotSignedIn, type SocketStatus } from './event_socket';
import { Http } from './http';
import type { SessionOptions } from './link_session';
import { PlayerControl } from './player_control';
import { Supervision } from './supervision';

export interface AgentSessionEvents {
  desk: DeskState;
  interview: AgentInterview;
  connection: SocketStatus;
  notice: 'server.draining' | 'session.taken_over';
  /** The token is no longer good: sign in again. Told once. */
  signedOut: undefined;
}

export interface InterviewFilter {
  businessId?: string | undefined;
  queueId?: string | undefined;
  status?: InterviewStatus | undefined;
  outcome?: OutcomeKind | undefined;
  /** Part of the customer's nick name, or of a name of the agent who talked last. */
  person?: string | undefined;
  /** The receipt number, however it was typed. */
  receipt?: string | undefined;
  /** Created at this time or later, and before that one (RFC 3339). */
  from?: string | undefined;
  to?: string | undefined;
  /** Only interviews with a recording: all, on legal hold, to be deleted within seven days, deleted. */
  recording?: 'any' | 'held' | 'expiring' | 'deleted' | undefined;
  cursor?: string | undefined;
  limit?: number | undefined;
}

export type PhotoVariant = 'original' | 'watermarked';

export class AgentSession extends Emitter<AgentSessionEvents> {
  readonly token: string;
  readonly user: SignedInUser;
  /** When the token ends; unknown for a resumed session. */
  readonly expiresAt: string | undefined;
  /** Third parties, handing over, holding. */
  readonly conversation: Conversation;
  /** Notes, marks, outcomes for later, follow-ups. */
  readonly day: AgentDay;
  /** Films, prompts and spoken sentences for everybody. */
  readonly player: PlayerControl;
  /** For users who may supervise. */
  readonly supervision: Supervision;
  readonly #http: Http;
  readonly #socket: EventSocket;
  #signedOut = false;
  #desk: DeskState | undefined;
  #interview: AgentInterview | undefined;

  private constructor(signedIn: { token: string; user: SignedInUser; expiresAt?: string }, options: SessionOptions) {
    super();
    this.token = signedIn.token;
    this.user = signedIn.user;
    this.expiresAt = signedIn.expiresAt;
    const token = () => signedIn.token;
    this.#http = new Http({
      baseUrl: options.baseUrl,
      fetch: options.fetch,
      token,
      onUnauthorized: () => this.#noteSignedOut(),
    });
    this.#socket = new EventSocket({
      url: options.socketUrl,
      WebSocket: options.WebSocket,
      token,
      page: options.page,
    });
    this.conversation = new Conversation(this.#http, (state) => this.#takeInterview(state));
    this.day = new AgentDay(this.#http, (state) => this.#takeInterview(state));
    this.player = new PlayerControl(this.#http);
    this.supervision = new Supervision(this.#http, this.#socket);
    this.#socket.on('status', (status) => {
      this.emit('connection', status);
      if (status.state === 'closed' && status.code === kCloseNotSignedIn) this.#noteSignedOut();
    });
    this.#socket.on('message', (message) => {
      if (message.type === 'desk.state') this.#takeDesk(message.state);
      else if (message.type === 'interview.state') this.#takeInterview(message.state);
      else if (message.type === 'people') this.#takePeople(message.interviewId, message.people);
      else if (message.type === 'notice') this.emit('notice', message.code);
    });
  }

  /** 401 `sign_in.failed` without saying what was wrong; 429 `sign_in.limited` after several failures. */
  static async signIn(credentials: SignIn, options: SessionOptions = {}): Promise<AgentSession> {
    const http = new Http({ baseUrl: options.baseUrl, fetch: options.fetch });
    return new AgentSession(await http.post<SignedIn>('/auth/sign-in', credentials), options);
  }

  /** By a signed link from the integrator's system, usable once. `user.queueId` and `user.returnUrl` come from it. */
  static async signInByLink(linkToken: string, options: SessionOptions = {}): Promise<AgentSession> {
    const http = new Http({ baseUrl: options.baseUrl, fetch: options.fetch });
    return new AgentSession(await http.post<SignedIn>('/auth/link', { linkToken }), options);
  }

  /** Goes on with a token kept by the page; 401 when it is no longer good. */
  static async resume(token: string, options: SessionOptions = {}): Promise<AgentSession> {
    const http = new Http({ baseUrl: options.baseUrl, fetch: options.fetch, token: () => token });
    return new AgentSession({ token, user: await http.get<SignedInUser>('/auth/me') }, options);
  }

  /** For requests that have no method here, with this session's token (the administrator's pages). */
  get http(): Http {
    return this.#http;
  }
  /** For quality reports and for the call. */
  get events(): EventSocket {
    return this.#socket;
  }
  /** The newest desk heard of. */
  get desk(): DeskState | undefined {
    return this.#desk;
  }
  /** The newest state of the interview being talked in or wrapped up. */
  get interview(): AgentInterview | undefined {
    return this.#interview;
  }

  /** `takeOver`: instead of this person's other page, when one is at work. */
  connect(takeOver = false): void {
    this.#socket.connect(takeOver);
  }
  close(): void {
    this.#socket.close();
  }
  async signOut(): Promise<void> {
    this.#signedOut = true;
    this.#socket.close();
    await this.#http.post('/auth/sign-out', undefined, { repeatable: true });
  }

  async fetchDesk(): Promise<DeskState> {
    return this.#takeDesk(await this.#http.get<DeskState>('/agent/desk'));
  }
  async setPresence(presence: Presence): Promise<DeskState> {
    return this.#takeDesk(await this.#http.put<DeskState>('/agent/presence', { presence }));
  }
  async finishWrapUp(): Promise<DeskState> {
    return this.#takeDesk(await this.#http.post<DeskState>('/agent/wrap-up/finish', undefined, { repeatable: true }));
  }
  async decline(interviewId: string): Promise<DeskState> {
    return this.#takeDesk(await this.#http.post<DeskState>(`${mine(interviewId)}/decline`));
  }

  async fetchInterview(interviewId: string): Promise<AgentInterview> {
    return this.#takeInterview(await this.#http.get<AgentInterview>(mine(interviewId)));
  }
  /** Exactly one caller wins; the others get 409 `interview.already_answered`. */
  answer(interviewId: string): Promise<AgentInterview> {
    return this.#act(interviewId, 'answer');
  }
  /** A waiting customer, without a ring. */
  take(interviewId: string): Promise<AgentInterview> {
    return this.#act(interviewId, 'take');
  }
  /** Ends the talk; the outcome can still be given. */
  hangUp(interviewId: string): Promise<AgentInterview> {
    return this.#act(interviewId, 'hang-up');
  }
  /** Once only: 409 `outcome.already_given`. */
  conclude(interviewId: string, outcome: NewOutcome): Promise<AgentInterview> {
    return this.#act(interviewId, 'outcome', outcome);
  }

  /**
   * Pending at first; the interview's state tells when it is ready. By the customer's device with `source: 'local'`:
   * 409 `photo.already_asked`, `photo.no_camera`.
   */
  takePhoto(interviewId: string, wanted?: NewPhoto): Promise<Photo> {
    return this.#http.post<Photo>(`${mine(interviewId)}/photos`, wanted);
  }
  /** How the customer's page is to show the call. */
  async setOrientation(interviewId: string, orientation: Orientation): Promise<AgentInterview> {
    return this.#takeInterview(
      await this.#http.put<AgentInterview>(`${mine(interviewId)}/orientation`, { orientation }),
    );
  }
  deletePhoto(interviewId: string, photoId: string): Promise<void> {
    return this.#http.delete(`${mine(interviewId)}/photos/${encodeURIComponent(photoId)}`);
  }
  photoContent(interviewId: string, photoId: string, variant: PhotoVariant, signal?: AbortSignal): Promise<Blob> {
    return this.#http.blob(`${record(interviewId)}/photos/${encodeURIComponent(photoId)}/${variant}`, { signal });
  }

  async queues(): Promise<QueueList['items']> {
    return (await this.#http.get<QueueList>('/queues')).items;
  }
  listInterviews(filter: InterviewFilter = {}): Promise<InterviewList> {
    return this.#http.get<InterviewList>('/interviews', { query: { ...filter } });
  }
  getInterview(interviewId: string): Promise<Interview> {
    return this.#http.get<Interview>(record(interviewId));
  }
  async timeline(interviewId: string): Promise<Timeline['items']> {
    return (await this.#http.get<Timeline>(`${record(interviewId)}/timeline`)).items;
  }
  async photos(interviewId: string): Promise<PhotoList['items']> {
    return (await this.#http.get<PhotoList>(`${record(interviewId)}/photos`)).items;
  }
  recording(interviewId: string): Promise<Recording> {
    return this.#http.get<Recording>(`${record(interviewId)}/recording`);
  }
  /** What a video element carries in its address: `${file.url}?ticket=${ticket}`; see `withTicket`. */
  fileTicket(interviewId: string): Promise<Ticket> {
    return this.#http.post<Ticket>(`${record(interviewId)}/recording/tickets`, undefined, { repeatable: true });
  }

  async #act(interviewId: string, verb: string, body?: unknown): Promise<AgentInterview> {
    return this.#takeInterview(await this.#http.post<AgentInterview>(`${mine(interviewId)}/${verb}`, body));
  }

  /** An answer can be overtaken by the socket's news; the server's time orders them. */
  #takeDesk(state: DeskState): DeskState {
    if (this.#desk && Date.parse(state.serverTime) < Date.parse(this.#desk.serverTime)) return this.#desk;
    this.#desk = state;
    this.emit('desk', state);
    return state;
  }
  #takeInterview(state: AgentInterview): AgentInterview {
    const known = this.#interview;
    const same = known?.interview.id === state.interview.id;
    if (known && same && Date.parse(state.serverTime) < Date.parse(known.serverTime)) return known;
    this.#interview = state;
    this.emit('interview', state);
    return state;
  }

  #takePeople(interviewId: string, people: AgentInterview['people']): void {
    if (this.#interview?.interview.id !== interviewId) return;
    this.#interview = { ...this.#interview, people };
    this.emit('interview', this.#interview);
  }

  #noteSignedOut(): void {
    if (this.#signedOut) return;
    this.#signedOut = true;
    this.#socket.close();
    this.emit('signedOut', undefined);
  }
}

const mine = (interviewId: string) => `/agent/interviews/${encodeURIComponent(interviewId)}`;
const record = (interviewId: string) => `/interviews/${encodeURIComponent(interviewId)}`;

/** The address of a recorded file for an element that cannot set a header. */
export function withTicket(fileUrl: string, ticket: string, download = false): string {
  const join = fileUrl.includes('?') ? '&' : '?';
  return `${fileUrl}${join}ticket=${encodeURIComponent(ticket)}${download ? '&download=true' : ''}`;
}
