// A third party's side: open the invitation, agree to be recorded, talk, leave.
import type { GuestSessionOpened, GuestState } from '@telewitness/protocol';
import { Http } from './http';
import { LinkSession, type LinkSessionEvents, type SessionOptions } from './link_session';
import { ProblemError } from './problem';

/** The connection's 4410 also tells that the guest was removed. */
export type GuestSessionEvents = LinkSessionEvents<GuestState>;

export interface OpenGuestOptions extends SessionOptions {
  takeOver?: boolean | undefined;
  /** Token of a signed-in user of the tenant, where the invitation asks for one. */
  userToken?: string | undefined;
}

export class GuestSession extends LinkSession<GuestState> {
  private constructor(token: string, state: GuestState, options: SessionOptions) {
    super(token, state, options, {
      path: '/guest',
      stateOf: (message) => (message.type === 'guest.state' ? message.state : undefined),
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
}

/** Whether opening again with a signed-in user's token is what the server waits for. */
export function isSignInRequired(error: unknown): boolean {
  return error instanceof ProblemError && error.code === 'guest.sign_in_required';
}
/** Whether opening again with `takeOver` is what the server waits for. */
export function isOtherGuestDevice(error: unknown): boolean {
  return error instanceof ProblemError && error.code === 'guest.other_device';
}
