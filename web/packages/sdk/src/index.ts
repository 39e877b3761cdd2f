// @telewitness/client: sessions, requests and news. Media is in `@telewitness/client/media`, so that a page can load it late.
export { ProblemError } from './problem';
export { Http, type HttpOptions, type RequestOptions, type QueryValue } from './http';
export {
  EventSocket,
  kCloseInterviewOver,
  kCloseNotSignedIn,
  kCloseTakenOver,
  type EventSocketOptions,
  type SocketState,
  type SocketStatus,
} from './event_socket';
export { LinkSession, type LinkSessionEvents, type SessionOptions } from './link_session';
export { CustomerSession, isOtherDevice, type CustomerSessionEvents } from './customer_session';
export {
  AgentSession,
  withTicket,
  type AgentSessionEvents,
  type InterviewFilter,
  type PhotoVariant,
} from './agent_session';
export { AgentDay } from './agent_day';
export { Conversation } from './conversation';
export {
  GuestSession,
  isOtherGuestDevice,
  isSignInRequired,
  type GuestSessionEvents,
  type OpenGuestOptions,
} from './guest_session';
export { cameraStateOf, PagePresence, type CameraState, type PagePresenceOptions } from './page_presence';
export {
  DeviceWatch,
  inputStateOf,
  type DeviceWatchEvents,
  type DeviceWatchOptions,
  type InputDevice,
  type InputState,
  type SoundChange,
} from './device_watch';
export { OwnPhotos, type PhotoRefusal, type SendPhotoOptions } from './own_photos';
export { NoStillError, takeStill, type StillEnvironment } from './still';
export { PlayerControl, type NewPlay, type PlayableMedia, type PlayerKind, type PlayerState } from './player_control';
export {
  canShareScreen,
  ScreenShare,
  type DisplaySource,
  type ScreenShareEvents,
  type ScreenState,
  type ScreenTrouble,
} from './screen_share';
export { Supervision, type SupervisionEvents } from './supervision';
export { Emitter, type Listener } from './emitter';
export { Backoff, type BackoffOptions } from './backoff';
export type * from '@telewitness/protocol';
