import { flushPromises, mount } from '@vue/test-utils';
import { describe, expect, it, vi } from 'vitest';
import VideoView from './VideoView.vue';

const stream = (id: string) => Object.assign(new MediaStream(), { id });

function show(play: () => Promise<void>, first: MediaStream | undefined) {
  vi.spyOn(HTMLVideoElement.prototype, 'play').mockImplementation(play);
  return mount(VideoView, { props: { stream: first, label: 'picture' } });
}

describe('a live picture', () => {
  it('plays each new stream', async () => {
    const play = vi.fn(async () => undefined);
    const view = show(play, stream('a'));
    await flushPromises();
    expect((view.element as HTMLVideoElement).srcObject).toMatchObject({ id: 'a' });
    await view.setProps({ stream: stream('b') });
    await flushPromises();
    expect((view.element as HTMLVideoElement).srcObject).toMatchObject({ id: 'b' });
    expect(play).toHaveBeenCalledTimes(2);
    await view.setProps({ stream: undefined });
    expect((view.element as HTMLVideoElement).srcObject).toBeNull();
  });

  it('shows the picture without sound where the browser wants a press first, and with it after the press', async () => {
    const play = vi.fn(async () => undefined);
    play.mockRejectedValueOnce(new DOMException('no', 'NotAllowedError'));
    const view = show(play, stream('a'));
    await flushPromises();
    const element = view.element as HTMLVideoElement;
    expect(view.emitted('blocked')).toHaveLength(1);
    expect([element.muted, play.mock.calls.length]).toEqual([true, 2]);
    await (view.vm as unknown as { play(): Promise<void> }).play();
    expect([element.muted, play.mock.calls.length]).toEqual([false, 3]);
  });

  it('tries each new stream with sound', async () => {
    const play = vi.fn(async () => undefined);
    play.mockRejectedValueOnce(new DOMException('no', 'NotAllowedError'));
    const view = show(play, stream('a'));
    await flushPromises();
    await view.setProps({ stream: stream('b') });
    await flushPromises();
    expect((view.element as HTMLVideoElement).muted).toBe(false);
    expect(view.emitted('blocked')).toHaveLength(1);
  });

  it('a stream that was replaced while it began is no trouble', async () => {
    const view = show(() => Promise.reject(new DOMException('no', 'AbortError')), stream('a'));
    await flushPromises();
    expect(view.emitted('blocked')).toBeUndefined();
  });

  it('says once a stream that the first picture is there', async () => {
    const view = show(async () => undefined, stream('a'));
    await flushPromises();
    await view.trigger('playing');
    expect(view.emitted('playing')).toBeUndefined();
    Object.defineProperty(view.element, 'videoWidth', { value: 640 });
    await view.trigger('resize');
    await view.trigger('playing');
    expect(view.emitted('playing')).toHaveLength(1);
  });
});
