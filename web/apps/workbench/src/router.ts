// Pages of the workbench, in the fragment: the server knows one address only.
import { createRouter, createWebHashHistory } from 'vue-router';
import DeskPage from './pages/DeskPage.vue';

export const router = createRouter({
  history: createWebHashHistory(),
  routes: [
    { path: '/', name: 'desk', component: DeskPage },
    { path: '/records', name: 'records', component: () => import('./pages/RecordsPage.vue') },
    { path: '/records/:interviewId', name: 'record', component: () => import('./pages/RecordPage.vue'), props: true },
    { path: '/:rest(.*)*', redirect: '/' },
  ],
});
