import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { effectScope, ref, nextTick, type EffectScope } from 'vue';
import { NoStillError, ProblemError, type PhotoRequest } from '@telewitness/client';
import { useLocalPhoto } from './use_local_photo';

const asked = (more: Partial<PhotoRequest> = {}): PhotoRequest => ({
  photoId: 'pho_1',
  category: 'id_front',
  until: '2026-01-01T00:00:30Z',
  ...more,
});

let scope: EffectScope;
beforeEach(() => {
  vi.useFakeTimers();
  scope = effectScope();
});
afterEach(() => {
  scope.stop();
  vi.useRealTimers();
});

function photographed(first?: PhotoRequest) {
  const request = ref<PhotoRequest | undefined>(first);
  const still = vi.fn(async () => new Blob(['jpeg'], { type: 'image/jpeg' }));
  const photos = { send: vi.fn(async (..._: unknown[]) => {}), refuse: vi.fn(async (..._: unknown[]) => {}) };
  const urls = { createObjectURL: vi.fn(() => 'blob:1'), revokeObjectURL: vi.fn() };
  const photo = scope.run(() =>
    useLocalPhoto({
      request: () => request.value,
      photos: () => photos,
      camera: () => ({}) as MediaStreamTrack,
      nowMs: () => Date.parse('2026-01-01T00:00:12Z'),
      still,
      urls,
    }),
  )!;
  return { request, still, photos, urls, photo };
}

describe('a photo that the agent asks for', () => {
  it('is taken at a press, looked at, and sent', async () => {
    const { photo, request, photos, urls } = photographed();
    expect(photo.step.value).toBe('none');
    request.value = asked();
    await nextTick();
    expect([photo.step.value, photo.category.value, photo.seconds.value]).toEqual(['asking', 'id_front', 18]);
    await photo.take();
    expect([photo.step.value, photo.picture.value]).toEqual(['review', 'blob:1']);
    photo.again();
    expect([photo.step.value, urls.revokeObjectURL.mock.calls.length]).toEqual(['asking', 1]);
    await photo.take();
    await photo.send();
    expect(photos.send.mock.calls[0]![0]).toBe('pho_1');
    expect(photo.step.value).toBe('sent');
    request.value = undefined;
    await nextTick();
    expect(photo.step.value, 'the person reads that it was sent').toBe('sent');
    await vi.advanceTimersByTimeAsync(5_000);
    expect(photo.step.value).toBe('none');
  });

  it('goes away when the agent no longer waits', async () => {
    const { photo, request } = photographed(asked());
    await photo.take();
    request.value = undefined;
    await nextTick();
    expect([photo.step.value, photo.picture.value]).toEqual(['none', undefined]);
  });

  it('is refused, with the reason', async () => {
    const { photo, photos, request, still } = photographed(asked());
    await photo.refuse();
    expect(photos.refuse).toHaveBeenLastCalledWith('pho_1', 'refused');
    request.value = asked({ photoId: 'pho_2' });
    await nextTick();
    still.mockRejectedValueOnce(new NoStillError());
    await photo.take();
    expect([photo.step.value, photo.trouble.value]).toEqual(['failed', 'camera']);
    await photo.refuse();
    expect(photos.refuse).toHaveBeenLastCalledWith('pho_2', 'no_camera');
    expect(photo.step.value).toBe('none');
  });

  it('that cannot be sent is sent again as it was taken', async () => {
    const { photo, photos, still } = photographed(asked());
    await photo.take();
    photos.send.mockRejectedValueOnce(new ProblemError({ code: 'network.unreachable', status: 0 }));
    await photo.send();
    expect([photo.step.value, photo.trouble.value]).toEqual(['failed', 'upload']);
    await photo.send();
    expect(photo.step.value).toBe('sent');
    expect(still).toHaveBeenCalledTimes(1);
  });

  it('that comes too late says so and goes', async () => {
    const { photo, photos } = photographed(asked());
    await photo.take();
    photos.send.mockRejectedValueOnce(new ProblemError({ code: 'photo.not_asked', status: 409 }));
    await photo.send();
    expect(photo.trouble.value).toBe('too-late');
    await vi.advanceTimersByTimeAsync(5_000);
    expect(photo.step.value).toBe('none');
  });

  it('another request takes the place of the one before', async () => {
    const { photo, request } = photographed(asked());
    await photo.take();
    request.value = asked({ photoId: 'pho_2', category: 'signature' });
    await nextTick();
    expect([photo.step.value, photo.category.value, photo.picture.value]).toEqual(['asking', 'signature', undefined]);
  });
});
