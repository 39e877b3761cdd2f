// A supervisor's side: the conversations that run now, and one of them to listen to, whisper in or join.
import type { LiveInterview, LiveInterviewList, SupervisionMode, SupervisorState } from '@telewitness/protocol';
import { Emitter } from './emitter';
import type { EventSocket } from './event_socket';
import type { Http } from './http';

export interface SupervisionEvents {
  /** All conversations of the tenant that run now, while `watchCalls(true)`. */
  calls: LiveInterview[];
  /** The newest state of the conversation the supervisor is in. */
  state: SupervisorState;
  /** It is over: left, ended, or taken over by another page. */
  ended: { sessionId: string };
}

export class Supervision extends Emitter<SupervisionEvents> {
  readonly #http: Http;
  readonly #events: EventSocket;
  #watching = false;
  #state: SupervisorState | undefined;

  constructor(http: Http, events: EventSocket) {
    super();
    this.#http = http;
    this.#events = events;
    events.on('status', ({ state }) => {
      // A new socket knows nothing of what the old one was asked.
      if (state === 'connected' && this.#watching) this.#sayWatching();
    });
    events.on('message', (message) => {
      if (message.type === 'calls.state') this.emit('calls', message.items);
      else if (message.type === 'supervisor.state') this.#take(message.state);
      else if (message.type === 'supervisor.ended') this.#end(message.sessionId);
      else if (message.type === 'people') this.#takePeople(message.interviewId, message.people);
    });
  }

  /** Undefined while in no conversation. */
  get state(): SupervisorState | undefined {
    return this.#state;
  }

  /** Hears of all conversations from now on, or no longer. */
  watchCalls(on: boolean): void {
    this.#watching = on;
    this.#sayWatching();
  }

  /** 403 `auth.wrong_role` for who may not supervise. */
  async calls(): Promise<LiveInterview[]> {
    return (await this.#http.get<LiveInterviewList>('/supervisor/interviews')).items;
  }

  /** A supervisor is in one conversation at a time: beginning another ends the one before. */
  async begin(interviewId: string, mode: SupervisionMode): Promise<SupervisorState> {
    const path = `/supervisor/interviews/${encodeURIComponent(interviewId)}/sessions`;
    const idempotencyKey = globalThis.crypto.randomUUID();
    return this.#take(await this.#http.post<SupervisorState>(path, { mode }, { idempotencyKey }));
  }
  async refresh(): Promise<void> {
    if (this.#state) this.#take(await this.#http.get<SupervisorState>(pathOf(this.#state.sessionId)));
  }
  async change(mode: SupervisionMode): Promise<void> {
    if (this.#state) this.#take(await this.#http.patch<SupervisorState>(pathOf(this.#state.sessionId), { mode }));
  }
  async leave(): Promise<void> {
    const state = this.#state;
    if (!state) return;
    await this.#http.delete(pathOf(state.sessionId));
    this.#end(state.sessionId);
  }

  #sayWatching(): void {
    this.#events.send({ v: 1, type: 'watch_calls', on: this.#watching });
  }

  #take(state: SupervisorState): SupervisorState {
    const known = this.#state;
    const older = known?.sessionId === state.sessionId && Date.parse(state.serverTime) < Date.parse(known.serverTime);
    if (known && older) return known;
    this.#state = state;
    this.emit('state', state);
    return state;
  }

  #takePeople(interviewId: string, people: LiveInterview['people']): void {
    const state = this.#state;
    if (state?.call.interviewId !== interviewId) return;
    this.#state = { ...state, call: { ...state.call, people } };
    this.emit('state', this.#state);
  }

  #end(sessionId: string): void {
    if (this.#state?.sessionId !== sessionId) return;
    this.#state = undefined;
    this.emit('ended', { sessionId });
  }
}

const pathOf = (sessionId: string) => `/supervisor/sessions/${encodeURIComponent(sessionId)}`;
