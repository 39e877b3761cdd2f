// Light or dark, as the device is set, also when it changes in the evening.

/** Classes that the tokens and the component libraries go by. */
export const kDarkClasses = ['dark', 'van-theme-dark'] as const;

/** What a browser's bar around a page is painted with. */
const kBarColours = { light: '#1f5fbf', dark: '#0b1420' } as const;

/** Follows the device's setting from now on; the result ends that. */
export function followTheme(target: Window = window): () => void {
  const dark = target.matchMedia('(prefers-color-scheme: dark)');
  const apply = () => {
    for (const name of kDarkClasses) target.document.documentElement.classList.toggle(name, dark.matches);
    target.document
      .querySelector('meta[name="theme-color"]')
      ?.setAttribute('content', kBarColours[dark.matches ? 'dark' : 'light']);
  };
  apply();
  dark.addEventListener('change', apply);
  return () => dark.removeEventListener('change', apply);
}
