// Requests to the REST interface: bearer token, JSON, problem details, time-outs, and tries again where repeating is safe.
import { deadline } from './abort';
import { Backoff, delay } from './backoff';
import { ProblemError, problemFrom } from './problem';
import { uploadFile } from './upload';

/** A page waits this long for an answer; the server's own limits are shorter. */
const kTimeoutMs = 15_000;
/** Tries of a request that is safe to repeat: the first and two more, about a second in all. */
const kTries = 3;
const kFirstRetryMs = 300;
const kMostRetryMs = 1_500;
/** Answers of something in front of the server, or of a server that is just starting: trying again may help. */
const kTemporary = new Set([502, 504]);

export type QueryValue = string | number | boolean | undefined;

export interface HttpOptions {
  /** Default `/api/v1` of this origin. Other origins must allow this one. */
  baseUrl?: string | undefined;
  /** Called for each request, so that a renewed token is used at once. */
  token?: (() => string | undefined) | undefined;
  /** Told of each 401, whatever asked. */
  onUnauthorized?: ((problem: ProblemError) => void) | undefined;
  /** Default the browser's. */
  fetch?: typeof fetch | undefined;
  timeoutMs?: number | undefined;
}

export interface RequestOptions {
  query?: Record<string, QueryValue> | undefined;
  signal?: AbortSignal | undefined;
  /** Repeats after network failures too. GET, PUT and DELETE do by default; a POST only when the contract says it may. */
  repeatable?: boolean | undefined;
  /** Makes a POST safe to repeat for 24 hours; implies `repeatable`. */
  idempotencyKey?: string | undefined;
  /** Outlives the page (at most 64 KiB). */
  keepalive?: boolean | undefined;
}

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export class Http {
  readonly #baseUrl: string;
  readonly #options: HttpOptions;

  constructor(options: HttpOptions = {}) {
    this.#options = options;
    this.#baseUrl = (options.baseUrl ?? '/api/v1').replace(/\/$/, '');
  }

  get baseUrl(): string {
    return this.#baseUrl;
  }

  get<T>(path: string, options?: RequestOptions): Promise<T> {
    return this.#json<T>('GET', path, undefined, options);
  }
  post<T = void>(path: string, body?: unknown, options?: RequestOptions): Promise<T> {
    return this.#json<T>('POST', path, body, options);
  }
  put<T = void>(path: string, body: unknown, options?: RequestOptions): Promise<T> {
    return this.#json<T>('PUT', path, body, options);
  }
  patch<T = void>(path: string, body: unknown, options?: RequestOptions): Promise<T> {
    return this.#json<T>('PATCH', path, body, options);
  }
  /** With a body where the contract wants one, such as the reason. */
  delete<T = void>(path: string, options: RequestOptions & { body?: unknown } = {}): Promise<T> {
    return this.#json<T>('DELETE', path, options.body, options);
  }
  /** Bytes, such as a photo. */
  async blob(path: string, options?: RequestOptions): Promise<Blob> {
    return (await this.#send('GET', path, undefined, options)).blob();
  }

  /** A file as the whole body, however large; without a limit of time, with progress from 0 to 1. */
  async upload<T>(
    path: string,
    file: Blob,
    options: {
      method?: 'POST' | 'PUT' | undefined;
      query?: Record<string, QueryValue> | undefined;
      headers?: Readonly<Record<string, string>> | undefined;
      onProgress?: ((share: number) => void) | undefined;
      signal?: AbortSignal | undefined;
    } = {},
  ): Promise<T> {
    try {
      return await uploadFile<T>(file, {
        url: this.url(path, options.query),
        method: options.method,
        token: this.#options.token?.(),
        headers: options.headers,
        onProgress: options.onProgress,
        signal: options.signal,
      });
    } catch (error) {
      if (error instanceof ProblemError && error.status === 401) this.#options.onUnauthorized?.(error);
      throw error;
    }
  }

  /** The whole address of a path, for elements that fetch by themselves. */
  url(path: string, query?: Record<string, QueryValue>): string {
    const values = Object.entries(query ?? {}).filter(([, value]) => value !== undefined && value !== '');
    const text = new URLSearchParams(values.map(([name, value]) => [name, String(value)])).toString();
    return `${this.#baseUrl}${path}${text ? `?${text}` : ''}`;
  }

  async #json<T>(method: Method, path: string, body: unknown, options?: RequestOptions): Promise<T> {
    const response = await this.#send(method, path, body, options);
    if (response.status === 204) return undefined as T;
    const text = await response.text();
    if (text === '') return undefined as T;
    try {
      return JSON.parse(text) as T;
    } catch {
      throw new ProblemError({ code: 'answer.unreadable', status: response.status });
    }
  }

  async #send(method: Method, path: string, body: unknown, options: RequestOptions = {}): Promise<Response> {
    const repeatable =
      options.repeatable ?? (options.idempotencyKey !== undefined || ['GET', 'PUT', 'DELETE'].includes(method));
    const backoff = new Backoff({ firstMs: kFirstRetryMs, mostMs: kMostRetryMs });
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#once(method, path, body, options);
      } catch (error) {
        if (!(error instanceof ProblemError)) throw error;
        const temporary = error.isNetwork || kTemporary.has(error.status);
        if (!repeatable || !temporary || attempt >= kTries) throw error;
        await delay(backoff.nextMs(), options.signal);
      }
    }
  }

  async #once(method: Method, path: string, body: unknown, options: RequestOptions): Promise<Response> {
    const headers: Record<string, string> = { accept: 'application/json, application/problem+json' };
    const token = this.#options.token?.();
    if (token) headers['authorization'] = `Bearer ${token}`;
    if (body !== undefined) headers['content-type'] = 'application/json';
    if (options.idempotencyKey) headers['idempotency-key'] = options.idempotencyKey;
    const limit = deadline(this.#options.timeoutMs ?? kTimeoutMs, options.signal);
    let response: Response;
    try {
      response = await (this.#options.fetch ?? fetch)(this.url(path, options.query), {
        method,
        headers,
        signal: limit.signal,
        cache: 'no-store',
        credentials: 'omit',
        keepalive: options.keepalive ?? false,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
    } catch (error) {
      if (options.signal?.aborted) throw error;
      throw new ProblemError({ code: networkCode(limit.timedOut), status: 0 });
    } finally {
      limit.clear();
    }
    if (response.ok) return response;
    const problem = await problemFrom(response);
    if (problem.status === 401) this.#options.onUnauthorized?.(problem);
    throw problem;
  }
}

function networkCode(timedOut: boolean): string {
  if (globalThis.navigator?.onLine === false) return 'network.offline';
  return timedOut ? 'network.timeout' : 'network.unreachable';
}
