// Whether to say what helps against a poor network: not for a single bad second, and not taken back at the first good one.
import { onScopeDispose, ref, watch, type Ref } from 'vue';

/** Of the levels of the network, 0 to 4: at 1 words are lost. */
const kPoorLevel = 1;
const kAfterMs = 4_000;
const kStaysMs = 8_000;

export function useNetworkAdvice(level: () => number | undefined): Ref<boolean> {
  const advised = ref(false);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const poor = () => (level() ?? kPoorLevel + 1) <= kPoorLevel;

  watch(
    poor,
    (now) => {
      clearTimeout(timer);
      if (now !== advised.value) timer = setTimeout(() => (advised.value = now), now ? kAfterMs : kStaysMs);
    },
    { immediate: true },
  );
  onScopeDispose(() => clearTimeout(timer));
  return advised;
}
