// What all pages share. Styles: `@telewitness/ui/tokens.css`.
export { isBrandColour, paintBrand, shadesOf, useBrand, type Brand, type Shades } from './brand';
export { default as BrandLogo } from './BrandLogo.vue';
export { createServerClock, elapsedMs, remainingMs, type ClockSource, type ServerClock } from './clock';
export { formatDuration } from './duration';
export { chooseLanguage, initialLanguage, kLanguages, rememberLanguage, type Language } from './language';
export { useOnline } from './online';
export { followTheme } from './theme';
export { default as VideoView } from './VideoView.vue';
export { type Person, type Role as PersonRole } from './people';
export { gridOf, initialsOf, stageOf, type Stage, type StageItem, type StageMode, type WatchedStream } from './stage';
export { default as NetworkBars } from './NetworkBars.vue';
export { default as PeopleStage } from './PeopleStage.vue';
export { default as QrCode } from './QrCode.vue';
export { kLevelWords, levelOf } from './network';
