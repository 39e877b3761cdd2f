import { createApp } from 'vue';
import 'vant/es/style/base.css';
import 'vant/es/loading/index.css';
import 'vant/es/button/index.css';
import '@telewitness/ui/tokens.css';
import './customer.css';
import App from './App.vue';
import { createMessages } from './i18n';
import { guestTokenOf, takeLinkToken } from './logic/link_token';

async function start(): Promise<void> {
  // Third parties have the same pages in another order, under an address of their own.
  const guest = /^\/g(\/|$)/.test(window.location.pathname);
  const root = guest ? (await import('./guest/GuestApp.vue')).default : App;
  const linkToken = guest ? takeLinkToken(window, guestTokenOf) : takeLinkToken();
  createApp(root, { linkToken }).use(createMessages()).mount('#app');
}
void start();
