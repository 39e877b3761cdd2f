// @telewitness/client/frame: the side of our own pages when they stand in an integrator's page.
import { applyBrand } from './brand';
import { frameSettingsOf, type FrameSettings } from './elements/frame_address';
import { framed, readFramed, type FrameNews, type FrameWish } from './elements/messages';

export { type FrameNews, type FrameWish } from './elements/messages';
export { type FrameSettings } from './elements/frame_address';
export { exitResultOf } from './integrator/exit_result';

export interface Frame {
  readonly settings: FrameSettings;
  /** Tells the page around ours; told only to the origin that it said it has. */
  tell(news: FrameNews): void;
  /** Hears what the page around ours wishes, and nobody else. */
  onWish(listener: (wish: FrameWish) => void): () => void;
}

let found: Frame | undefined | null = null;

/** The frame that this page stands in; undefined for a page by itself. Sets the integrator's colour the first time. */
export function currentFrame(): Frame | undefined {
  if (found === null) found = openFrame(window);
  return found;
}

/** What a page in a frame keeps is kept apart from what it keeps by itself: one tab may have held both. */
export function storageKeyInFrame(key: string, frame: Frame | undefined = currentFrame()): string {
  return frame ? `${key}@${frame.settings.account}@${frame.settings.parentOrigin}` : key;
}

export function openFrame(target: Window): Frame | undefined {
  // By itself the parameters mean nothing: a link may be opened anywhere.
  const settings = target.parent === target ? undefined : frameSettingsOf(target.location.search);
  if (!settings) return undefined;
  if (settings.accent) applyBrand(target.document, settings.accent, 'frame');
  return {
    settings,
    tell: (news) => target.parent.postMessage(framed(news), settings.parentOrigin),
    onWish(listener) {
      const hear = (event: MessageEvent) => {
        if (event.source !== target.parent || event.origin !== settings.parentOrigin) return;
        const wish = readFramed<FrameWish>(event.data, ['leave']);
        if (wish) listener(wish);
      };
      target.addEventListener('message', hear);
      return () => target.removeEventListener('message', hear);
    },
  };
}
