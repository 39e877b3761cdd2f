import { flushPromises } from '@vue/test-utils';
import { afterEach, expect, it, vi } from 'vitest';
import { computed, ref, shallowRef } from 'vue';
import { ProblemError, type CustomerPhoto } from '@telewitness/client';
import DeviceNotice from '../components/DeviceNotice.vue';
import type { Devices } from '../composables/use_devices';
import type { LocalPhoto, PhotoStep } from '../composables/use_local_photo';
import * as asking from '../logic/confirm';
import { byTest, show } from '../testing';
import OwnPhotos from './OwnPhotos.vue';
import PhotoAsked from './PhotoAsked.vue';

afterEach(() => document.body.replaceChildren());

const devices = (cameras = 1) =>
  ({
    stream: shallowRef(undefined),
    mirrored: ref(true),
    canSwitchCamera: ref(cameras > 1),
    switchCamera: vi.fn(),
  }) as unknown as Devices;

function local(step: PhotoStep, more: Partial<Record<keyof LocalPhoto, unknown>> = {}) {
  return {
    step: ref(step),
    category: ref('id_front'),
    seconds: computed(() => 12),
    picture: ref(undefined),
    progress: ref(0.4),
    trouble: ref(undefined),
    take: vi.fn(),
    again: vi.fn(),
    send: vi.fn(),
    refuse: vi.fn(),
    ...more,
  } as unknown as LocalPhoto;
}

it('says what should be in the picture, how long there is, and may be refused', async () => {
  const photo = local('asking');
  const page = show(PhotoAsked, { photo, devices: devices(2) });
  await flushPromises();
  expect(page.find('h2').text()).toContain('front of your ID card');
  expect(document.activeElement).toBe(page.find('h2').element);
  expect(page.find(byTest('photo-left')).text()).toContain('12');
  await page.find(byTest('photo-switch-camera')).trigger('click');
  await page.find(byTest('photo-take')).trigger('click');
  await page.find(byTest('photo-refuse')).trigger('click');
  expect([photo.take, photo.refuse].map((act) => vi.mocked(act).mock.calls.length)).toEqual([1, 1]);
  expect(page.find(byTest('photo-send')).exists()).toBe(false);
});

it.each([
  ['review', {}, ['photo-send', 'photo-again', 'photo-refuse'], ['photo-take', 'photo-switch-camera']],
  ['sending', {}, [], ['photo-refuse', 'photo-send']],
  ['sent', {}, ['photo-sent'], ['photo-refuse']],
  ['failed', { trouble: ref('camera') }, ['photo-trouble', 'photo-retry', 'photo-refuse'], ['photo-send']],
  ['failed', { trouble: ref('too-late') }, ['photo-trouble'], ['photo-retry', 'photo-refuse']],
] as const)('at %s with %j it offers what can be done then, and nothing else', (step, more, there, absent) => {
  const page = show(PhotoAsked, { photo: local(step, { picture: ref('blob:1'), ...more }), devices: devices() });
  for (const id of there) expect(page.find(byTest(id)).exists(), id).toBe(true);
  for (const id of absent) expect(page.find(byTest(id)).exists(), id).toBe(false);
});

it('what could not be sent is sent again, not taken again', async () => {
  const photo = local('failed', { trouble: ref('upload') });
  await show(PhotoAsked, { photo, devices: devices() }).find(byTest('photo-retry')).trigger('click');
  expect(photo.send).toHaveBeenCalledTimes(1);
  expect(photo.take).not.toHaveBeenCalled();
});

const kPhoto: CustomerPhoto = {
  id: 'pho_1',
  category: 'portrait',
  source: 'local',
  takenAt: '2026-01-01T00:00:00Z',
  watermarkedUrl: '/x',
};
function album(mayDelete: boolean, remove = vi.fn(async (_id: string) => {})) {
  vi.stubGlobal('URL', Object.assign(URL, { createObjectURL: () => 'blob:1', revokeObjectURL: () => {} }));
  const own = { content: vi.fn(async () => new Blob(['x'])), delete: remove };
  return { remove, page: show(OwnPhotos, { open: true, photos: [kPhoto], mayDelete, own }) };
}

it('shows the photos of the interview, and deletes one only where it may and after a question', async () => {
  const seen = album(false).page;
  await flushPromises();
  expect(seen.find('img').attributes('alt')).toBe('Portrait');
  expect(seen.find(byTest('own-photo-delete')).exists()).toBe(false);

  const asked = vi.spyOn(asking, 'confirm').mockResolvedValue(false);
  const { page, remove } = album(true);
  await page.find(byTest('own-photo-delete')).trigger('click');
  await flushPromises();
  expect(remove).not.toHaveBeenCalled();
  asked.mockResolvedValue(true);
  await page.find(byTest('own-photo-delete')).trigger('click');
  await flushPromises();
  expect(remove).toHaveBeenCalledWith('pho_1');
  expect(page.find(byTest('own-photo-pho_1')).exists()).toBe(false);
});

it('a photo that somebody else deleted is gone too, and another failure is said', async () => {
  vi.spyOn(asking, 'confirm').mockResolvedValue(true);
  const answers = [
    new ProblemError({ code: 'server.busy', status: 503 }),
    new ProblemError({ code: 'photo.unknown', status: 404 }),
  ];
  const { page } = album(
    true,
    vi.fn(async () => {
      throw answers.shift()!;
    }),
  );
  await page.find(byTest('own-photo-delete')).trigger('click');
  await flushPromises();
  expect(page.find('[role="alert"]').text()).toContain('could not be deleted');
  await page.find(byTest('own-photo-delete')).trigger('click');
  await flushPromises();
  expect(page.find(byTest('own-photo-pho_1')).exists()).toBe(false);
});

it('a device that was taken away is said with what helps, and tried at a press', async () => {
  const page = show(DeviceNotice, { lost: { microphone: 'interrupted' }, sound: 'pulled' });
  expect(page.find('[data-device="microphone"]').text()).toContain('phone call');
  expect(page.find('[data-sound="pulled"]').exists()).toBe(true);
  await page.find(byTest('device-again')).trigger('click');
  expect(page.emitted('tryNow')).toHaveLength(1);
  await page.setProps({ lost: {}, sound: undefined });
  expect(page.text()).toBe('');
});
