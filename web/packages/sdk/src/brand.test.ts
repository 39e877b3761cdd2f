import { afterEach, describe, expect, it } from 'vitest';
import { applyBrand, brandCss, contrast, isBrandColour, kGrounds, rgbOf, shadesOf, type Scheme } from './brand';

const kColours = [
  ...['#ffffff', '#000000', '#ffeb00', '#ffd500', '#00ff00', '#00ffff', '#ff00ff', '#ff0000', '#0000ff'],
  ...['#808080', '#7fb2ff', '#c8102e', '#0b6b4f', '#f3f5f9', '#17212f', '#e60012', '#8fb5e8', '#123456'],
];
/** Every fourth step of each part, so that no hue is left out. */
const kMany = [0, 64, 128, 192, 255].flatMap((r) =>
  [0, 64, 128, 192, 255].flatMap((g) =>
    [0, 64, 128, 192, 255].map((b) => `#${[r, g, b].map((part) => part.toString(16).padStart(2, '0')).join('')}`),
  ),
);
const ratio = (one: string, other: string) => contrast(rgbOf(one), rgbOf(other));

describe.each(['light', 'dark'] as Scheme[])('in the %s scheme', (scheme) => {
  it.each([...kColours, ...kMany])('%s gives words that can be read', (colour) => {
    const shades = shadesOf(colour, scheme);
    for (const ground of [...kGrounds[scheme], shades.soft, shades.mixed[9]]) {
      expect(ratio(shades.primary, ground)).toBeGreaterThanOrEqual(4.5);
      expect(ratio(shades.strong, ground)).toBeGreaterThanOrEqual(4.5);
    }
    expect(ratio(shades.onPrimary, shades.primary)).toBeGreaterThanOrEqual(4.5);
    expect(ratio(shades.onPrimary, shades.strong)).toBeGreaterThanOrEqual(4.5);
    expect(ratio(shades.header, '#ffffff')).toBeGreaterThanOrEqual(4.5);
    // What can be pressed in a header has a tenth of white in its ground.
    const veiled = rgbOf(shades.header).map((part) => Math.round(part * 0.9 + 25.5)) as unknown as Parameters<
      typeof contrast
    >[0];
    expect(contrast(veiled, rgbOf('#c9d3e0'))).toBeGreaterThanOrEqual(4.5);
    expect(ratio(shades.header, '#c9d3e0')).toBeGreaterThanOrEqual(4.5);
  });
});

it('leaves a colour as it is where it can be read', () => {
  expect(shadesOf('#0b6b4f', 'light').primary).toBe('#0b6b4f');
  expect(shadesOf('#86b4f4', 'dark').primary).toBe('#86b4f4');
});

it('is nothing that could end a rule', () => {
  expect(isBrandColour('#1F5fbf')).toBe(true);
  for (const wrong of [undefined, null, '', 'red', '#fff', '#1f5fbf;}', 'url(x)', '#12345g'])
    expect(isBrandColour(wrong)).toBe(false);
});

describe('on a page', () => {
  afterEach(() => document.head.replaceChildren());
  const styles = () => [...document.head.querySelectorAll('style')].map((style) => style.textContent);

  it('is one style, which changes and goes', () => {
    applyBrand(document, '#C8102E');
    expect(styles()).toEqual([brandCss('#c8102e')]);
    applyBrand(document, '#0b6b4f');
    expect(styles()).toEqual([brandCss('#0b6b4f')]);
    applyBrand(document, undefined);
    expect(styles()).toEqual([]);
  });
  it('gives way to the colour of the page around it', () => {
    applyBrand(document, '#0b6b4f', 'frame');
    applyBrand(document, '#c8102e');
    expect(styles()).toEqual([brandCss('#0b6b4f')]);
  });
});
