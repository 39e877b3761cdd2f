// What all pages share. Styles: `@telewitness/ui/tokens.css`.
export { createServerClock, elapsedMs, remainingMs, type ClockSource, type ServerClock } from './clock';
export { formatDuration } from './duration';
export { chooseLanguage, initialLanguage, kLanguages, rememberLanguage, type Language } from './language';
export { useOnline } from './online';
export { default as VideoView } from './VideoView.vue';
