// Pages of the console, in the fragment: the server knows one address only.
import { createRouter, createWebHashHistory, type Router } from 'vue-router';
import QueuesPage from './pages/QueuesPage.vue';

export const kSections = [
  'queues',
  'users',
  'reasons',
  'marks',
  'media',
  'interviews',
  'recordings',
  'api-keys',
  'webhooks',
  'audit',
  'settings',
] as const;
export type Section = (typeof kSections)[number];

export function createConsoleRouter(): Router {
  return createRouter({
    history: createWebHashHistory(),
    routes: [
      { path: '/', redirect: '/queues' },
      { path: '/queues', component: QueuesPage },
      { path: '/users', component: () => import('./pages/UsersPage.vue') },
      { path: '/reasons', component: () => import('./pages/ReasonsPage.vue') },
      { path: '/marks', component: () => import('./pages/MarksPage.vue') },
      { path: '/media', component: () => import('./pages/MediaPage.vue') },
      { path: '/interviews', component: () => import('./pages/InterviewsPage.vue') },
      { path: '/interviews/:interviewId', component: () => import('./pages/InterviewPage.vue'), props: true },
      { path: '/recordings', component: () => import('./pages/RecordingsPage.vue') },
      { path: '/recordings/:interviewId', component: () => import('./pages/RecordingPage.vue'), props: true },
      { path: '/api-keys', component: () => import('./pages/ApiKeysPage.vue') },
      { path: '/webhooks', component: () => import('./pages/WebhooksPage.vue') },
      { path: '/audit', component: () => import('./pages/AuditPage.vue') },
      { path: '/settings', component: () => import('./pages/SettingsPage.vue') },
      { path: '/:rest(.*)*', redirect: '/queues' },
    ],
  });
}
