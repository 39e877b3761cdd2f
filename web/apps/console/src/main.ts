// The administrators' console.
import { createApp } from 'vue';
import { createDeskI18n } from '@telewitness/desk';
import { recordsEn, recordsZh } from '@telewitness/records';
import 'element-plus/dist/index.css';
import 'element-plus/theme-chalk/dark/css-vars.css';
import '@telewitness/desk/desk.css';
import { followTheme } from '@telewitness/ui';
import App from './App.vue';
import { consoleEn } from './locales/en';
import { consoleZh } from './locales/zh-CN';
import { createConsoleRouter } from './router';
import { createConsoleSession, kSession } from './session';

const session = createConsoleSession();
void session.start();

followTheme();
createApp(App)
  .use(
    createDeskI18n({
      'zh-CN': { console: consoleZh, records: recordsZh },
      en: { console: consoleEn, records: recordsEn },
    }),
  )
  .use(createConsoleRouter())
  .provide(kSession, session)
  .mount('#app');
