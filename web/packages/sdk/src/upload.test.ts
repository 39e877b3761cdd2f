import { describe, expect, it, vi } from 'vitest';
import { ProblemError } from './problem';
import { uploadFile } from './upload';

class FakeRequest {
  upload: { onprogress?: (event: unknown) => void } = {};
  status = 0;
  responseText = '';
  type = 'application/json';
  headers: Record<string, string> = {};
  sent: unknown;
  onload?: () => void;
  onerror?: () => void;
  onabort?: () => void;
  onloadend?: () => void;
  open = vi.fn();
  setRequestHeader(name: string, value: string): void {
    this.headers[name] = value;
  }
  getResponseHeader(): string {
    return this.type;
  }
  send(body: unknown): void {
    this.sent = body;
  }
  abort(): void {
    this.onabort?.();
    this.onloadend?.();
  }
  answer(status: number, body: string): void {
    this.status = status;
    this.responseText = body;
    this.onload?.();
    this.onloadend?.();
  }
}

function start(options: { onProgress?: (share: number) => void; signal?: AbortSignal } = {}) {
  const request = new FakeRequest();
  const done = uploadFile<{ id: string }>(new Blob(['film']), {
    url: '/api/v1/admin/media?title=a',
    token: 'tws_1',
    request: () => request as unknown as XMLHttpRequest,
    ...options,
  });
  return { request, done };
}

describe('uploading a file', () => {
  it('sends the file as it is, says how far it is and gives the answer', async () => {
    const shares: number[] = [];
    const { request, done } = start({ onProgress: (share) => shares.push(share) });
    expect(request.open).toHaveBeenCalledWith('POST', '/api/v1/admin/media?title=a');
    expect(request.headers['authorization']).toBe('Bearer tws_1');
    request.upload.onprogress?.({ lengthComputable: true, loaded: 1, total: 4 });
    request.answer(201, '{"id":"med_1"}');
    await expect(done).resolves.toEqual({ id: 'med_1' });
    expect(shares).toEqual([0.25]);
  });

  it('tells the problem of a refusal', async () => {
    const { request, done } = start();
    request.type = 'application/problem+json';
    request.answer(413, '{"code":"media_item.file_too_large"}');
    await expect(done).rejects.toMatchObject({ code: 'media_item.file_too_large', status: 413 });
  });

  it('is a network problem when no answer comes', async () => {
    const { request, done } = start();
    request.onerror?.();
    await expect(done).rejects.toBeInstanceOf(ProblemError);
    await expect(done).rejects.toMatchObject({ status: 0 });
  });

  it('can be given up', async () => {
    const controller = new AbortController();
    const { done } = start({ signal: controller.signal });
    controller.abort(new Error('enough'));
    await expect(done).rejects.toThrow('enough');
  });
});
