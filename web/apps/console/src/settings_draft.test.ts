import { describe, expect, it } from 'vitest';
import type { Tenant } from '@telewitness/desk';
import { changeOf, originsOf, settingsOf } from './settings_draft';

const tenant: Tenant = {
  id: 't',
  account: 'demo',
  name: '示范',
  placePolicy: 'required',
  returnOrigins: ['https://a.example', 'https://b.example'],
  timeZone: 'Asia/Shanghai',
  recordingRetentionDays: 90,
  outcomeDeadlineMinutes: 1440,
  consentTexts: [{ version: '1', language: 'zh-CN', text: '同意', sha256: 'x' }],
};

it.each([
  ['', []],
  ['https://a.example\n\n  https://b.example ', ['https://a.example', 'https://b.example']],
])('%j are the origins %j', (lines, origins) => expect(originsOf(lines)).toEqual(origins));

describe('only what changed is sent', () => {
  it.each([
    ['nothing', {}, {}],
    ['the name', { name: ' 新名 ' }, { name: '新名' }],
    ['the time for outcomes', { outcomeHours: 1.5 }, { outcomeDeadlineMinutes: 90 }],
    ['a time for outcomes that is none', { outcomeHours: undefined }, {}],
    ['a time for outcomes that is too long', { outcomeHours: 721 }, {}],
    ['the policy', { placePolicy: 'optional' as const }, { placePolicy: 'optional' }],
    ['origins', { returnOrigins: 'https://c.example' }, { returnOrigins: ['https://c.example'] }],
    ['origins removed', { returnOrigins: '' }, { returnOrigins: [] }],
    ['pages that may embed', { embedOrigins: 'https://c.example' }, { embedOrigins: ['https://c.example'] }],
    ['what customers are told', { customerSeesOutcome: true }, { customerSeesOutcome: true }],
    ['the reason too', { tellReason: true }, { tellReason: true }],
    ['what customers are asked', { askSatisfaction: true }, { askSatisfaction: true }],
    ['one consent text', { consentEn: 'I agree' }, { consentTexts: [{ language: 'en', text: 'I agree' }] }],
    ['an emptied consent text is kept as it was', { consentZh: ' ' }, {}],
    ['retention', { retention: { kind: 'days' as const, days: '30' } }, { recordingRetentionDays: 30 }],
    ['no retention', { retention: { kind: 'never' as const, days: '30' } }, { recordingRetentionDays: null }],
    ['the same retention', { retention: { kind: 'days' as const, days: '90' } }, {}],
    ['what customers may do with photos', { customerPhotos: 'none' as const }, { customerPhotos: 'none' }],
    ['how calls are shown', { callOrientation: 'landscape' as const }, { callOrientation: 'landscape' }],
    ['the same of both', { customerPhotos: 'view' as const, callOrientation: 'any' as const }, {}],
    ['the colour', { brandColour: ' #C8102E ' }, { brandColour: '#c8102e' }],
    ['no colour, as before', { brandColour: '' }, {}],
    ['the time zone', { timeZone: 'Asia/Tokyo' }, { timeZone: 'Asia/Tokyo' }],
  ])('%s', (_name, edit, change) => expect(changeOf(tenant, { ...settingsOf(tenant), ...edit })).toEqual(change));
});
