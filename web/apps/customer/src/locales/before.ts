// The words that are loaded with the pages that need them, put beside the others.
import { useI18n } from 'vue-i18n';
import { beforeEn } from './before.en';
import { beforeZhCN } from './before.zh-CN';

export function useBeforeWords() {
  const composer = useI18n();
  if (!composer.te('elsewhere.copy', 'zh-CN')) {
    composer.mergeLocaleMessage('zh-CN', beforeZhCN);
    composer.mergeLocaleMessage('en', beforeEn);
  }
  /** The sentences of a list of the catalogue. */
  function list(key: string, values: Record<string, string> = {}): string[] {
    return (composer.tm(key) as unknown as string[]).map((sentence) => composer.rt(sentence, values));
  }
  return { t: composer.t, locale: composer.locale, list };
}
