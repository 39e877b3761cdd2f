import { describe, expect, it, vi } from 'vitest';
import { ProblemError } from '@telewitness/client';
import { useMediaDraft } from './media_draft';

function stage() {
  const api = { uploadMedia: vi.fn().mockResolvedValue({}), addMediaFromUrl: vi.fn().mockResolvedValue({}) };
  const done = vi.fn();
  return { api, done, draft: useMediaDraft(api, done) };
}
const film = (name = 'risk film.mp4', type = 'video/mp4') => new File(['film'], name, { type });

describe('adding to the media library', () => {
  it('names a file after itself and sends it with its progress', async () => {
    const { api, done, draft } = stage();
    draft.begin('file');
    draft.choose(film());
    expect(draft.values.title).toBe('risk film');
    api.uploadMedia.mockImplementation(async (_file, _about, options: { onProgress: (share: number) => void }) => {
      options.onProgress(0.5);
      expect(draft.share.value).toBe(0.5);
      return Promise.resolve({});
    });
    await draft.submit();
    expect(api.uploadMedia.mock.calls[0]?.[1]).toEqual({ title: 'risk film', kind: 'video' });
    expect(draft.open.value).toBe(false);
    expect(done).toHaveBeenCalledOnce();
  });

  it('takes sound for a prompt', () => {
    const { draft } = stage();
    draft.begin('file');
    draft.choose(film('hello.mp3', 'audio/mpeg'));
    expect(draft.values.kind).toBe('prompt');
  });

  it('asks for what is missing', async () => {
    const { api, draft } = stage();
    draft.begin('url');
    await draft.submit();
    expect(Object.keys(draft.missing.value)).toEqual(['title', 'url']);
    expect(api.addMediaFromUrl).not.toHaveBeenCalled();
  });

  it('shows a refused address at its field', async () => {
    const { api, draft } = stage();
    api.addMediaFromUrl.mockRejectedValue(new ProblemError({ code: 'outgoing.private_address', status: 422 }));
    draft.begin('url');
    Object.assign(draft.values, { title: 'Film', url: 'https://10.0.0.1/film.mp4' });
    await draft.submit();
    expect(draft.missing.value['url']).toMatchObject({ code: 'outgoing.private_address' });
    expect(draft.open.value).toBe(true);
  });

  it('gives a file up that is on its way', async () => {
    const { api, done, draft } = stage();
    api.uploadMedia.mockImplementation(
      (_file, _about, { signal }: { signal: AbortSignal }) =>
        new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('given up')))),
    );
    draft.begin('file');
    draft.choose(film());
    const sent = draft.submit();
    draft.close();
    await sent;
    expect(draft.busy.value).toBe(false);
    expect(draft.problem.value).toBeUndefined();
    expect(done).not.toHaveBeenCalled();
  });
});
