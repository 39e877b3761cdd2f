// @telewitness/client/media: WebRTC over WHIP and WHEP, and the call that joins them. Load it when a call is near.
export { Call, type CallEvents, type CallOptions, type CallState } from './call';
export { WhipPublisher, type PublisherOptions, type TrackKind } from './whip_publisher';
export { RemoteStreams, type RemoteStream, type RemoteStreamsEvents } from './remote_streams';
export { keyOf, kMostViewers, targetOf, watchListOf, type WatchTarget } from './watch_list';
export { WhepViewer } from './whep_viewer';
export { type MediaConnectionEvents, type MediaConnectionState, type MediaEnvironment } from './media_connection';
export { type Quality } from './quality';
