// The company's music while one waits: fetched once, repeated until the wait is over. It can be muted, and stays so.
// What is really heard is told to the server, which puts it on the timeline.
import { onScopeDispose, ref, watch, type Ref } from 'vue';
import type { CustomerState } from '@telewitness/client';

const kStoredAs = 'telewitness.queue-music';
const kVolume = 0.5;

type Piece = NonNullable<CustomerState['queueMusic']>;

export interface QueueMusicSource {
  /** What is to be played; undefined while nobody waits, or there is nothing. */
  piece(): Piece | undefined;
  output(): HTMLAudioElement | null;
  fetch(mediaId: string, signal: AbortSignal): Promise<Blob>;
  /** What is heard from now on; undefined: nothing. */
  heard(mediaId: string | undefined): void;
  /** Whether the server hears what the page says; after an absence it is told again. */
  connected(): boolean;
}

export interface QueueMusic {
  on: Ref<boolean>;
  toggle(): void;
}

export function useQueueMusic(
  source: QueueMusicSource,
  storage: Pick<Storage, 'getItem' | 'setItem'> | undefined = storageOfTab(),
): QueueMusic {
  const on = ref(storage?.getItem(kStoredAs) !== 'off');
  const heard = ref<string>();
  let stop: (() => void) | undefined;

  watch(
    [() => (on.value ? source.piece()?.mediaId : undefined), source.output],
    ([mediaId, element]) => {
      stop?.();
      stop = mediaId && element ? play(source, mediaId, element, (what) => (heard.value = what)) : undefined;
    },
    { immediate: true, flush: 'post' },
  );
  watch([heard, source.connected], ([mediaId, connected], [before]) => {
    if (connected && (mediaId !== undefined || before !== undefined)) source.heard(mediaId);
  });
  onScopeDispose(() => stop?.());

  return {
    on,
    toggle() {
      on.value = !on.value;
      storage?.setItem(kStoredAs, on.value ? 'on' : 'off');
    },
  };
}

function storageOfTab(): Storage | undefined {
  try {
    return globalThis.sessionStorage;
  } catch {
    return undefined; // forbidden: the choice lasts as long as the page
  }
}

/** Plays until the returned function is called. A piece that cannot be fetched is silence: nobody waits worse for it. */
function play(
  source: QueueMusicSource,
  mediaId: string,
  element: HTMLAudioElement,
  heard: (mediaId: string | undefined) => void,
): () => void {
  const over = new AbortController();
  const { signal } = over;
  let address: string | undefined;
  element.addEventListener('playing', () => heard(mediaId), { signal });
  element.addEventListener('pause', () => heard(undefined), { signal });
  // Without a press the browser keeps silent; the next touch wakes it.
  const wake = (): void => void element.play().catch(() => undefined);
  void source.fetch(mediaId, signal).then(
    (music) => {
      if (signal.aborted) return;
      address = URL.createObjectURL(music);
      element.src = address;
      element.loop = true;
      element.volume = kVolume;
      document.addEventListener('click', wake, { signal });
      wake();
    },
    () => undefined,
  );
  return () => {
    over.abort();
    heard(undefined);
    element.pause();
    element.removeAttribute('src');
    if (address) URL.revokeObjectURL(address);
  };
}
