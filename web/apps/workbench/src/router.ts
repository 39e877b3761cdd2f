// Pages of the workbench, in the fragment: the server knows one address only.
import { createRouter, createWebHashHistory, type Router } from 'vue-router';
import DeskPage from './pages/DeskPage.vue';

/** Made after the token of a sign-in link was taken out of the fragment, which the router would take for a page. */
export function createWorkbenchRouter(): Router {
  return createRouter({
    history: createWebHashHistory(),
    routes: [
      { path: '/', name: 'desk', component: DeskPage },
      { path: '/records', name: 'records', component: () => import('./pages/RecordsPage.vue') },
      { path: '/records/:interviewId', name: 'record', component: () => import('./pages/RecordPage.vue'), props: true },
      { path: '/supervise', name: 'supervise', component: () => import('./pages/SupervisePage.vue') },
      { path: '/:rest(.*)*', redirect: '/' },
    ],
  });
}
