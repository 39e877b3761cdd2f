// Every failed request is a ProblemError: a stable code, never a sentence. Pages have the sentences in their catalogues.
import type { Problem } from '@telewitness/protocol';

/** Codes made on this side, when no answer came or it was none of the server's. */
export type LocalProblemCode = 'network.offline' | 'network.unreachable' | 'network.timeout' | 'answer.unreadable';

export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  /** Stable, e.g. `interview.already_answered`. */
  readonly code: string;
  /** HTTP status; 0 when there was no answer. */
  readonly status: number;
  readonly params: Readonly<Record<string, string>>;
  /** For developers; not to be shown to customers unless the code says so. */
  readonly detail: string | undefined;
  /** Finds the request in the server's log. */
  readonly requestId: string | undefined;
  /** How long the server asks to wait before trying again. */
  readonly retryAfterMs: number | undefined;

  constructor(problem: {
    code: string;
    status: number;
    params?: Record<string, string> | undefined;
    detail?: string | undefined;
    requestId?: string | undefined;
    retryAfterMs?: number | undefined;
  }) {
    super(`${problem.status} ${problem.code}`);
    this.code = problem.code;
    this.status = problem.status;
    this.params = problem.params ?? {};
    this.detail = problem.detail;
    this.requestId = problem.requestId;
    this.retryAfterMs = problem.retryAfterMs;
  }

  /** No answer came: the network, not the server, said no. */
  get isNetwork(): boolean {
    return this.status === 0;
  }
}

/** `Retry-After` in milliseconds (RFC 9110 section 10.2.3: seconds or a date). */
export function parseRetryAfter(value: string | null, nowMs: number): number | undefined {
  if (value === null || value.trim() === '') return undefined;
  if (/^\d+$/.test(value.trim())) return Number(value.trim()) * 1000;
  const at = Date.parse(value);
  return Number.isNaN(at) ? undefined : Math.max(0, at - nowMs);
}

/** Reads a failed response; an answer that is not a problem document keeps its status as code `http.<status>`. */
export async function problemFrom(response: Response): Promise<ProblemError> {
  const retryAfterMs = parseRetryAfter(response.headers.get('retry-after'), Date.now());
  const fallback = { code: `http.${response.status}`, status: response.status, retryAfterMs };
  if (!(response.headers.get('content-type') ?? '').includes('json')) return new ProblemError(fallback);
  try {
    const body = (await response.json()) as Partial<Problem> | null;
    if (typeof body?.code !== 'string' || body.code === '') return new ProblemError(fallback);
    return new ProblemError({
      code: body.code,
      status: response.status,
      params: body.params,
      detail: body.detail,
      requestId: body.requestId,
      retryAfterMs,
    });
  } catch {
    return new ProblemError(fallback);
  }
}
