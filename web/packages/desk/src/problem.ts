// Whatever went wrong, as a problem with a stable code: one form for every alert and every test.
import type { ProblemLike } from './problem_text';

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function record(value: unknown): Record<string, unknown> | undefined {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
}

function params(value: unknown): Record<string, string> | undefined {
  const entries = Object.entries(record(value) ?? {}).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
  return entries.length > 0 ? Object.fromEntries(entries) : undefined;
}

/** A problem of the server (RFC 9457), thrown as it is or inside an error of the SDK. */
function fromProblem(error: Record<string, unknown>): ProblemLike | undefined {
  const inner = record(error['problem']);
  if (inner) return fromProblem(inner);
  const code = text(error['code']);
  if (!code) return undefined;
  const status = error['status'];
  const values = params(error['params']);
  const requestId = text(error['requestId']);
  const retryAfterMs = error['retryAfterMs'];
  return {
    code,
    ...(typeof status === 'number' && status > 0 ? { status } : {}),
    ...(values ? { params: values } : {}),
    ...(requestId ? { requestId } : {}),
    ...(typeof retryAfterMs === 'number' ? { retryAfterMs } : {}),
  };
}

/** @param online what the browser believes; a request that failed without an answer is told apart by it. */
export function toProblem(error: unknown, online: boolean = globalThis.navigator?.onLine ?? true): ProblemLike {
  const thrown = record(error);
  // A DOMException has a numeric `code`, so that names come first.
  const name = text(thrown?.['name']);
  if (name === 'TimeoutError' || name === 'AbortError') return { code: 'network.timeout' };
  const problem = thrown && fromProblem(thrown);
  if (problem) return !online && problem.code.startsWith('network.') ? { code: 'network.offline' } : problem;
  if (error instanceof TypeError) return { code: online ? 'network.unreachable' : 'network.offline' };
  return { code: 'page.unexpected' };
}

/** Signed out, expired or disabled: nothing but signing in again helps. */
export function endsSignIn(problem: ProblemLike): boolean {
  return problem.status === 401;
}
