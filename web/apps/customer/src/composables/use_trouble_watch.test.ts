import { flushPromises } from '@vue/test-utils';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { effectScope, type EffectScope } from 'vue';
import type { DeviceTrouble } from '../logic/device_trouble';
import { useTroubleWatch } from './use_trouble_watch';

let scope: EffectScope;
let states: Record<string, EventTarget & { state: string }>;
let media: EventTarget;
let page: EventTarget & { visibilityState: DocumentVisibilityState };
const again = vi.fn();

const permission = (state: string) => Object.assign(new EventTarget(), { state });

async function watch(troubles: Partial<Record<'camera' | 'microphone', DeviceTrouble>>, knows = true) {
  scope = effectScope();
  scope.run(() =>
    useTroubleWatch({
      troubles: () => troubles,
      again,
      permissions: {
        query: async ({ name }: { name: string }) => {
          if (!knows) throw new TypeError('unknown name');
          return states[name] as unknown as PermissionStatus;
        },
      } as Pick<Permissions, 'query'>,
      media: media as unknown as MediaDevices,
      document: page as unknown as Document,
    }),
  );
  await flushPromises();
}
async function change(name: string, state: string) {
  states[name]!.state = state;
  states[name]!.dispatchEvent(new Event('change'));
  await flushPromises();
}
async function comeBack() {
  page.dispatchEvent(new Event('visibilitychange'));
  await flushPromises();
}

beforeEach(() => {
  again.mockReset();
  states = { camera: permission('denied'), microphone: permission('denied') };
  media = new EventTarget();
  page = Object.assign(new EventTarget(), { visibilityState: 'visible' as DocumentVisibilityState });
});

describe('tries again by itself', () => {
  it('when the last of the refused devices is allowed, and not before', async () => {
    await watch({ camera: 'denied', microphone: 'denied' });
    await change('camera', 'granted');
    expect(again).not.toHaveBeenCalled();
    await change('microphone', 'granted');
    expect(again).toHaveBeenCalledTimes(1);
  });

  it('when it was allowed before the page was there, but not when it is the system that refuses', async () => {
    states['camera']!.state = 'granted';
    await watch({ camera: 'system' });
    expect(again).not.toHaveBeenCalled();
    await watch({ camera: 'denied' });
    expect(again).toHaveBeenCalledTimes(1);
  });

  it('not when the browser would ask: that is left to the button', async () => {
    await watch({ camera: 'denied' });
    await change('camera', 'prompt');
    expect(again).not.toHaveBeenCalled();
  });

  it('on the return from the settings of the system, but not while the browser says no', async () => {
    states['camera']!.state = 'granted';
    await watch({ camera: 'system' });
    await comeBack();
    expect(again).toHaveBeenCalledTimes(1);
    states['camera']!.state = 'denied';
    await comeBack();
    page.visibilityState = 'hidden';
    states['camera']!.state = 'granted';
    await comeBack();
    expect(again).toHaveBeenCalledTimes(1);
  });

  it('when a missing device is connected', async () => {
    await watch({ camera: 'missing' });
    media.dispatchEvent(new Event('devicechange'));
    expect(again).toHaveBeenCalledTimes(1);
  });

  it('never after it was left', async () => {
    await watch({ camera: 'missing', microphone: 'denied' });
    scope.stop();
    media.dispatchEvent(new Event('devicechange'));
    await change('camera', 'granted');
    await change('microphone', 'granted');
    expect(again).not.toHaveBeenCalled();
  });

  it('a browser that knows no permissions still shows the page', async () => {
    await watch({ camera: 'denied' }, false);
    media.dispatchEvent(new Event('devicechange'));
    expect(again).not.toHaveBeenCalled();
  });
});
