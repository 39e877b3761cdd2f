import { describe, expect, it, vi } from 'vitest';
import { effectScope } from 'vue';
import { changeBetween, createDeviceWatch, devicesOf, type Device } from './device_watch';

const info = (kind: MediaDeviceKind, deviceId: string, label = deviceId) => ({ kind, deviceId, label });
const mic: Device = { kind: 'microphone', id: 'mic', label: 'mic' };
const headsetMic: Device = { kind: 'microphone', id: 'headset', label: 'Headset' };
const headsetSpeaker: Device = { kind: 'speaker', id: 'headset', label: 'Headset' };

it('a list has real devices only', () => {
  expect(
    devicesOf([
      info('audioinput', 'default'),
      info('audioinput', 'mic'),
      info('audiooutput', 'communications'),
      info('videoinput', ''),
    ]),
  ).toEqual([mic]);
});

describe('what changed', () => {
  it.each([
    [[mic], [mic], undefined],
    [[mic], [mic, headsetSpeaker, headsetMic], { what: 'came', device: headsetMic }],
    [[mic, headsetMic, headsetSpeaker], [mic], { what: 'went', device: headsetMic }],
    [[mic, headsetMic], [mic, { ...headsetMic, id: 'other' }], { what: 'went', device: headsetMic }],
  ])('%j to %j is %j', (before, after, news) => expect(changeBetween(before, after)).toEqual(news));
});

describe('the watch', () => {
  function machine(first: ReturnType<typeof info>[]) {
    let infos = first;
    const target = new EventTarget();
    const source = {
      enumerateDevices: vi.fn(async () => infos as MediaDeviceInfo[]),
      addEventListener: target.addEventListener.bind(target),
      removeEventListener: target.removeEventListener.bind(target),
    };
    const scope = effectScope();
    const watch = scope.run(() => createDeviceWatch(source as unknown as MediaDevices))!;
    return {
      watch,
      scope,
      source,
      async plug(now: ReturnType<typeof info>[]) {
        infos = now;
        target.dispatchEvent(new Event('devicechange'));
        await vi.waitFor(() => expect(watch.devices.value).toHaveLength(now.length));
        await Promise.resolve();
      },
    };
  }

  it('tells of a headset that is plugged in and one that is pulled out, until it is dismissed', async () => {
    const { watch, scope, source, plug } = machine([info('audioinput', 'mic')]);
    await vi.waitFor(() => expect(watch.devices.value).toHaveLength(1));
    await plug([info('audioinput', 'mic'), info('audioinput', 'headset', 'Headset')]);
    expect(watch.news.value).toEqual({ what: 'came', device: headsetMic });
    await plug([info('audioinput', 'mic')]);
    expect(watch.news.value?.what).toBe('went');
    watch.dismiss();
    expect(watch.news.value).toBeUndefined();
    scope.stop();
    const asked = source.enumerateDevices.mock.calls.length;
    await Promise.resolve();
    expect(source.enumerateDevices).toHaveBeenCalledTimes(asked);
  });

  it('says nothing while the browser gives no names', async () => {
    const { watch, plug } = machine([info('audioinput', 'a', '')]);
    await vi.waitFor(() => expect(watch.devices.value).toHaveLength(1));
    await plug([info('audioinput', 'a', ''), info('audioinput', 'b', '')]);
    expect(watch.news.value).toBeUndefined();
  });
});
