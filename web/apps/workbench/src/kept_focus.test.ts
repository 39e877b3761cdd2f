import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { effectScope, nextTick, ref, type EffectScope } from 'vue';
import { useKeptFocus } from './kept_focus';

let scope: EffectScope;
const get = (id: string) => document.querySelector<HTMLElement>(`#${id}`)!;
const focused = () => document.activeElement?.id;
/** Browsers blur what can no longer have the focus while they draw; this page does it when told. */
function lose(change: () => void): void {
  change();
  (document.activeElement as HTMLElement | null)?.blur();
}
const settles = (id: string) => vi.waitFor(() => expect(focused()).toBe(id));

beforeEach(async () => {
  document.body.innerHTML = `
    <button id="bar"></button>
    <main id="root" tabindex="-1">
      <div id="banners"><button id="stop"></button></div>
      <section id="controls"><button id="hold"></button><button id="player"></button></section>
    </main>
    <div id="question"><button id="yes"></button></div>`;
  scope = effectScope();
  scope.run(() => useKeptFocus(ref(get('root'))));
  await nextTick();
});
afterEach(() => {
  scope.stop();
  document.body.innerHTML = '';
});

describe('the focus in a call', () => {
  it('waits on the part around a button that is busy, and is back with it', async () => {
    get('hold').focus();
    lose(() => get('hold').setAttribute('disabled', ''));
    await settles('controls');
    get('hold').removeAttribute('disabled');
    await settles('hold');
  });

  it('stays where somebody went meanwhile', async () => {
    get('hold').focus();
    lose(() => get('hold').setAttribute('disabled', ''));
    await settles('controls');
    get('player').focus();
    get('hold').removeAttribute('disabled');
    await new Promise(requestAnimationFrame);
    expect(focused()).toBe('player');
  });

  it('is on the whole call when what it was in is gone', async () => {
    get('stop').focus();
    lose(() => get('banners').remove());
    await settles('root');
  });

  it('comes back from a question over the page that went without giving it back', async () => {
    get('player').focus();
    get('yes').focus();
    lose(() => get('question').remove());
    await settles('player');
  });

  it('is nobody’s business when it was put away, or never was here', async () => {
    get('hold').focus();
    get('hold').blur();
    await new Promise(requestAnimationFrame);
    lose(() => get('banners').remove());
    await new Promise(requestAnimationFrame);
    expect(document.activeElement).toBe(document.body);
    get('bar').focus();
    lose(() => get('bar').remove());
    await new Promise(requestAnimationFrame);
    expect(document.activeElement).toBe(document.body);
  });
});
