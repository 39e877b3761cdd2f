import { describe, expect, it, vi } from 'vitest';
import { effectScope, nextTick, ref } from 'vue';
import { usePhotoUrl } from './use_photo_url';

function fakeUrls() {
  let count = 0;
  return { createObjectURL: vi.fn(() => `blob:${++count}`), revokeObjectURL: vi.fn() };
}
const settled = () => new Promise((resolve) => setTimeout(resolve));

describe('a picture that needs a token', () => {
  it('is shown as an object URL and given back when another comes or the part goes', async () => {
    const urls = fakeUrls();
    const key = ref<string | undefined>('a');
    const scope = effectScope();
    const photo = scope.run(() =>
      usePhotoUrl(
        () => key.value,
        async () => new Blob(['x']),
        urls,
      ),
    )!;
    await settled();
    expect(photo.url.value).toBe('blob:1');
    key.value = 'b';
    await settled();
    expect(urls.revokeObjectURL).toHaveBeenCalledWith('blob:1');
    expect(photo.url.value).toBe('blob:2');
    scope.stop();
    expect(urls.revokeObjectURL).toHaveBeenLastCalledWith('blob:2');
  });

  it('a slow picture never replaces a newer one', async () => {
    const urls = fakeUrls();
    const key = ref('slow');
    const waiting = new Map<string, (blob: Blob) => void>();
    const photo = usePhotoUrl(
      () => key.value,
      (name) => new Promise<Blob>((resolve) => waiting.set(name, resolve)),
      urls,
    );
    key.value = 'quick';
    await nextTick();
    waiting.get('quick')!(new Blob(['q']));
    waiting.get('slow')!(new Blob(['s']));
    await settled();
    expect(urls.createObjectURL).toHaveBeenCalledTimes(1);
    expect(photo.url.value).toBe('blob:1');
  });

  it('says when it could not be loaded, and can try again', async () => {
    const urls = fakeUrls();
    let fail = true;
    const photo = usePhotoUrl(
      () => 'a',
      async () => {
        if (fail) throw new Error('no');
        return new Blob(['x']);
      },
      urls,
    );
    await settled();
    expect(photo.failed.value).toBe(true);
    fail = false;
    photo.retry();
    await settled();
    expect(photo.failed.value).toBe(false);
    expect(photo.url.value).toBe('blob:1');
  });
});
