// Keeps the screen on while the customer waits or talks: a phone that sleeps loses its place and its call.
import { onScopeDispose, watch } from 'vue';

type Lock = Pick<WakeLockSentinel, 'release' | 'addEventListener'>;

export function useWakeLock(
  wanted: () => boolean,
  wakeLock: Pick<WakeLock, 'request'> | undefined = navigator.wakeLock as WakeLock | undefined,
): void {
  let lock: Lock | undefined;
  let asking = false;

  async function take(): Promise<void> {
    if (!wakeLock || lock || asking || !wanted() || document.visibilityState !== 'visible') return;
    asking = true;
    try {
      const taken = await wakeLock.request('screen');
      lock = taken;
      // Taken away, for instance by a battery saver: asked for again on the next return to the page.
      taken.addEventListener('release', () => lock === taken && (lock = undefined));
      if (!wanted()) drop();
    } catch {
      // Low battery or an in-app browser that forbids it: the page still works.
    } finally {
      asking = false;
    }
  }
  function drop(): void {
    void lock?.release();
    lock = undefined;
  }
  // The browser takes the lock away whenever the page is hidden.
  const onVisibility = () => {
    if (document.visibilityState !== 'visible') lock = undefined;
    else void take();
  };

  document.addEventListener('visibilitychange', onVisibility);
  watch(wanted, (now) => (now ? void take() : drop()), { immediate: true });
  onScopeDispose(() => {
    document.removeEventListener('visibilitychange', onVisibility);
    drop();
  });
}
