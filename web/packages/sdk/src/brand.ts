// A company's colour in our pages, light and dark. What is read or pressed is a shade of it that can be read
// (WCAG 2.2, 1.4.3 and 1.4.11): a light colour is made darker on light ground, a dark one lighter on dark ground.

export type Rgb = readonly [number, number, number];

/** The shades of one scheme, as #rrggbb. */
export interface Shades {
  /** Of what can be pressed, and of words on the page's grounds. */
  primary: string;
  /** Words on `primary` and on `strong`. */
  onPrimary: string;
  /** Under a pointer or a finger, and words on `soft`. */
  strong: string;
  /** Ground of what belongs together. */
  soft: string;
  /** Lines and what is decorative. */
  line: string;
  /** The workbench's header, on which white and grey words stand. */
  header: string;
  /** Element Plus mixes its own from 3, 5, 7, 8 and 9 tenths of the ground. */
  mixed: Readonly<Record<3 | 5 | 7 | 8 | 9, string>>;
}

export const kLeastContrast = 4.5;
const kStep = 0.04;
const kWhite: Rgb = [255, 255, 255];
const kBlack: Rgb = [0, 0, 0];
/** Of ui's tokens: every ground that words stand on, the surface first; a test there compares them. */
export const kGrounds = {
  light: ['#ffffff', '#f3f5f9', '#f7f9fc'],
  dark: ['#17212f', '#0f1722', '#1e2a3b', '#131c29'],
} as const;
const kInk = { light: '#ffffff', dark: '#0b1420' } as const;
/** The weakest words of a header, and how much white what can be pressed there has in its ground. */
const kHeaderWords = rgbOf('#c9d3e0');
const kHeaderVeil = 0.15;
const kMixes = [3, 5, 7, 8, 9] as const;

export type Scheme = keyof typeof kGrounds;

export function shadesOf(colour: string, scheme: Scheme): Shades {
  const ink = rgbOf(kInk[scheme]);
  const [surface, ...others] = kGrounds[scheme].map(rgbOf) as [Rgb, ...Rgb[]];
  const away = scheme === 'light' ? kBlack : kWhite;
  const soft = (rgb: Rgb) => mix(rgb, surface, 0.9);
  const primary = until(rgbOf(colour), away, (rgb) =>
    [surface, ...others, soft(rgb), ink].every((ground) => contrast(rgb, ground) >= kLeastContrast),
  );
  const header = until(
    scheme === 'light' ? rgbOf(colour) : mix(rgbOf(colour), rgbOf('#0b1420'), 0.7),
    kBlack,
    (rgb) => contrast(mix(rgb, kWhite, kHeaderVeil), kHeaderWords) >= kLeastContrast,
  );
  return {
    primary: hexOf(primary),
    onPrimary: kInk[scheme],
    strong: hexOf(mix(primary, away, 0.22)),
    soft: hexOf(soft(primary)),
    line: hexOf(mix(primary, surface, 0.5)),
    header: hexOf(header),
    mixed: Object.fromEntries(kMixes.map((part) => [part, hexOf(mix(primary, surface, part / 10))])) as Shades['mixed'],
  };
}

/** The custom properties of ui's tokens and of Element Plus, for both schemes. */
export function brandCss(colour: string): string {
  const block = (scheme: Scheme) => {
    const shades = shadesOf(colour, scheme);
    const values: Record<string, string> = {
      '--tw-primary': shades.primary,
      '--tw-on-primary': shades.onPrimary,
      '--tw-primary-strong': shades.strong,
      '--tw-primary-soft': shades.soft,
      '--tw-primary-tint': shades.mixed[8],
      '--tw-primary-line': shades.line,
      '--tw-brand': colour,
      '--tw-bar': shades.header,
      '--desk-header': shades.header,
      '--el-color-primary': shades.primary,
      '--el-color-primary-dark-2': shades.strong,
    };
    for (const part of kMixes) values[`--el-color-primary-light-${part}`] = shades.mixed[part];
    return Object.entries(values)
      .map(([name, value]) => `${name}:${value};`)
      .join('');
  };
  return `:root{${block('light')}}:root.dark{${block('dark')}}`;
}

/** Whose colour it is. The page around ours has the last word. */
export type BrandRank = 'company' | 'frame';

/** Puts the colour on the page, or takes it away again. Anything but #rrggbb is no colour. */
export function applyBrand(page: Document, colour: string | undefined, rank: BrandRank = 'company'): void {
  const id = `tw-colour-of-${rank}`;
  const before = page.getElementById(id);
  const shadowed = rank === 'company' && page.getElementById('tw-colour-of-frame') !== null;
  if (!isBrandColour(colour) || shadowed) return before?.remove();
  const style = before ?? page.createElement('style');
  style.id = id;
  style.textContent = brandCss(colour.toLowerCase());
  // Last, so that it follows the tokens that it changes.
  page.head.append(style);
}

export const isBrandColour = (text: string | null | undefined): text is string =>
  text !== null && text !== undefined && /^#[0-9a-f]{6}$/i.test(text);

/** Mixes `away` in, step by step, until it is good enough. Black and white always are in the end. */
function until(from: Rgb, away: Rgb, good: (rgb: Rgb) => boolean): Rgb {
  for (let share = 0; share < 1; share += kStep) {
    const rgb = mix(from, away, share);
    if (good(rgb)) return rgb;
  }
  return away;
}

/** `share` of the other. */
function mix(one: Rgb, other: Rgb, share: number): Rgb {
  return one.map((part, at) => Math.round(part * (1 - share) + (other[at] ?? 0) * share)) as unknown as Rgb;
}

/** WCAG 2.2: relative luminance. */
function luminance(rgb: Rgb): number {
  const [r, g, b] = rgb.map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as unknown as Rgb;
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** WCAG 2.2: contrast ratio, from 1 to 21. */
export function contrast(one: Rgb, other: Rgb): number {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

export function rgbOf(colour: string): Rgb {
  return [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16)) as unknown as Rgb;
}

const hexOf = (rgb: Rgb) => `#${rgb.map((part) => part.toString(16).padStart(2, '0')).join('')}`;
