import { describe, expect, it } from 'vitest';
import { environmentOf, lacksOf, type AskedWindow, type Environment } from './capability';

const whole: Environment = {
  secure: true,
  getUserMedia: true,
  peerConnection: true,
  webSocket: true,
  videoTypes: ['video/VP8', 'video/H264', 'video/AV1'],
};

describe('what a browser lacks', () => {
  it.each<[string, Partial<Environment>, string[]]>([
    ['nothing', {}, []],
    ['nothing, when it does not tell its codecs', { videoTypes: undefined }, []],
    ['nothing, with H.264 alone', { videoTypes: ['video/H264'] }, []],
    ['nothing, with VP8 alone', { videoTypes: ['video/VP8'] }, []],
    ['a camera: an app that does not give it to pages', { getUserMedia: false }, ['devices']],
    ['calls', { peerConnection: false, videoTypes: undefined }, ['calls']],
    ['a codec that the server takes', { videoTypes: ['video/AV1', 'video/rtx'] }, ['video']],
    ['news', { webSocket: false }, ['socket']],
    ['everything', { getUserMedia: false, peerConnection: false, webSocket: false }, ['devices', 'calls', 'socket']],
    ['https, whatever else is hidden because of it', { secure: false, getUserMedia: false }, ['secure']],
  ])('%s', (_what, changes, lacks) => expect(lacksOf({ ...whole, ...changes })).toEqual(lacks));
});

describe('a window is asked', () => {
  class Something {}
  const full: AskedWindow = {
    isSecureContext: true,
    navigator: { mediaDevices: { getUserMedia: () => undefined } },
    RTCPeerConnection: Something,
    WebSocket: Something,
    RTCRtpSender: { getCapabilities: () => ({ codecs: [{ mimeType: 'video/VP8' }] }) },
  };

  it('for all of it', () => expect(environmentOf(full)).toEqual({ ...whole, videoTypes: ['video/VP8'] }));

  it.each<[string, Partial<AskedWindow>, Partial<Environment>]>([
    ['no media devices', { navigator: {} }, { getUserMedia: false }],
    ['media devices that only list', { navigator: { mediaDevices: {} } }, { getUserMedia: false }],
    ['no senders to ask', { RTCRtpSender: undefined }, { videoTypes: undefined }],
    ['senders that do not tell', { RTCRtpSender: { getCapabilities: () => null } }, { videoTypes: undefined }],
    [
      'senders that tell nothing yet',
      { RTCRtpSender: { getCapabilities: () => ({ codecs: [] }) } },
      { videoTypes: undefined },
    ],
    [
      'senders that throw',
      {
        RTCRtpSender: {
          getCapabilities: () => {
            throw new Error('not now');
          },
        },
      },
      { videoTypes: undefined },
    ],
  ])('%s', (_what, changes, found) =>
    expect(environmentOf({ ...full, ...changes })).toEqual({ ...environmentOf(full), ...found }),
  );
});
