/** How something is meant: a word, good news, something to mind, something that failed. */
export type Tone = 'calm' | 'good' | 'warning' | 'danger';
export const kTones: readonly Tone[] = ['calm', 'good', 'warning', 'danger'];
