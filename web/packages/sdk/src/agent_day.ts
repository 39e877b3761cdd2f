// What an agent keeps beside the calls of a day: notes, marks, outcomes for later, the other interviews of a business.
import type {
  AgentInterview,
  CreatedInterview,
  Interview,
  InterviewList,
  Mark,
  NewMark,
  Notes,
  OpenOutcome,
  OpenOutcomeList,
} from '@telewitness/protocol';
import type { Http } from './http';

export class AgentDay {
  readonly #http: Http;
  readonly #take: (state: AgentInterview) => AgentInterview;

  /** @param take hears of each new state of an interview, as the session does. */
  constructor(http: Http, take: (state: AgentInterview) => AgentInterview) {
    this.#http = http;
    this.#take = take;
  }

  notes(interviewId: string): Promise<Notes> {
    return this.#http.get<Notes>(`${of(interviewId)}/notes`);
  }
  /** On top of the version that was read; 409 `notes.conflict` when somebody wrote meanwhile. `keepalive` outlives the page. */
  writeNotes(interviewId: string, change: Pick<Notes, 'text' | 'version'>, keepalive = false): Promise<Notes> {
    return this.#http.put<Notes>(`${of(interviewId)}/notes`, change, { keepalive });
  }
  /** A chapter of the recording from now on: of the company's list, or in own words. */
  setMark(interviewId: string, mark: NewMark): Promise<Mark> {
    return this.#http.post<Mark>(`${of(interviewId)}/marks`, mark, { idempotencyKey: newKey() });
  }
  /** The outcome is given later; ends the talk if it still runs. */
  async defer(interviewId: string): Promise<AgentInterview> {
    const options = { idempotencyKey: newKey() };
    return this.#take(await this.#http.post<AgentInterview>(`${of(interviewId)}/defer`, undefined, options));
  }
  /** What is still owed, the most urgent first. */
  async openOutcomes(): Promise<OpenOutcome[]> {
    return (await this.#http.get<OpenOutcomeList>('/agent/open-outcomes')).items;
  }
  /** Another interview of the same business, and the customer's link to it. 409 `follow_up.not_needed`. */
  followUp(interviewId: string): Promise<CreatedInterview> {
    return this.#http.post<CreatedInterview>(`${of(interviewId)}/follow-up`, undefined, { idempotencyKey: newKey() });
  }
  /** The others of the same business that this agent may see, newest first. */
  async earlier(interviewId: string): Promise<Interview[]> {
    return (await this.#http.get<InterviewList>(`${of(interviewId)}/earlier`)).items;
  }
  /** Asks the integrator's system for the order again. */
  async refreshOrder(interviewId: string): Promise<AgentInterview> {
    return this.#take(await this.#http.post<AgentInterview>(`${of(interviewId)}/order/refresh`));
  }
}

const of = (interviewId: string) => `/agent/interviews/${encodeURIComponent(interviewId)}`;

function newKey(): string {
  return globalThis.crypto.randomUUID();
}
