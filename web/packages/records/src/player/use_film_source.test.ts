import { describe, expect, it, vi } from 'vitest';
import { nextTick, ref, shallowRef } from 'vue';
import { useFilmSource, type FilmElement } from './use_film_source';

const settled = () => new Promise((resolve) => setTimeout(resolve));

async function opened() {
  const element = shallowRef<FilmElement>({ currentTime: 0, paused: true, play: vi.fn(async () => undefined) });
  const url = ref('/film.mp4');
  let tickets = 0;
  const sign = vi.fn(async (file: string, options?: { renew?: boolean }) => {
    if (options?.renew || tickets === 0) tickets += 1;
    return `${file}?ticket=${tickets}`;
  });
  const film = useFilmSource(() => url.value, { sign }, element);
  await settled();
  return { element, url, sign, film };
}

describe('the address of a film', () => {
  it('carries a ticket; a refused one is renewed and the film goes on where it was', async () => {
    const { element, film } = await opened();
    expect(film.source.value).toBe('/film.mp4?ticket=1');
    Object.assign(element.value, { currentTime: 42, paused: false });
    film.onError();
    await settled();
    expect(film.source.value).toBe('/film.mp4?ticket=2');
    Object.assign(element.value, { currentTime: 0, paused: true });
    film.onLoaded();
    expect(element.value.currentTime).toBe(42);
    expect(element.value.play).toHaveBeenCalledOnce();
  });

  it('refused with a fresh ticket too it has failed, and is tried again on demand', async () => {
    const { film, sign } = await opened();
    film.onError();
    await settled();
    film.onError();
    expect(film.failed.value).toBe(true);
    expect(sign).toHaveBeenCalledTimes(2);
    film.again();
    await settled();
    expect(film.failed.value).toBe(false);
    expect(film.source.value).toBe('/film.mp4?ticket=3');
  });

  it('once it has played, a later refusal is renewed again', async () => {
    const { film } = await opened();
    film.onError();
    await settled();
    film.onPlaying();
    film.onError();
    await settled();
    expect([film.failed.value, film.source.value]).toEqual([false, '/film.mp4?ticket=3']);
  });

  it('another film begins at its beginning', async () => {
    const { element, url, film } = await opened();
    Object.assign(element.value, { currentTime: 42, paused: false });
    film.onError();
    url.value = '/other.mp4';
    await nextTick();
    await settled();
    expect(film.source.value).toMatch(/^\/other/);
    element.value.currentTime = 0;
    film.onLoaded();
    expect(element.value.currentTime).toBe(0);
  });
});
