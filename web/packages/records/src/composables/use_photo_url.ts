// Photos need a bearer token, which an <img> cannot send: fetched here and shown as an object URL that is given back.
import { onScopeDispose, ref, watch, type Ref } from 'vue';

export interface PhotoUrl {
  url: Ref<string | undefined>;
  failed: Ref<boolean>;
  retry(): void;
}

/**
 * @param key what is shown now; undefined shows nothing. A new key replaces the picture.
 * @param fetchPhoto gives the picture of a key; aborted when another key comes first.
 */
export function usePhotoUrl<K extends string>(
  key: () => K | undefined,
  fetchPhoto: (key: K, signal: AbortSignal) => Promise<Blob>,
  urls: Pick<typeof URL, 'createObjectURL' | 'revokeObjectURL'> = URL,
): PhotoUrl {
  const url = ref<string>();
  const failed = ref(false);
  const attempt = ref(0);
  let running: AbortController | undefined;

  function clear(): void {
    running?.abort();
    running = undefined;
    if (url.value) urls.revokeObjectURL(url.value);
    url.value = undefined;
  }

  watch(
    [key, attempt],
    async ([now]) => {
      clear();
      failed.value = false;
      if (!now) return;
      const mine = new AbortController();
      running = mine;
      try {
        const blob = await fetchPhoto(now, mine.signal);
        if (!mine.signal.aborted) url.value = urls.createObjectURL(blob);
      } catch {
        if (!mine.signal.aborted) failed.value = true;
      }
    },
    { immediate: true },
  );
  onScopeDispose(clear, true);
  return { url, failed, retry: () => (attempt.value += 1) };
}
