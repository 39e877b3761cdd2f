// A dialog gives the focus back to where it came from, so that the keyboard goes on there.
import { getCurrentScope, nextTick, onScopeDispose } from 'vue';

/** Called in the setup of what opens; what had the focus then has it again when that goes, unless somebody took it meanwhile. */
export function useReturnFocus(page: Document = document): void {
  const before = page.activeElement instanceof HTMLElement ? page.activeElement : undefined;
  if (!getCurrentScope()) return;
  onScopeDispose(() => {
    void nextTick(() => {
      const lost = !page.activeElement || page.activeElement === page.body;
      if (lost && before?.isConnected) before.focus();
    });
  });
}
