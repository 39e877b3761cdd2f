// Light or dark, as the device is set, also when it changes in the evening.

/** Classes that the tokens and the component libraries go by. */
export const kDarkClasses = ['dark', 'van-theme-dark'] as const;

/** What a browser's bar around a page is painted with where the tokens say nothing. */
const kBarColours = { light: '#1f5fbf', dark: '#0b1420' } as const;

/** Paints the browser's bar as the page's `--tw-bar` says. */
export function paintBar(target: Window = window): void {
  const root = target.document.documentElement;
  const own = target.getComputedStyle?.(root).getPropertyValue('--tw-bar').trim();
  const colour = own || kBarColours[root.classList.contains('dark') ? 'dark' : 'light'];
  target.document.querySelector('meta[name="theme-color"]')?.setAttribute('content', colour);
}

/** Follows the device's setting from now on; the result ends that. */
export function followTheme(target: Window = window): () => void {
  const dark = target.matchMedia('(prefers-color-scheme: dark)');
  const apply = () => {
    for (const name of kDarkClasses) target.document.documentElement.classList.toggle(name, dark.matches);
    paintBar(target);
  };
  apply();
  dark.addEventListener('change', apply);
  return () => dark.removeEventListener('change', apply);
}
