import fs from 'node:fs';
import path from 'node:path';
import { mount } from '@vue/test-utils';
import { effectScope, nextTick, ref } from 'vue';
import { describe, expect, it } from 'vitest';
import { kGrounds } from '@telewitness/client/brand';
import BrandLogo from './BrandLogo.vue';
import { useBrand } from './brand';

const style = () => document.getElementById('tw-colour-of-company')?.textContent ?? '';

describe("a company's colour", () => {
  it('follows what the server says and goes with whoever showed it', async () => {
    const colour = ref<string | undefined>('#c8102e');
    const scope = effectScope();
    scope.run(() => useBrand(() => (colour.value ? { colour: colour.value } : undefined)));
    expect(style()).toContain('--tw-brand:#c8102e;');
    colour.value = '#0b6b4f';
    await nextTick();
    expect(style()).toContain('--tw-brand:#0b6b4f;');
    scope.stop();
    expect(style()).toBe('');
  });

  it('is measured against the grounds that the tokens have', () => {
    const tokens = fs.readFileSync(path.join(import.meta.dirname, 'tokens.css'), 'utf8');
    const [light, dark] = tokens.split(':root.dark') as [string, string];
    const grounds = (text: string) =>
      new Set(
        [...text.matchAll(/--tw-(?:ground|surface|surface-raised|surface-sunken): (#[0-9a-f]{6});/g)].map((m) => m[1]),
      );
    expect(grounds(light)).toEqual(new Set(kGrounds.light));
    expect(grounds(dark)).toEqual(new Set(kGrounds.dark));
  });
});

describe('a logo', () => {
  it('gives way to the sign when there is none or it does not come', async () => {
    const slots = { default: '<i class="sign" />' };
    const page = mount(BrandLogo, { props: { src: '/logo' }, slots });
    expect(page.find('img').attributes('alt')).toBe('');
    expect(page.find('.sign').exists()).toBe(false);
    await page.find('img').trigger('error');
    expect(page.find('.sign').exists()).toBe(true);
    await page.setProps({ src: '/another' });
    expect(page.find('img').attributes('src')).toBe('/another');
    await page.setProps({ src: undefined });
    expect(page.find('.sign').exists()).toBe(true);
  });
});
