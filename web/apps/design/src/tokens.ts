// The tokens by what they are for, as this page shows them. A test compares them with tokens.css.

/** Grounds with the words that may stand on them. */
export const kColourPairs: readonly (readonly [ground: string, words: readonly string[]])[] = [
  ['--tw-ground', ['--tw-text', '--tw-text-secondary', '--tw-primary']],
  [
    '--tw-surface',
    [
      '--tw-text',
      '--tw-text-secondary',
      '--tw-primary',
      '--tw-primary-strong',
      '--tw-success',
      '--tw-warning',
      '--tw-danger',
    ],
  ],
  ['--tw-surface-raised', ['--tw-text', '--tw-text-secondary', '--tw-primary']],
  ['--tw-surface-sunken', ['--tw-text', '--tw-text-secondary', '--tw-primary']],
  ['--tw-primary', ['--tw-on-primary']],
  ['--tw-primary-strong', ['--tw-on-primary']],
  ['--tw-primary-soft', ['--tw-primary-strong', '--tw-text']],
  ['--tw-success-soft', ['--tw-success', '--tw-text']],
  ['--tw-warning-soft', ['--tw-warning', '--tw-text']],
  ['--tw-danger-soft', ['--tw-danger', '--tw-text']],
  ['--tw-whisper-soft', ['--tw-whisper', '--tw-text']],
  ['--tw-idle-soft', ['--tw-text']],
  ['--tw-stage', ['--tw-text-on-dark', '--tw-text-on-dark-secondary']],
  ['--tw-stage-raised', ['--tw-text-on-dark', '--tw-text-on-dark-secondary']],
];
/** Lines, signs and what decorates: never under or instead of words. */
export const kDecoration = [
  '--tw-line',
  '--tw-line-strong',
  '--tw-primary-tint',
  '--tw-primary-line',
  '--tw-brand',
  '--tw-bar',
  '--tw-idle',
  '--tw-focus-colour',
  '--tw-blue-50',
  '--tw-blue-100',
  '--tw-blue-300',
  '--tw-blue-600',
  '--tw-blue-700',
  '--tw-blue-900',
] as const;
export const kSpaces = [
  '--tw-space-1',
  '--tw-space-2',
  '--tw-space-3',
  '--tw-space-4',
  '--tw-space-5',
  '--tw-space-6',
  '--tw-space-8',
  '--tw-space-10',
  '--tw-space-12',
  '--tw-target',
] as const;
export const kSizes = [
  '--tw-text-xs',
  '--tw-text-sm',
  '--tw-text-md',
  '--tw-text-lg',
  '--tw-text-xl',
  '--tw-text-2xl',
  '--tw-text-display',
] as const;
export const kFonts = ['--tw-font', '--tw-font-digits'] as const;
export const kLeadings = ['--tw-leading', '--tw-leading-tight'] as const;
export const kRadii = ['--tw-radius-sm', '--tw-radius', '--tw-radius-lg', '--tw-radius-full'] as const;
export const kShadows = ['--tw-shadow', '--tw-focus'] as const;
export const kMoves = ['--tw-ease', '--tw-quick'] as const;
