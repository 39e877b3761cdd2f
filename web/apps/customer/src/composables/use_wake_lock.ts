// Keeps the screen on while the customer waits or talks: a phone that sleeps loses its place and its call.
import { onScopeDispose, watch } from 'vue';

type Lock = Pick<WakeLockSentinel, 'release'>;

export function useWakeLock(
  wanted: () => boolean,
  wakeLock: Pick<WakeLock, 'request'> | undefined = navigator.wakeLock as WakeLock | undefined,
): void {
  let lock: Lock | undefined;

  async function take(): Promise<void> {
    if (!wakeLock || lock || !wanted() || document.visibilityState !== 'visible') return;
    try {
      lock = await wakeLock.request('screen');
      if (!wanted()) drop();
    } catch {
      // Low battery or an in-app browser that forbids it: the page still works.
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
