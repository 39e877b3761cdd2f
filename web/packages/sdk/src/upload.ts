// Sends a file as it is, and says how far it is. The one place that needs XMLHttpRequest: fetch tells nothing of what was sent.
import { ProblemError, problemFrom } from './problem';

export interface UploadOptions {
  url: string;
  /** Default POST. */
  method?: 'POST' | 'PUT' | undefined;
  token?: string | undefined;
  /** Default says that it is any file. */
  headers?: Readonly<Record<string, string>> | undefined;
  /** From 0 to 1. */
  onProgress?: ((share: number) => void) | undefined;
  signal?: AbortSignal | undefined;
  /** Default the browser's. */
  request?: (() => XMLHttpRequest) | undefined;
}

/** The JSON of the answer. Throws a ProblemError, or the signal's reason when it was given up. */
export function uploadFile<T>(file: Blob, options: UploadOptions): Promise<T> {
  const request = options.request?.() ?? new XMLHttpRequest();
  return new Promise<T>((resolve, reject) => {
    const giveUp = () => request.abort();
    request.open(options.method ?? 'POST', options.url);
    request.setRequestHeader('accept', 'application/json, application/problem+json');
    const headers = { 'content-type': 'application/octet-stream', ...options.headers };
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    if (options.token) request.setRequestHeader('authorization', `Bearer ${options.token}`);
    request.upload.onprogress = (event) => {
      if (event.lengthComputable && event.total > 0) options.onProgress?.(event.loaded / event.total);
    };
    request.onload = () => void settle(request).then(resolve, reject);
    request.onerror = () =>
      reject(
        new ProblemError({
          code: globalThis.navigator?.onLine === false ? 'network.offline' : 'network.unreachable',
          status: 0,
        }),
      );
    request.onabort = () => reject((options.signal?.reason as Error | undefined) ?? new Error('aborted'));
    request.onloadend = () => options.signal?.removeEventListener('abort', giveUp);
    if (options.signal?.aborted) return giveUp();
    options.signal?.addEventListener('abort', giveUp);
    request.send(file);
  });

  async function settle(done: XMLHttpRequest): Promise<T> {
    if (done.status >= 200 && done.status < 300) {
      try {
        return JSON.parse(done.responseText) as T;
      } catch {
        throw new ProblemError({ code: 'answer.unreadable', status: done.status });
      }
    }
    const headers = { 'content-type': done.getResponseHeader('content-type') ?? '' };
    throw await problemFrom(new Response(done.responseText, { status: done.status || 500, headers }));
  }
}
