// A call that is to be shown in landscape: the screen is locked so where the browser can; otherwise the page is turned as long as
// the phone is held upright.
import { onScopeDispose, ref, watch, type Ref } from 'vue';

type Lockable = { lock?: (orientation: string) => Promise<void>; unlock?: () => void };

export interface TurnEnvironment {
  portrait: Pick<MediaQueryList, 'matches' | 'addEventListener' | 'removeEventListener'>;
  screen: Lockable | undefined;
  root: HTMLElement;
}

const browserTurn = (): TurnEnvironment => ({
  portrait: matchMedia('(orientation: portrait)'),
  screen: globalThis.screen?.orientation as Lockable | undefined,
  root: document.documentElement,
});

/** True while the page is shown turned by a quarter. */
export function useTurned(landscape: () => boolean, environment: TurnEnvironment = browserTurn()): Ref<boolean> {
  const turned = ref(false);
  const { portrait, screen, root } = environment;

  function review(): void {
    turned.value = landscape() && portrait.matches;
    root.toggleAttribute('data-turned', turned.value);
  }
  watch(
    landscape,
    (wanted) => {
      review();
      // Most browsers lock only what fills the screen; the page is turned then.
      if (wanted) void screen?.lock?.('landscape')?.catch(() => undefined);
      else screen?.unlock?.();
    },
    { immediate: true },
  );
  portrait.addEventListener('change', review);
  onScopeDispose(() => {
    portrait.removeEventListener('change', review);
    if (landscape()) screen?.unlock?.();
    root.removeAttribute('data-turned');
  });
  return turned;
}
