// One WHIP or WHEP session as an HTTP resource: made by POST, restarted by PATCH, ended by DELETE (RFC 9725, draft-ietf-wish-whep-03).
import { deadline } from './abort';
import { ProblemError, problemFrom } from './problem';

const kTimeoutMs = 8_000;

export interface MediaRequest {
  endpoint: string;
  /** Read for each request, so that a renewed token is used at once. */
  token: () => string;
  fetch: typeof fetch;
}

export class MediaResource {
  readonly #request: MediaRequest;
  readonly #location: string;
  readonly answerSdp: string;

  private constructor(request: MediaRequest, location: string, answerSdp: string) {
    this.#request = request;
    this.#location = location;
    this.answerSdp = answerSdp;
  }

  static async create(request: MediaRequest, offerSdp: string, signal: AbortSignal): Promise<MediaResource> {
    const response = await send(request, request.endpoint, 'POST', 'application/sdp', offerSdp, signal);
    const location = response.headers.get('location');
    if (!location) throw new ProblemError({ code: 'answer.unreadable', status: response.status });
    // Relative to the endpoint that was asked, which itself may be relative to the page.
    const base = new URL(request.endpoint, globalThis.location?.href);
    return new MediaResource(request, new URL(location, base).href, await response.text());
  }

  /** The server's fragment with its new credentials. 404 when the session is gone. */
  async restart(fragment: string, signal: AbortSignal): Promise<string> {
    const headers = { 'if-match': '"*"' };
    const type = 'application/trickle-ice-sdpfrag';
    const response = await send(this.#request, this.#location, 'PATCH', type, fragment, signal, headers);
    return response.text();
  }

  /** Does not wait and outlives the page; a session that is gone already is just as well. */
  close(): void {
    void this.#request
      .fetch(this.#location, {
        method: 'DELETE',
        headers: { authorization: `Bearer ${this.#request.token()}` },
        credentials: 'omit',
        keepalive: true,
      })
      .catch(() => undefined);
  }
}

async function send(
  request: MediaRequest,
  url: string,
  method: string,
  type: string,
  body: string,
  signal: AbortSignal,
  headers: Record<string, string> = {},
): Promise<Response> {
  const limit = deadline(kTimeoutMs, signal);
  let response: Response;
  try {
    response = await request.fetch(url, {
      method,
      headers: { 'content-type': type, authorization: `Bearer ${request.token()}`, ...headers },
      body,
      credentials: 'omit',
      cache: 'no-store',
      signal: limit.signal,
    });
  } catch (error) {
    if (signal.aborted) throw error;
    throw new ProblemError({ code: 'network.unreachable', status: 0 });
  } finally {
    limit.clear();
  }
  if (!response.ok) throw await problemFrom(response);
  return response;
}
