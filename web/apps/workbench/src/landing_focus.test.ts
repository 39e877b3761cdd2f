import { afterEach, expect, it } from 'vitest';
import { effectScope, nextTick, ref, shallowRef } from 'vue';
import { useLandingFocus } from './landing_focus';

afterEach(() => (document.body.innerHTML = ''));

async function land(focusFirst?: string) {
  document.body.innerHTML = '<div id="part" tabindex="-1"></div><input id="field">';
  const part = shallowRef(document.querySelector<HTMLElement>('#part'));
  const here = ref(false);
  const scope = effectScope();
  scope.run(() => useLandingFocus(part, () => here.value));
  if (focusFirst) document.querySelector<HTMLElement>(focusFirst)!.focus();
  else (document.activeElement as HTMLElement | null)?.blur();
  here.value = true;
  await nextTick();
  await nextTick();
  scope.stop();
  return document.activeElement?.id;
}

it('a focus that was lost lands in the new part', async () => expect(await land()).toBe('part'));
it('who writes goes on writing', async () => expect(await land('#field')).toBe('field'));
