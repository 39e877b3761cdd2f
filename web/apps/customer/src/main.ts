import { createApp, type Component } from 'vue';
import 'vant/es/style/base.css';
import 'vant/es/loading/index.css';
import 'vant/es/button/index.css';
import '@telewitness/ui/tokens.css';
import './customer.css';
import { followTheme } from '@telewitness/ui';
import App from './App.vue';
import { createMessages } from './i18n';
import { environmentOf, lacksOf } from './logic/capability';
import { guestTokenOf, takeLinkToken } from './logic/link_token';
import { createSessionStore, kGuestKey } from './logic/session_store';

async function start(): Promise<void> {
  followTheme();
  // Third parties have the same pages in another order, under an address of their own.
  const guest = /^\/g(\/|$)/.test(window.location.pathname);
  const linkToken = guest ? takeLinkToken(window, guestTokenOf) : takeLinkToken();
  const show = (root: Component, props: Record<string, unknown>) =>
    createApp(root, props).use(createMessages()).mount('#app');
  // First of all: a browser that cannot hold an interview opens no link, and says where it can be opened.
  const lacks = lacksOf(environmentOf(window));
  if (lacks.length > 0) {
    const stored = guest ? createSessionStore(undefined, kGuestKey) : createSessionStore();
    const { default: BrowserApp } = await import('./before/BrowserApp.vue');
    show(BrowserApp, { lacks, linkToken: linkToken ?? stored.read()?.linkToken });
    return;
  }
  show(guest ? (await import('./guest/GuestApp.vue')).default : App, { linkToken });
}
void start();
