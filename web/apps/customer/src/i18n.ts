import { createI18n } from 'vue-i18n';
import { initialLanguage, type Language } from '@telewitness/ui';
import { en } from './locales/en';
import { zhCN, type Messages } from './locales/zh-CN';

export function createMessages(language: Language = initialLanguage()) {
  return createI18n<[Messages], Language, false>({
    legacy: false,
    locale: language,
    fallbackLocale: 'zh-CN',
    messages: { 'zh-CN': zhCN, en },
  });
}
