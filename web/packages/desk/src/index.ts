// What the desk pages (workbench and console) share.
export {
  createServerClock,
  elapsedMs,
  formatDuration,
  remainingMs,
  useOnline,
  VideoView,
  type ServerClock,
} from '@telewitness/ui';
export * from './action';
export * from './format';
export * from './i18n';
export * from './link_token';
export * from './load';
export * from './problem';
export * from './problem_text';
export * from './session';
export * from './sign_in_form';
export type * from './types';
export { default as BrandMark } from './components/BrandMark.vue';
export { default as CopyText } from './components/CopyText.vue';
export { default as DeskLocale } from './components/DeskLocale.vue';
export { default as DeskSelect } from './components/DeskSelect.vue';
export { default as LanguageSwitch } from './components/LanguageSwitch.vue';
export { default as ProblemAlert } from './components/ProblemAlert.vue';
export { default as SignInPage } from './components/SignInPage.vue';
export { default as StartPage } from './components/StartPage.vue';
export { default as StateBlock } from './components/StateBlock.vue';
