// What an agent can do with a conversation beside talking: third parties, handing it over, holding.
import type {
  AgentInterview,
  CreatedGuest,
  Guest,
  GuestList,
  NewGuest,
  NewTransfer,
  TransferTargets,
} from '@telewitness/protocol';
import type { Http } from './http';

export class Conversation {
  readonly #http: Http;
  readonly #take: (state: AgentInterview) => AgentInterview;

  /** @param take hears of each new state of the interview, as the session does. */
  constructor(http: Http, take: (state: AgentInterview) => AgentInterview) {
    this.#http = http;
    this.#take = take;
  }

  /** A link for a third party, shown once. 409 `guest.room_full`, `guest.too_many`. */
  inviteGuest(interviewId: string, guest: NewGuest): Promise<CreatedGuest> {
    return this.#http.post<CreatedGuest>(`${of(interviewId)}/guests`, guest, { idempotencyKey: newKey() });
  }
  async guests(interviewId: string): Promise<Guest[]> {
    return (await this.#http.get<GuestList>(`${of(interviewId)}/guests`)).items;
  }
  /** The link is void and the guest out at once. */
  removeGuest(interviewId: string, guestId: string): Promise<void> {
    return this.#http.delete(`${of(interviewId)}/guests/${encodeURIComponent(guestId)}`);
  }

  /** Agents and queues that the conversation can be handed to now. */
  transferTargets(): Promise<TransferTargets> {
    return this.#http.get<TransferTargets>('/agent/transfer-targets');
  }
  /** To exactly one of `agentId` and `queueId`; the customer stays connected and the recording goes on. */
  transfer(interviewId: string, transfer: NewTransfer): Promise<AgentInterview> {
    return this.#act(interviewId, 'transfer', transfer);
  }
  /** 409 `transfer.not_running` when the other one answered or declined meanwhile. */
  cancelTransfer(interviewId: string): Promise<AgentInterview> {
    return this.#act(interviewId, 'transfer/cancel');
  }

  /** The others hear music and neither see nor hear the agent until `resume`. */
  hold(interviewId: string): Promise<AgentInterview> {
    return this.#act(interviewId, 'hold');
  }
  resume(interviewId: string): Promise<AgentInterview> {
    return this.#act(interviewId, 'resume');
  }

  async #act(interviewId: string, verb: string, body?: unknown): Promise<AgentInterview> {
    const options = { idempotencyKey: newKey() };
    return this.#take(await this.#http.post<AgentInterview>(`${of(interviewId)}/${verb}`, body, options));
  }
}

const of = (interviewId: string) => `/agent/interviews/${encodeURIComponent(interviewId)}`;

function newKey(): string {
  return globalThis.crypto.randomUUID();
}
