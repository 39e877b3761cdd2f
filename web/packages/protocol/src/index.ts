// Names for the contract's types. The generated file is made by `npm run generate`.
import type { components } from './generated/openapi';

export type { components, paths, operations } from './generated/openapi';

type Schemas = components['schemas'];
/** A schema of the contract by its name. */
export type Schema<Name extends keyof Schemas> = Schemas[Name];

export type Problem = Schema<'Problem'>;
export type InterviewStatus = Schema<'InterviewStatus'>;
export type EndReason = Schema<'EndReason'>;
export type OutcomeKind = Schema<'OutcomeKind'>;
export type Connection = Schema<'Connection'>;
export type Language = Schema<'Consent'>['language'];

export type Brand = Schema<'Brand'>;
export type Queue = Schema<'Queue'>;
export type QueueList = Schema<'QueueList'>;
export type NewQueue = Schema<'NewQueue'>;
export type QueueChange = Schema<'QueueChange'>;

export type OrderField = Schema<'OrderField'>;
export type OrderSection = Schema<'OrderSection'>;
export type Interview = Schema<'Interview'>;
export type InterviewList = Schema<'InterviewList'>;
export type Place = Schema<'Place'>;
export type PlaceReport = Schema<'PlaceReport'>;
export type NoPlaceReason = Schema<'NoPlaceReason'>;
export type PlaceAddressSettings = Schema<'PlaceAddressSettings'>;
export type NewPlaceProvider = Schema<'NewPlaceProvider'>;
export type Outcome = Schema<'Outcome'>;
export type NewOutcome = Schema<'NewOutcome'>;
export type Timeline = Schema<'Timeline'>;
export type TimelineEntry = Schema<'TimelineEntry'>;
export type Photo = Schema<'Photo'>;
export type PhotoList = Schema<'PhotoList'>;
export type PhotoCategory = Schema<'PhotoCategory'>;
export type PhotoSource = Schema<'PhotoSource'>;
export type NewPhoto = Schema<'NewPhoto'>;
export type PhotoRequest = Schema<'PhotoRequest'>;
export type CustomerPhoto = Schema<'CustomerPhoto'>;
export type CustomerPhotoList = Schema<'CustomerPhotoList'>;
export type CustomerPhotos = Schema<'CustomerPhotos'>;
export type CustomerDevice = Schema<'CustomerDevice'>;
export type Orientation = Schema<'Orientation'>;
export type Recording = Schema<'Recording'>;
export type RecordingFile = Schema<'RecordingFile'>;
export type Ticket = Schema<'Ticket'>;

export type ConsentText = Schema<'ConsentText'>;
export type Consent = Schema<'Consent'>;
export type IceServer = Schema<'IceServer'>;
export type MediaAccess = Schema<'MediaAccess'>;
export type CustomerSessionOpened = Schema<'CustomerSession'>;
export type CustomerState = Schema<'CustomerState'>;
export type NewSatisfaction = Schema<'NewSatisfaction'>;
export type Satisfaction = Schema<'Satisfaction'>;
export type InterviewExit = Schema<'Exit'>;

export type ClientLogin = Schema<'ClientLogin'>;
export type ClientLoginResult = Schema<'ClientLoginResult'>;
export type NewClientInterview = Schema<'NewClientInterview'>;
export type ClientInterview = Schema<'ClientInterview'>;
export type ClientPerson = Schema<'ClientPerson'>;
export type InterviewMode = Schema<'InterviewMode'>;

export type Role = Schema<'Role'>;
export type SignIn = Schema<'SignIn'>;
export type SignedIn = Schema<'SignedIn'>;
export type SignedInUser = Schema<'SignedInUser'>;
export type WaitingCustomer = Schema<'WaitingCustomer'>;
export type DeskQueue = Schema<'DeskQueue'>;
export type Ring = Schema<'Ring'>;
export type DeskState = Schema<'DeskState'>;
export type Presence = DeskState['presence'];
export type Activity = DeskState['activity'];
export type AgentInterview = Schema<'AgentInterview'>;
export type Notes = Schema<'Notes'>;
export type NewMark = Schema<'NewMark'>;
export type Mark = Schema<'Mark'>;
export type DeskMarkLabel = Schema<'DeskMarkLabel'>;
export type OpenOutcome = Schema<'OpenOutcome'>;
export type OpenOutcomeList = Schema<'OpenOutcomeList'>;
export type CreatedInterview = Schema<'CreatedInterview'>;
export type GivenConsent = Schema<'GivenConsent'>;
export type NewTransfer = Schema<'NewTransfer'>;
export type Transfer = Schema<'Transfer'>;
export type TransferTargets = Schema<'TransferTargets'>;
export type CustomerPage = Schema<'CustomerPage'>;

export type Person = Schema<'Person'>;
export type PublishedStream = Schema<'PublishedStream'>;
export type NewGuest = Schema<'NewGuest'>;
export type Guest = Schema<'Guest'>;
export type GuestList = Schema<'GuestList'>;
export type CreatedGuest = Schema<'CreatedGuest'>;
export type GuestSessionOpened = Schema<'GuestSession'>;
export type GuestState = Schema<'GuestState'>;
export type SupervisionMode = Schema<'SupervisionMode'>['mode'];
export type LiveInterview = Schema<'LiveInterview'>;
export type LiveInterviewList = Schema<'LiveInterviewList'>;
export type SupervisorState = Schema<'SupervisorState'>;

export type MediaKind = Schema<'MediaKind'>;
export type MediaItem = Schema<'MediaItem'>;
export type MediaItemList = Schema<'MediaItemList'>;
export type NewMediaFromUrl = Schema<'NewMediaFromUrl'>;
export type NewPlayer = Schema<'NewPlayer'>;
export type PlayerChange = Schema<'PlayerChange'>;
export type Player = Schema<'Player'>;

export type Tenant = Schema<'Tenant'>;
export type TenantChange = Schema<'TenantChange'>;
export type User = Schema<'User'>;
export type UserList = Schema<'UserList'>;
export type NewUser = Schema<'NewUser'>;
export type UserChange = Schema<'UserChange'>;
export type ApiKey = Schema<'ApiKey'>;
export type ApiKeyList = Schema<'ApiKeyList'>;
export type NewApiKey = Schema<'NewApiKey'>;
export type CreatedApiKey = Schema<'CreatedApiKey'>;
export type Reason = Schema<'Reason'>;
export type ReasonList = Schema<'ReasonList'>;
export type NewReason = Schema<'NewReason'>;
export type MarkLabel = Schema<'MarkLabel'>;
export type NewMarkLabel = Schema<'NewMarkLabel'>;
export type MarkLabelChange = Schema<'MarkLabelChange'>;
export type AuditEntry = Schema<'AuditEntry'>;
export type AuditList = Schema<'AuditList'>;
export type WebhookEventType = Schema<'WebhookEventType'>;
export type WebhookEndpoint = Schema<'WebhookEndpoint'>;
export type WebhookEndpointList = Schema<'WebhookEndpointList'>;
export type NewWebhookEndpoint = Schema<'NewWebhookEndpoint'>;
export type CreatedWebhookEndpoint = Schema<'CreatedWebhookEndpoint'>;
export type WebhookEndpointChange = Schema<'WebhookEndpointChange'>;
export type WebhookMessage = Schema<'WebhookMessage'>;
export type WebhookMessageList = Schema<'WebhookMessageList'>;

export type ClientMessage = Schema<'ClientMessage'>;
export type ServerMessage = Schema<'ServerMessage'>;
/** One kind of message from the server, e.g. `ServerMessageOf<'desk.state'>`. */
export type ServerMessageOf<Type extends ServerMessage['type']> = Extract<ServerMessage, { type: Type }>;

/** Version of the WebSocket envelope. */
export const kEnvelopeVersion = 1;
