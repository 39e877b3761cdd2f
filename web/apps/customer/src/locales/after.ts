// The words of what is asked at the end, loaded with it.
import { useI18n } from 'vue-i18n';
import { afterEn } from './after.en';
import { afterZhCN } from './after.zh-CN';

export function useAfterWords() {
  const composer = useI18n();
  if (!composer.te('satisfaction.question', 'zh-CN')) {
    composer.mergeLocaleMessage('zh-CN', afterZhCN);
    composer.mergeLocaleMessage('en', afterEn);
  }
  return { t: composer.t };
}
