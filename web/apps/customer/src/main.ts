import { createApp } from 'vue';
import 'vant/es/style/base.css';
import 'vant/es/loading/index.css';
import 'vant/es/button/index.css';
import '@telewitness/ui/tokens.css';
import './customer.css';
import App from './App.vue';
import { createMessages } from './i18n';
import { takeLinkToken } from './logic/link_token';

createApp(App, { linkToken: takeLinkToken() }).use(createMessages()).mount('#app');
