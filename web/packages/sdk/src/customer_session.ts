// The customer's side of an interview: open the link, give consent and place, wait, talk, leave.
import type { CustomerSessionOpened, CustomerState, NewSatisfaction, PlaceReport } from '@telewitness/protocol';
import { Http } from './http';
import { LinkSession, type LinkSessionEvents, type SessionOptions } from './link_session';
import { OwnPhotos } from './own_photos';
import { ProblemError } from './problem';

export type CustomerSessionEvents = LinkSessionEvents<CustomerState>;

export class CustomerSession extends LinkSession<CustomerState> {
  /** Photos that the agent asks this device for, and those of the interview. */
  readonly photos: OwnPhotos;

  private constructor(token: string, state: CustomerState, options: SessionOptions) {
    super(token, state, options, {
      path: '/customer',
      stateOf: (message) => (message.type === 'customer.state' ? message.state : undefined),
    });
    this.photos = new OwnPhotos(this.http);
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

  /** Where the customer is, or that they refuse; 422 `place.required` where the tenant insists. */
  givePlace(report: PlaceReport): Promise<CustomerState> {
    return this.act('place', report);
  }

  enterQueue(): Promise<CustomerState> {
    return this.act('queue');
  }

  /** The music of `state.queueMusic`, an MP3 to be repeated while the customer waits. 404 `media_item.unknown`. */
  queueMusic(mediaId: string, signal?: AbortSignal): Promise<Blob> {
    return this.http.blob(`/customer/queue-music/${encodeURIComponent(mediaId)}`, { signal });
  }

  /**
   * Tells what the page plays while the customer waits, for the interview's timeline; undefined: nothing now.
   * Say it again when the connection is back. False: not connected.
   */
  hears(mediaId: string | undefined): boolean {
    return this.events.send({ v: 1, type: 'music', ...(mediaId === undefined ? {} : { mediaId }) });
  }

  /**
   * After the end, while `state.satisfaction` is there without a score. Once: 409 `satisfaction.given` afterwards, 410
   * `satisfaction.closed` when it is too late.
   */
  giveSatisfaction(satisfaction: NewSatisfaction): Promise<CustomerState> {
    return this.act('satisfaction', satisfaction, false);
  }
}

/** Whether opening again with `takeOver` is what the server waits for. */
export function isOtherDevice(error: unknown): boolean {
  return error instanceof ProblemError && error.code === 'customer.other_device';
}
