// What this browser lacks for an interview: a pure function of what it has. The name of the browser plays no part.

/** `secure`: not on https, so that the browser hides the rest; `video`: neither H.264 nor VP8 (RFC 7742 section 5 wants both). */
export type Lack = 'secure' | 'devices' | 'calls' | 'video' | 'socket';

export interface Environment {
  secure: boolean;
  getUserMedia: boolean;
  peerConnection: boolean;
  webSocket: boolean;
  /** MIME types of the video that can be sent; undefined where the browser does not tell. */
  videoTypes: readonly string[] | undefined;
}

/** The server records and forwards these. */
const kVideoTypes = ['video/h264', 'video/vp8'];

export function lacksOf(environment: Environment): Lack[] {
  if (!environment.secure) return ['secure'];
  const types = environment.videoTypes?.map((type) => type.toLowerCase());
  const lacks: [boolean, Lack][] = [
    [!environment.getUserMedia, 'devices'],
    [!environment.peerConnection, 'calls'],
    [environment.peerConnection && types !== undefined && !kVideoTypes.some((type) => types.includes(type)), 'video'],
    [!environment.webSocket, 'socket'],
  ];
  return lacks.filter(([lacks]) => lacks).map(([, what]) => what);
}

/** What of a window is looked at. */
export interface AskedWindow {
  isSecureContext: boolean;
  navigator: { mediaDevices?: { getUserMedia?: unknown } | undefined };
  RTCPeerConnection?: unknown;
  WebSocket?: unknown;
  RTCRtpSender?: { getCapabilities?: (kind: string) => { codecs: { mimeType: string }[] } | null } | undefined;
}

export function environmentOf(target: AskedWindow): Environment {
  return {
    secure: target.isSecureContext,
    getUserMedia: typeof target.navigator.mediaDevices?.getUserMedia === 'function',
    peerConnection: typeof target.RTCPeerConnection === 'function',
    webSocket: typeof target.WebSocket === 'function',
    videoTypes: videoTypesOf(target),
  };
}

function videoTypesOf(target: AskedWindow): string[] | undefined {
  try {
    const types = target.RTCRtpSender?.getCapabilities?.('video')?.codecs.map((codec) => codec.mimeType);
    // An empty list is what a browser says whose encoders have not been asked yet.
    return types && types.length > 0 ? types : undefined;
  } catch {
    return undefined;
  }
}
