// The design system, shown: tokens and every component of packages/ui in every state. It asks the server for nothing.
import { createApp } from 'vue';
import '@telewitness/ui/tokens.css';
import './design.css';
import { createI18n } from 'vue-i18n';
import { followTheme, initialLanguage, type Language } from '@telewitness/ui';
import App from './App.vue';
import { en } from './locales/en';
import { zhCN, type Words } from './locales/zh-CN';

followTheme();
createApp(App)
  .use(
    createI18n<[Words], Language, false>({
      legacy: false,
      locale: initialLanguage(),
      fallbackLocale: 'zh-CN',
      messages: { 'zh-CN': zhCN, en },
    }),
  )
  .mount('#app');
