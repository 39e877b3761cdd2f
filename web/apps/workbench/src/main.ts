// The agents' workbench.
import { createApp } from 'vue';
import { createDeskI18n, linkTokenOf, takeLinkToken } from '@telewitness/desk';
import { recordsEn, recordsZh } from '@telewitness/records';
import 'element-plus/dist/index.css';
import 'element-plus/theme-chalk/dark/css-vars.css';
import '@telewitness/desk/desk.css';
import { followTheme } from '@telewitness/ui';
import App from './App.vue';
import { reportSession } from './frame';
import { workbenchEn } from './locales/en';
import { workbenchZh } from './locales/zh-CN';
import { createWorkbenchRouter } from './router';
import { createWorkbenchSession, kSession } from './session';

const session = createWorkbenchSession();
reportSession(session);
void session.start(takeLinkToken());
// A link opened in this tab again changes only the fragment, which reloads nothing.
window.addEventListener('hashchange', (event) => {
  const token = linkTokenOf(new URL(event.newURL).hash);
  if (token) void session.start(token);
});

followTheme();
createApp(App)
  .use(
    createDeskI18n({
      'zh-CN': { workbench: workbenchZh, records: recordsZh },
      en: { workbench: workbenchEn, records: recordsEn },
    }),
  )
  .use(createWorkbenchRouter())
  .provide(kSession, session)
  .mount('#app');
