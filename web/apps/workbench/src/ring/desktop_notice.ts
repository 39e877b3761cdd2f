// A ring as a notice of the desktop, for a page that nobody looks at. Click on it and the page is in front.
import { onScopeDispose, watch } from 'vue';

/** To be called in a click: the browser asks once, and never again after a refusal. */
export async function allowNotifications(
  api: typeof Notification | undefined = globalThis.Notification,
): Promise<void> {
  if (api?.permission !== 'default') return;
  await api.requestPermission().catch(() => undefined);
}

export interface NoticeOptions {
  /** What is told now; undefined: nothing. Its key tells one from the next. */
  notice: () => { key: string; title: string; body: string } | undefined;
  api?: typeof Notification | undefined;
  isHidden?: () => boolean;
  page?: Pick<Document, 'addEventListener' | 'removeEventListener'>;
}

/** Shown while it holds and the page is behind others; taken back when it ends or the page comes to the front. */
export function useDesktopNotice({
  notice,
  api = globalThis.Notification,
  isHidden = () => document.visibilityState === 'hidden' || !document.hasFocus(),
  page = document,
}: NoticeOptions): void {
  let shown: Notification | undefined;

  function close(): void {
    shown?.close();
    shown = undefined;
  }
  function show(): void {
    close();
    const now = notice();
    if (!now || !isHidden() || api?.permission !== 'granted') return;
    try {
      shown = new api(now.title, { body: now.body, tag: now.key, requireInteraction: true });
    } catch {
      return; // a phone's browser has them only in service workers
    }
    shown.onclick = () => {
      window.focus();
      close();
    };
  }
  watch(() => notice()?.key, show, { immediate: true });
  page.addEventListener('visibilitychange', show);
  onScopeDispose(() => {
    page.removeEventListener('visibilitychange', show);
    close();
  }, true);
}
