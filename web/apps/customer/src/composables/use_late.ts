// A part of a page that is loaded when it is needed first. When it cannot be loaded (offline), the page goes on without it.
import { shallowRef, watch, type Component, type ShallowRef } from 'vue';

export interface Late {
  part: ShallowRef<Component | undefined>;
  failed: ShallowRef<boolean>;
}

export function useLate(needed: () => boolean, load: () => Promise<{ default: Component }>): Late {
  const part = shallowRef<Component>();
  const failed = shallowRef(false);
  watch(
    needed,
    async (now) => {
      if (!now || part.value) return;
      failed.value = false;
      try {
        part.value = (await load()).default;
      } catch {
        failed.value = true; // asked again when it is needed again
      }
    },
    { immediate: true },
  );
  return { part, failed };
}
