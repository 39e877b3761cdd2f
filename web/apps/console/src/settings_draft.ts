// The company's settings in the form, and what of them changed.
import type { Tenant, TenantChange } from '@telewitness/desk';
import { daysOf, retentionOf, type RetentionDraft } from './retention_draft';

export type CustomerPhotos = NonNullable<Tenant['customerPhotos']>;
export type Orientation = NonNullable<Tenant['callOrientation']>;

export interface SettingsDraft {
  name: string;
  placePolicy: Tenant['placePolicy'];
  /** One origin a line. */
  returnOrigins: string;
  /** One origin a line. */
  embedOrigins: string;
  customerSeesOutcome: boolean;
  tellReason: boolean;
  askSatisfaction: boolean;
  timeZone: string;
  consentZh: string;
  consentEn: string;
  retention: RetentionDraft;
  customerPhotos: CustomerPhotos;
  callOrientation: Orientation;
  /** How many hours an outcome may be put off; empty where nothing was typed. */
  outcomeHours: number | undefined;
  /** #rrggbb; empty: the product's own. */
  brandColour: string;
}

const kMinutesOfAnHour = 60;
/** What the contract allows, in whole hours. */
export const kMostOutcomeHours = 720;

/** Of a field for a number; undefined while there is none in it. */
export function numberOf(text: string): number | undefined {
  return text.trim() === '' || Number.isNaN(Number(text)) ? undefined : Number(text);
}

/** Undefined while it is no number of hours that may be saved. A part of an hour, set elsewhere, stays as it is. */
export function outcomeMinutesOf(hours: number | undefined): number | undefined {
  if (hours === undefined || !(hours > 0) || hours > kMostOutcomeHours) return undefined;
  return Math.max(1, Math.round(hours * kMinutesOfAnHour));
}

export const emptySettings = (): SettingsDraft => ({
  name: '',
  placePolicy: 'required',
  returnOrigins: '',
  embedOrigins: '',
  customerSeesOutcome: false,
  tellReason: false,
  askSatisfaction: false,
  timeZone: '',
  consentZh: '',
  consentEn: '',
  retention: retentionOf(null),
  customerPhotos: 'view',
  callOrientation: 'any',
  outcomeHours: undefined,
  brandColour: '',
});

const textOf = (tenant: Tenant, language: string) =>
  tenant.consentTexts?.find((text) => text.language === language)?.text ?? '';

export function settingsOf(tenant: Tenant): SettingsDraft {
  return {
    name: tenant.name,
    placePolicy: tenant.placePolicy,
    returnOrigins: tenant.returnOrigins.join('\n'),
    embedOrigins: (tenant.embedOrigins ?? []).join('\n'),
    customerSeesOutcome: tenant.customerSeesOutcome ?? false,
    tellReason: tenant.tellReason ?? false,
    askSatisfaction: tenant.askSatisfaction ?? false,
    timeZone: tenant.timeZone,
    consentZh: textOf(tenant, 'zh-CN'),
    consentEn: textOf(tenant, 'en'),
    retention: retentionOf(tenant.recordingRetentionDays),
    customerPhotos: tenant.customerPhotos ?? 'view',
    callOrientation: tenant.callOrientation ?? 'any',
    outcomeHours: tenant.outcomeDeadlineMinutes / kMinutesOfAnHour,
    brandColour: tenant.brandColour ?? '',
  };
}

export function originsOf(lines: string): string[] {
  return lines
    .split(/\s+/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

/** A server of before there was retention keeps everything. */
export const tenantDays = (tenant: Tenant): number | null => tenant.recordingRetentionDays ?? null;

/** Only what differs: a consent text that is sent again would become a new version. */
export function changeOf(before: Tenant, draft: SettingsDraft): TenantChange {
  const change: TenantChange = {};
  if (draft.name.trim() !== before.name) change.name = draft.name.trim();
  if (draft.placePolicy !== before.placePolicy) change.placePolicy = draft.placePolicy;
  const origins = originsOf(draft.returnOrigins);
  if (origins.join('\n') !== before.returnOrigins.join('\n')) change.returnOrigins = origins;
  const embedding = originsOf(draft.embedOrigins);
  if (embedding.join('\n') !== (before.embedOrigins ?? []).join('\n')) change.embedOrigins = embedding;
  if (draft.customerSeesOutcome !== (before.customerSeesOutcome ?? false))
    change.customerSeesOutcome = draft.customerSeesOutcome;
  if (draft.tellReason !== (before.tellReason ?? false)) change.tellReason = draft.tellReason;
  if (draft.askSatisfaction !== (before.askSatisfaction ?? false)) change.askSatisfaction = draft.askSatisfaction;
  if (draft.timeZone.trim() !== before.timeZone) change.timeZone = draft.timeZone.trim();
  const texts = (
    [
      ['zh-CN', draft.consentZh],
      ['en', draft.consentEn],
    ] as const
  )
    .filter(([language, text]) => text.trim() !== '' && text !== textOf(before, language))
    .map(([language, text]) => ({ language, text }));
  if (texts.length > 0) change.consentTexts = texts;
  if (draft.customerPhotos !== (before.customerPhotos ?? 'view')) change.customerPhotos = draft.customerPhotos;
  if (draft.callOrientation !== (before.callOrientation ?? 'any')) change.callOrientation = draft.callOrientation;
  const days = daysOf(draft.retention);
  if (days !== undefined && days !== tenantDays(before)) change.recordingRetentionDays = days;
  const minutes = outcomeMinutesOf(draft.outcomeHours);
  if (minutes !== undefined && minutes !== before.outcomeDeadlineMinutes) change.outcomeDeadlineMinutes = minutes;
  const colour = draft.brandColour.trim().toLowerCase();
  if (colour !== (before.brandColour ?? '')) change.brandColour = colour;
  return change;
}
