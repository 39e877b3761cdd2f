import { afterEach, describe, expect, it, vi } from 'vitest';
import { effectScope, nextTick, ref } from 'vue';
import { useQueueMusic } from './use_queue_music';

const kPiece = { mediaId: 'med_1', title: 'Piece' };

/** An element as far as it is used: what plays says so. */
class FakeAudio extends EventTarget {
  src = '';
  loop = false;
  volume = 1;
  play = vi.fn(async () => void this.dispatchEvent(new Event('playing')));
  pause = vi.fn(() => void this.dispatchEvent(new Event('pause')));
  removeAttribute = vi.fn(() => (this.src = ''));
}

const scopes: ReturnType<typeof effectScope>[] = [];
afterEach(() => scopes.splice(0).forEach((scope) => scope.stop()));

function waiting(
  { stored = null, fetches = async () => new Blob(['mp3']) } = {} as {
    stored?: string | null;
    fetches?: () => Promise<Blob>;
  },
) {
  vi.stubGlobal('URL', Object.assign(URL, { createObjectURL: vi.fn(() => 'blob:1'), revokeObjectURL: vi.fn() }));
  const element = new FakeAudio();
  const piece = ref<typeof kPiece | undefined>(kPiece);
  const connected = ref(true);
  const fetch = vi.fn(fetches);
  const heard = vi.fn();
  const storage = { getItem: () => stored, setItem: vi.fn() };
  const scope = effectScope();
  scopes.push(scope);
  const music = scope.run(() =>
    useQueueMusic(
      {
        piece: () => piece.value,
        output: () => element as unknown as HTMLAudioElement,
        fetch,
        heard,
        connected: () => connected.value,
      },
      storage,
    ),
  )!;
  return { element, piece, connected, fetch, heard, storage, scope, music };
}
const settle = async () => {
  for (let i = 0; i < 5; i += 1) await nextTick();
};

describe('music for who waits', () => {
  it('is the company’s piece, repeated, and the server is told when it is heard', async () => {
    const { element, fetch, heard } = waiting();
    await settle();
    expect(fetch).toHaveBeenCalledWith('med_1', expect.any(AbortSignal));
    expect(element).toMatchObject({ src: 'blob:1', loop: true });
    expect(heard.mock.calls).toEqual([['med_1']]);
  });

  it('is muted by a press, stays so, and comes back by another', async () => {
    const { element, heard, music, storage } = waiting();
    await settle();
    music.toggle();
    await settle();
    expect(element.pause).toHaveBeenCalled();
    expect(element.src).toBe('');
    expect(storage.setItem).toHaveBeenLastCalledWith('telewitness.queue-music', 'off');
    music.toggle();
    await settle();
    expect(storage.setItem).toHaveBeenLastCalledWith('telewitness.queue-music', 'on');
    expect(heard.mock.calls).toEqual([['med_1'], [undefined], ['med_1']]);
  });

  it('that was muted before is neither fetched nor played', async () => {
    const { fetch, element, heard } = waiting({ stored: 'off' });
    await settle();
    expect(fetch).not.toHaveBeenCalled();
    expect(element.play).not.toHaveBeenCalled();
    expect(heard).not.toHaveBeenCalled();
  });

  it('ends with the wait, and another piece takes the place of the first', async () => {
    const { element, piece, heard } = waiting();
    await settle();
    piece.value = { mediaId: 'med_2', title: 'Other' };
    await settle();
    expect(heard).toHaveBeenLastCalledWith('med_2');
    piece.value = undefined;
    await settle();
    expect(element.src).toBe('');
    expect(heard).toHaveBeenLastCalledWith(undefined);
    expect(URL.revokeObjectURL).toHaveBeenCalledTimes(2);
  });

  it('a server that was away is told again what plays', async () => {
    const { connected, heard } = waiting();
    await settle();
    connected.value = false;
    await settle();
    expect(heard).toHaveBeenCalledTimes(1);
    connected.value = true;
    await settle();
    expect(heard.mock.calls).toEqual([['med_1'], ['med_1']]);
  });

  it('a browser that keeps silent plays at the next touch, and nothing is told before', async () => {
    const { element, heard } = waiting();
    element.play.mockRejectedValueOnce(new DOMException('no press', 'NotAllowedError'));
    await settle();
    expect(heard).not.toHaveBeenCalled();
    document.dispatchEvent(new Event('click'));
    await settle();
    expect(heard).toHaveBeenCalledWith('med_1');
  });

  it('what cannot be fetched is silence', async () => {
    const { element, heard } = waiting({ fetches: () => Promise.reject(new Error('offline')) });
    await settle();
    expect(element.play).not.toHaveBeenCalled();
    expect(heard).not.toHaveBeenCalled();
  });
});
