// The integrator's colour in our pages. Words on it stay readable (WCAG 2.2, 1.4.3): a light one is made darker.

const kLeastContrast = 4.5;
const kStep = 0.9;

/** What soft tones go towards: the page's own ground, so that they are dark in the dark. */
const kGround = 'var(--tw-surface, #fff)';

type Rgb = [number, number, number];

/** A colour on which white words can be read, as near to the given one as steps of a tenth come. */
export function readableAccent(colour: string): string {
  let rgb = rgbOf(colour);
  while (contrastWithWhite(rgb) < kLeastContrast) rgb = rgb.map((part) => Math.floor(part * kStep)) as Rgb;
  return `#${rgb.map((part) => part.toString(16).padStart(2, '0')).join('')}`;
}

/** Sets the colour for the customers' and the agents' pages. */
export function applyAccent(root: HTMLElement, colour: string): void {
  const accent = readableAccent(colour);
  const mix = (share: number, other: string) => `color-mix(in srgb, ${accent} ${share}%, ${other})`;
  const values: Record<string, string> = {
    '--tw-primary': accent,
    '--tw-primary-strong': mix(80, 'black'),
    '--tw-primary-soft': mix(8, kGround),
    '--desk-header': mix(55, 'black'),
    '--el-color-primary': accent,
    '--el-color-primary-dark-2': mix(80, 'black'),
  };
  for (const light of [3, 5, 7, 8, 9]) values[`--el-color-primary-light-${light}`] = mix(100 - light * 10, kGround);
  for (const [name, value] of Object.entries(values)) root.style.setProperty(name, value);
}

/** WCAG 2.2, relative luminance. */
export function contrastWithWhite(rgb: Rgb): number {
  const [r, g, b] = rgb.map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as Rgb;
  return 1.05 / (0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05);
}

export function rgbOf(colour: string): Rgb {
  return [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16)) as Rgb;
}
