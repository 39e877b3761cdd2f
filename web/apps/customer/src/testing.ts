// What tests of pages share: mounting with messages, states of the server.
import type { CustomerState } from '@telewitness/client';
import { mount, type ComponentMountingOptions } from '@vue/test-utils';
import type { Component } from 'vue';
import { createMessages } from './i18n';

export function show<T extends Component>(
  component: T,
  props: Record<string, unknown>,
  language: 'zh-CN' | 'en' = 'en',
) {
  const options = {
    props,
    global: { plugins: [createMessages(language)] },
    attachTo: document.body,
  } as unknown as ComponentMountingOptions<T>;
  return mount(component, options);
}

export const byTest = (id: string) => `[data-testid="${id}"]`;

export const customerState = (more: Partial<CustomerState> = {}): CustomerState => ({
  interviewId: 'itv_1',
  status: 'entered',
  companyName: 'Bank',
  tenantName: 'Tenant',
  brand: { companyName: 'Bank' },
  placePolicy: 'optional',
  consentGiven: false,
  placeGiven: false,
  people: [],
  voiceOnly: false,
  held: false,
  consentTexts: [
    { version: '3', language: 'zh-CN', text: '告知', sha256: 'aa'.repeat(32) },
    { version: '4', language: 'en', text: 'Notice', sha256: 'bb'.repeat(32) },
  ],
  serverTime: '2026-01-01T00:00:00Z',
  ...more,
});
