// Going on in another browser or on another device: the whole link, and getting it there.
import type { Browser } from './browser';

/**
 * The link with its token, as it was sent. The page takes the token out of its address, so the address alone would
 * open nothing elsewhere. (An `intent:` address for Chrome could not carry it: the fragment is taken by the intent.)
 */
export function wholeLink(location: Pick<Location, 'origin' | 'pathname' | 'search'>, token: string): string {
  return `${location.origin}${location.pathname}${location.search}#t=${encodeURIComponent(token)}`;
}

/** Back into the address bar, for the app's own "open in browser", which takes what stands there. */
export function putLinkBack(link: string, target: Pick<Window, 'history'> = window): void {
  target.history.replaceState(null, '', link);
}

export type Way = 'menu' | 'paste' | 'old' | 'insecure';

/** How to go on: by the app's menu, by the link in another browser, or with a newer browser. */
export function wayOf(browser: Browser, secure: boolean): Way {
  if (!secure) return 'insecure';
  if (browser.app) return 'menu';
  return browser.system === 'ios' || browser.system === 'android' ? 'paste' : 'old';
}

export interface CopyTools {
  clipboard: Pick<Clipboard, 'writeText'> | undefined;
  document: Pick<Document, 'createElement' | 'body' | 'execCommand'>;
}

/** False where neither way is allowed: the person selects the text then. */
export async function copyText(
  text: string,
  tools: CopyTools = { clipboard: navigator.clipboard as Clipboard | undefined, document },
): Promise<boolean> {
  try {
    if (tools.clipboard) {
      await tools.clipboard.writeText(text);
      return true;
    }
  } catch {
    // Forbidden, as in many apps' browsers: the old way may still be allowed.
  }
  const field = tools.document.createElement('textarea');
  field.value = text;
  field.setAttribute('readonly', '');
  field.style.cssText = 'position:fixed;opacity:0';
  tools.document.body.append(field);
  try {
    field.select();
    return tools.document.execCommand('copy');
  } catch {
    return false;
  } finally {
    field.remove();
  }
}
