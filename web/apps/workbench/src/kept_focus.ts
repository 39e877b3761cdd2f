// In a call things come and go under the keyboard: a button waits for its answer, a banner ends, a photo is deleted. Whoever had the
// focus there keeps it: where it was, or, until that is back, on the part around it.
import { onScopeDispose, watch, type Ref } from 'vue';

/** Parts that say what they are when they get the focus. */
const kPart = 'section, [role="group"], [role="dialog"], [role="tabpanel"], [role="list"]';

/** Elements in the page that are neither switched off nor hidden. */
function canHaveFocus(element: HTMLElement): boolean {
  return (
    element.isConnected && !element.matches('[disabled]') && !element.closest('[hidden], [style*="display: none"]')
  );
}

/** `root` is the last resort. It needs a tabindex. */
export function useKeptFocus(root: Readonly<Ref<HTMLElement | null>>, page: Document = document): void {
  let last: HTMLElement | undefined;
  /** What it stood in, innermost first: what is removed no longer knows. */
  let around: HTMLElement[] = [];
  let standIn: HTMLElement | undefined;
  /** The focus was somewhere else since, as in a question over the page. */
  let wasAway = false;
  let frame = 0;

  function onFocusIn({ target }: FocusEvent): void {
    if (!(target instanceof HTMLElement) || target === standIn) return;
    wasAway = !root.value?.contains(target);
    if (wasAway) return;
    last = target;
    standIn = undefined;
    around = [];
    for (let up = target.parentElement; up && up !== root.value; up = up.parentElement) around.push(up);
  }

  function isLost(): boolean {
    const now = page.activeElement;
    return !now || now === page.body || now.matches('[disabled]');
  }

  function look(): void {
    frame = 0;
    if (!last || !root.value) return;
    if (standIn && page.activeElement === standIn) {
      if (canHaveFocus(last)) last.focus({ preventScroll: true });
      return;
    }
    if (!isLost()) return;
    if (!canHaveFocus(last))
      return stand(around.find((part) => part.matches(kPart) && canHaveFocus(part)) ?? root.value);
    if (wasAway) last.focus({ preventScroll: true });
    // Otherwise somebody put it away, with a press beside everything.
    else last = undefined;
  }

  function stand(part: HTMLElement): void {
    standIn = part;
    if (!part.hasAttribute('tabindex')) part.tabIndex = -1;
    part.focus({ preventScroll: true });
  }

  // After the browser has noticed by itself that the focus has nowhere to be.
  const soon = () => (frame ||= requestAnimationFrame(look));
  const changes = new MutationObserver(soon);
  page.addEventListener('focusin', onFocusIn);
  page.addEventListener('focusout', soon);
  watch(
    root,
    (now) => {
      changes.disconnect();
      const attributeFilter = ['disabled', 'hidden', 'style'];
      if (now) changes.observe(page.body, { subtree: true, childList: true, attributes: true, attributeFilter });
    },
    { immediate: true, flush: 'post' },
  );
  onScopeDispose(() => {
    changes.disconnect();
    cancelAnimationFrame(frame);
    page.removeEventListener('focusin', onFocusIn);
    page.removeEventListener('focusout', soon);
  });
}
