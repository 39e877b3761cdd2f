import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Http } from './http';
import { OwnPhotos } from './own_photos';
import { ProblemError } from './problem';

const problem = (status: number, code: string) => new ProblemError({ status, code });
/** Of the three bytes "abc" (FIPS 180-2, appendix B.1), in base64. */
const kDigestOfAbc = 'sha-256=:ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=:';

function own(...answers: (Error | undefined)[]) {
  const upload = vi.fn(async (..._: unknown[]) => {
    const answer = answers.shift();
    if (answer) throw answer;
  });
  const post = vi.fn(async (..._: unknown[]) => undefined);
  return { upload, post, photos: new OwnPhotos({ upload, post } as unknown as Http) };
}
const jpeg = new Blob(['abc'], { type: 'image/jpeg' });

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(() => void vi.useRealTimers());

/** Lets the waits between tries pass. */
async function settled<T>(running: Promise<T>): Promise<T | Error> {
  let done = false;
  const result = running.then(
    (value) => value,
    (error: Error) => error,
  );
  void result.finally(() => (done = true));
  while (!done) await vi.advanceTimersByTimeAsync(500);
  return result;
}

describe('a photo that is sent', () => {
  it('carries its SHA-256 and says that it is a JPEG', async () => {
    const { photos, upload } = own();
    await settled(photos.send('pho_1', jpeg));
    expect(upload).toHaveBeenCalledTimes(1);
    expect(upload.mock.calls[0]).toMatchObject([
      '/customer/photos/pho_1/original',
      jpeg,
      { headers: { 'content-type': 'image/jpeg', 'content-digest': kDigestOfAbc } },
    ]);
  });

  it('is sent again when the network fails, and one whose answer was lost has arrived', async () => {
    const { photos, upload } = own(
      problem(0, 'network.unreachable'),
      problem(409, 'photo.being_uploaded'),
      problem(409, 'photo.not_asked'),
    );
    expect(await settled(photos.send('pho_1', jpeg))).toBeUndefined();
    expect(upload).toHaveBeenCalledTimes(3);
  });

  it.each([
    [409, 'photo.not_asked'],
    [413, 'photo.too_large'],
    [400, 'photo.digest_mismatch'],
  ])('is not sent again after %d %s', async (status, code) => {
    const { photos, upload } = own(problem(status, code));
    expect(await settled(photos.send('pho_1', jpeg))).toMatchObject({ code });
    expect(upload).toHaveBeenCalledTimes(1);
  });

  it('is given up after five tries', async () => {
    const { photos, upload } = own(...Array.from({ length: 9 }, () => problem(0, 'network.unreachable')));
    expect(await settled(photos.send('pho_1', jpeg))).toMatchObject({ code: 'network.unreachable' });
    expect(upload).toHaveBeenCalledTimes(5);
  });
});

it('a refusal says why', async () => {
  const { photos, post } = own();
  await photos.refuse('pho_1', 'no_camera');
  expect(post).toHaveBeenCalledWith('/customer/photos/pho_1/refusal', { code: 'no_camera' }, { repeatable: true });
});
