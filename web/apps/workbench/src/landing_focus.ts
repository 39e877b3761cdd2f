// When what had the focus is gone (a ring that was answered, a call that ended), the keyboard goes on in the part that came instead.
import { nextTick, watch, type Ref } from 'vue';

/** `part` has the focus once `here` holds, unless something else has it. It needs a tabindex. */
export function useLandingFocus(
  part: Readonly<Ref<HTMLElement | null>>,
  here: () => boolean = () => true,
  page: Pick<Document, 'activeElement' | 'body'> = document,
): void {
  watch(
    here,
    async (now) => {
      if (!now) return;
      await nextTick();
      const lost = !page.activeElement || page.activeElement === page.body;
      if (lost) part.value?.focus({ preventScroll: true });
    },
    { immediate: true, flush: 'post' },
  );
}
