// The address of our page in a frame: for whose customers it is there, who is around it, and how it is to look.

export type FrameLanguage = 'zh-CN' | 'en';

export interface FrameAddress {
  server: string;
  page: '/i/' | '/workbench/';
  /** The company account, whose list of pages decides whether the frame may be shown. */
  account: string;
  /** Of the page around it. */
  parentOrigin: string;
  language?: FrameLanguage | undefined;
  /** "#rrggbb" */
  accent?: string | undefined;
  /** Of the link, behind `#t=`. */
  token: string;
}

const kColour = /^#[0-9a-f]{6}$/i;

export const isColour = (text: string | undefined | null): text is string => kColour.test(text ?? '');

export function frameUrl(address: FrameAddress): string {
  const url = new URL(address.page, address.server);
  url.searchParams.set('embed', address.account);
  url.searchParams.set('origin', address.parentOrigin);
  if (address.language) url.searchParams.set('lang', address.language);
  if (isColour(address.accent)) url.searchParams.set('accent', address.accent.slice(1));
  // Behind the hash nothing reaches a log, a referrer or the server.
  url.hash = new URLSearchParams({ t: address.token }).toString();
  return url.href;
}

/** What a page of ours reads from its own address; undefined for one that stands by itself. */
export interface FrameSettings {
  account: string;
  parentOrigin: string;
  accent: string | undefined;
}

export function frameSettingsOf(search: string): FrameSettings | undefined {
  const query = new URLSearchParams(search);
  const account = query.get('embed');
  const parentOrigin = originIn(query.get('origin'));
  if (!account || !parentOrigin) return undefined;
  const accent = `#${query.get('accent') ?? ''}`;
  return { account, parentOrigin, accent: isColour(accent) ? accent : undefined };
}

function originIn(text: string | null): string | undefined {
  try {
    const url = new URL(text ?? '');
    return url.origin === text ? url.origin : undefined;
  } catch {
    return undefined;
  }
}
