import { afterEach, describe, expect, it } from 'vitest';
import { effectScope, nextTick } from 'vue';
import { useReturnFocus } from './return_focus';

afterEach(() => (document.body.innerHTML = ''));

describe('the focus after a dialog', () => {
  function dialog() {
    document.body.innerHTML =
      '<button id="opener"></button><div id="dialog"><input id="field"></div><button id="other"></button>';
    document.querySelector<HTMLElement>('#opener')!.focus();
    const scope = effectScope();
    scope.run(() => useReturnFocus());
    document.querySelector<HTMLElement>('#field')!.focus();
    return { close: () => (document.querySelector('#dialog')!.remove(), scope.stop(), nextTick()) };
  }

  it('is where it was before', async () => {
    await dialog().close();
    await nextTick();
    expect(document.activeElement?.id).toBe('opener');
  });

  it('stays where somebody put it meanwhile', async () => {
    const { close } = dialog();
    document.querySelector<HTMLElement>('#other')!.focus();
    await close();
    await nextTick();
    expect(document.activeElement?.id).toBe('other');
  });
});
