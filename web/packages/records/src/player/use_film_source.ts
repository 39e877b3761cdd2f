// The address of a film that is played. Its ticket lives for minutes: a refused one is renewed once, at the same moment of the film.
import { ref, watch, type Ref } from 'vue';
import type { FileTickets } from '../composables/use_file_ticket';

export interface FilmElement {
  currentTime: number;
  paused: boolean;
  play(): Promise<void>;
}

export interface FilmSource {
  source: Ref<string | undefined>;
  /** It could not be played with a fresh ticket either. */
  failed: Ref<boolean>;
  /** For the element's events `error`, `loadedmetadata` and `playing`. */
  onError(): void;
  onLoaded(): void;
  onPlaying(): void;
  /** Once more, on demand or because the network is back. */
  again(): void;
}

export function useFilmSource(
  url: () => string,
  tickets: Pick<FileTickets, 'sign'>,
  element: Readonly<Ref<FilmElement | null | undefined>>,
): FilmSource {
  const source = ref<string>();
  const failed = ref(false);
  let renewed = false;
  let goOnAtS = 0;
  let goOnPlaying = false;

  async function load(renew: boolean): Promise<void> {
    failed.value = false;
    const wanted = url();
    const signed = await tickets.sign(wanted, { renew });
    if (wanted === url()) source.value = signed;
  }
  function keepPlace(): void {
    if (!element.value || element.value.currentTime === 0) return;
    goOnAtS = element.value.currentTime;
    goOnPlaying = !element.value.paused;
  }
  watch(
    url,
    () => {
      renewed = false;
      goOnAtS = 0;
      goOnPlaying = false;
      void load(false);
    },
    { immediate: true },
  );

  return {
    source,
    failed,
    onError() {
      if (source.value === undefined) return;
      keepPlace();
      if (renewed) {
        failed.value = true;
        return;
      }
      renewed = true;
      void load(true);
    },
    onLoaded() {
      if (!element.value || goOnAtS === 0) return;
      element.value.currentTime = goOnAtS;
      if (goOnPlaying) void element.value.play().catch(() => {});
    },
    onPlaying() {
      renewed = false;
      goOnAtS = 0;
    },
    again() {
      keepPlace();
      renewed = false;
      void load(true);
    },
  };
}
