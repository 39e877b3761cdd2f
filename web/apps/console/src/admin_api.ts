// What the console asks of the server, one function a verb of the contract.
import { inject, type InjectionKey } from 'vue';
import type { Http } from '@telewitness/client';
import type {
  ApiKey,
  AuditEntry,
  Brand,
  CreatedApiKey,
  CreatedWebhookEndpoint,
  MarkLabel,
  MarkLabelChange,
  MediaItem,
  MediaKind,
  NewMarkLabel,
  NewMediaFromUrl,
  NewPlaceProvider,
  NewUser,
  NewWebhookEndpoint,
  Page,
  PlaceAddressSettings,
  Queue,
  Reason,
  Tenant,
  TenantChange,
  User,
  UserChange,
  WebhookEndpoint,
  WebhookEndpointChange,
  WebhookMessage,
} from '@telewitness/desk';

type Items<T> = { items: T[] };
const at = (path: string, id: string) => `${path}/${encodeURIComponent(id)}`;

export function createAdminApi(http: Http) {
  const list = async <T>(path: string) => (await http.get<Items<T>>(path)).items;
  return {
    tenant: () => http.get<Tenant>('/admin/tenant'),
    changeTenant: (change: TenantChange) => http.patch<Tenant>('/admin/tenant', change),
    putLogo: (picture: Blob) =>
      http.upload<Brand>('/admin/logo', picture, { method: 'PUT', headers: { 'content-type': picture.type } }),
    removeLogo: () => http.delete('/admin/logo'),

    placeAddresses: () => http.get<PlaceAddressSettings>('/admin/place-provider'),
    setPlaceProvider: (provider: NewPlaceProvider) => http.put<PlaceAddressSettings>('/admin/place-provider', provider),
    removePlaceProvider: () => http.delete<PlaceAddressSettings>('/admin/place-provider'),

    queues: () => list<Queue>('/admin/queues'),
    createQueue: (name: string) => http.post<Queue>('/admin/queues', { name }),
    changeQueue: (id: string, change: { name?: string; enabled?: boolean }) =>
      http.patch<Queue>(at('/admin/queues', id), change),
    deleteQueue: (id: string) => http.delete(at('/admin/queues', id)),

    users: () => list<User>('/admin/users'),
    createUser: (user: NewUser) => http.post<User>('/admin/users', user),
    changeUser: (id: string, change: UserChange) => http.patch<User>(at('/admin/users', id), change),

    apiKeys: () => list<ApiKey>('/admin/api-keys'),
    createApiKey: (name: string) => http.post<CreatedApiKey>('/admin/api-keys', { name }),
    changeApiKey: (id: string, change: { name?: string; enabled?: boolean }) =>
      http.patch<ApiKey>(at('/admin/api-keys', id), change),

    reasons: () => list<Reason>('/admin/reasons'),
    createReason: (reason: Pick<Reason, 'kind' | 'text'>) => http.post<Reason>('/admin/reasons', reason),
    changeReason: (id: string, change: { text?: string; enabled?: boolean }) =>
      http.patch<Reason>(at('/admin/reasons', id), change),

    marks: () => list<MarkLabel>('/admin/mark-labels'),
    createMark: (mark: NewMarkLabel) => http.post<MarkLabel>('/admin/mark-labels', mark),
    changeMark: (id: string, change: MarkLabelChange) => http.patch<MarkLabel>(at('/admin/mark-labels', id), change),
    deleteMark: (id: string) => http.delete(at('/admin/mark-labels', id)),

    endpoints: () => list<WebhookEndpoint>('/webhook-endpoints'),
    createEndpoint: (endpoint: NewWebhookEndpoint) => http.post<CreatedWebhookEndpoint>('/webhook-endpoints', endpoint),
    changeEndpoint: (id: string, change: WebhookEndpointChange) =>
      http.patch<WebhookEndpoint>(at('/webhook-endpoints', id), change),
    deleteEndpoint: (id: string) => http.delete(at('/webhook-endpoints', id)),
    messages: (query: { endpointId?: string | undefined; cursor?: string | undefined }) =>
      http.get<Page<WebhookMessage>>('/webhook-messages', { query }),
    resend: (id: string) => http.post<WebhookMessage>(`${at('/webhook-messages', id)}/resend`),

    media: () => list<MediaItem>('/admin/media'),
    uploadMedia: (
      file: Blob,
      about: { title: string; kind: MediaKind },
      options: { onProgress?: (share: number) => void; signal?: AbortSignal } = {},
    ) => http.upload<MediaItem>('/admin/media', file, { query: about, ...options }),
    addMediaFromUrl: (media: NewMediaFromUrl) => http.post<MediaItem>('/admin/media/from-url', media),
    deleteMedia: (id: string) => http.delete(at('/admin/media', id)),

    audit: (cursor: string | undefined) => http.get<Page<AuditEntry>>('/admin/audit', { query: { cursor } }),
  };
}

export type AdminApi = ReturnType<typeof createAdminApi>;

export const kAdminApi: InjectionKey<AdminApi> = Symbol('admin api');

export function useAdminApi(): AdminApi {
  const api = inject(kAdminApi);
  if (!api) throw new Error('Used outside the signed-in page.');
  return api;
}
