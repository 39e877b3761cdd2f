import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { CustomerState } from '@telewitness/protocol';
import { OwnPhotos } from '../own_photos';
import { ProblemError } from '../problem';
import { NoStillError, type StillEnvironment } from '../still';
import { FakeMediaServer, FakePeer, FakeSocket, FakeStream, fakeLocal, kAccess } from '../testing';
import { TelewitnessClient } from './client';
import { exitResultOf } from './exit_result';
import { atServer, HeadlessInterview } from './headless_interview';
import { UnsupportedError } from './unsupported';
import { resultOf } from './witness_video';

const kServer = 'https://sign.bank.example:8443';
const kLogin = ['demo', 'B-1', 'A-1', '演示银行'] as const;

interface Asked {
  url: string;
  headers: Record<string, string>;
  body: unknown;
}

/** A server that answers each path with what the test says. */
function fakeServer(answers: Record<string, [number, unknown]>) {
  const asked: Asked[] = [];
  const fetch = (async (url: string, init: RequestInit) => {
    asked.push({
      url,
      headers: init.headers as Record<string, string>,
      body: typeof init.body === 'string' ? (JSON.parse(init.body) as unknown) : undefined,
    });
    const [status, body] = answers[new URL(url).pathname.replace('/api/v1', '')] ?? [404, { code: 'route.unknown' }];
    const type = status < 400 ? 'application/json' : 'application/problem+json';
    return new Response(JSON.stringify(body), { status, headers: { 'content-type': type } });
  }) as unknown as typeof globalThis.fetch;
  return { asked, fetch };
}

const kLoggedIn: [number, unknown] = [
  200,
  { companyName: '演示银行', tenantName: '演示银行', expiresAt: '2026-01-01T00:05:00Z' },
];
const kStarted: [number, unknown] = [
  201,
  { interviewId: 'itv_1', customerLink: { url: `${kServer}/i#t=twl_1`, expiresAt: '2026-01-01T01:00:00Z' } },
];
const clientOf = (fetch: typeof globalThis.fetch) =>
  new TelewitnessClient({ server: `${kServer}/`, token: 'twn_1', fetch });

describe('logging in and starting an interview', () => {
  it('sends what the seeds call it, in the words of the contract, with the token as bearer', async () => {
    const { asked, fetch } = fakeServer({ '/client/login': kLoggedIn, '/client/interviews': kStarted });
    const client = clientOf(fetch);
    await expect(client.login(...kLogin)).resolves.toMatchObject({ companyName: '演示银行' });
    const started = await client.startInterview({
      nickName: 'wang-01',
      queueId: 'que_1',
      remotelyRiskVoideUrl: `${kServer}/film.mp4`,
      userInfoList: [{ name: '王', idNumber: '3101', faceResult: 1, similarity: '93.5' }],
    });
    expect(started).toMatchObject({ interviewId: 'itv_1', link: `${kServer}/i#t=twl_1` });
    expect(asked.map((each) => each.url)).toEqual([
      `${kServer}/api/v1/client/login`,
      `${kServer}/api/v1/client/interviews`,
    ]);
    expect(asked.every((each) => each.headers['authorization'] === 'Bearer twn_1')).toBe(true);
    expect(asked[1]!.body).toEqual({
      accountId: 'demo',
      businessId: 'B-1',
      assistId: 'A-1',
      companyName: '演示银行',
      nickName: 'wang-01',
      queueId: 'que_1',
      mode: 'remote',
      riskVideoUrl: `${kServer}/film.mp4`,
      people: [{ compareHere: false, faceResult: 'passed', name: '王', idNumber: '3101', similarity: 93.5 }],
    });
  });

  it('says by name what the server does not have', async () => {
    const refusal = { code: 'client.not_built', status: 501, params: { features: 'self_service,faces' } };
    const { fetch } = fakeServer({ '/client/login': kLoggedIn, '/client/interviews': [501, refusal] });
    const client = clientOf(fetch);
    await client.login(...kLogin);
    const failure = await client
      .startInterview({ nickName: 'a', queueId: 'que_1', mode: 'self_service' })
      .catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(UnsupportedError);
    expect(failure).toBeInstanceOf(ProblemError);
    expect(failure).toMatchObject({ features: ['self_service', 'faces'], code: 'client.not_built', status: 501 });
  });

  it('starts nothing without a login that the server took', async () => {
    const { asked, fetch } = fakeServer({ '/client/login': [403, { code: 'login_token.scope' }] });
    const client = clientOf(fetch);
    await expect(client.login(...kLogin)).rejects.toMatchObject({ code: 'login_token.scope', status: 403 });
    await expect(client.startInterview({ nickName: 'a', queueId: 'que_1' })).rejects.toMatchObject({
      code: 'login.required',
    });
    expect(asked).toHaveLength(1);
  });

  it('takes a server only by a web address', () => {
    expect(() => new TelewitnessClient({ server: 'javascript:alert(1)', token: 't' })).toThrow(TypeError);
    expect(() => new TelewitnessClient({ server: 'sign.bank.example', token: 't' })).toThrow(TypeError);
  });
});

/** A camera whose still is these bytes; nothing means that it gives none. */
const stillsOf = (jpeg: Blob | undefined): StillEnvironment => ({
  createImageBitmap: async () => ({ width: 4, height: 3, close() {} }) as ImageBitmap,
  encode: async () => jpeg!,
  largestFrame: async () => {
    if (!jpeg) throw new Error('nothing to see');
    return { source: {} as CanvasImageSource, width: 4, height: 3, close() {} };
  },
});

const kState = {
  interviewId: 'itv_1',
  businessId: 'B-1',
  status: 'entered',
  people: [],
  voiceOnly: false,
  serverTime: '2026-01-01T00:00:00Z',
} as unknown as CustomerState;

describe('an interview without a page of ours', () => {
  let media: FakeMediaServer;
  beforeEach(() => {
    media = new FakeMediaServer();
    FakeSocket.all = [];
    FakePeer.all = [];
    vi.stubGlobal('MediaStream', FakeStream);
  });
  afterEach(() => {
    vi.unstubAllGlobals();
    vi.restoreAllMocks();
  });

  const hear = (state: Partial<CustomerState>, at: number) =>
    FakeSocket.last.hear({
      v: 1,
      type: 'customer.state',
      seq: at,
      state: { ...kState, serverTime: `2026-01-01T00:00:0${at}Z`, ...state },
    });

  async function enter(stills = stillsOf(undefined), answers: Record<string, [number, unknown]> = {}) {
    const { fetch, asked } = fakeServer({ '/customer/sessions': [201, { token: 'twc_1', state: kState }], ...answers });
    const interview = await HeadlessInterview.enter('twl_1', {
      baseUrl: `${kServer}/api/v1`,
      socketUrl: 'wss://sign.bank.example:8443/api/v1/ws',
      fetch,
      WebSocket: FakeSocket as unknown as typeof WebSocket,
      environment: { fetch: media.fetch, RTCPeerConnection: FakePeer as unknown as typeof RTCPeerConnection },
      stills,
    });
    FakeSocket.last.welcome();
    return { interview, asked };
  }

  it('connects the call when the state has media, at the server and not at the page, and says once how it ended', async () => {
    const { interview } = await enter();
    const states: string[] = [];
    const ends: unknown[] = [];
    interview.on('state', (state) => states.push(state.status));
    interview.on('ended', (result) => ends.push(result));
    await interview.useMedia(fakeLocal());
    hear({ status: 'queued' }, 2);
    expect(interview.call).toBeUndefined();
    const relative = {
      ...kAccess,
      publishUrl: '/api/v1/media/itv_1/whip/camera',
      watchUrl: '/api/v1/media/itv_1/whep/agent/camera',
      watchTemplate: '/api/v1/media/itv_1/whep/{participant}/{stream}',
    };
    hear({ status: 'ringing', media: { ...relative, publish: [{ stream: 'camera', url: relative.publishUrl }] } }, 3);
    expect(interview.call).toBeDefined();
    await vi.waitFor(() => expect(media.count('POST')).toBe(2));
    expect(media.asked.every((each) => each.url.startsWith(`${kServer}/api/v1/media/`))).toBe(true);

    hear({ status: 'ended', endReason: 'concluded', endedAt: '2026-01-01T00:00:04Z' }, 4);
    await expect(interview.exited).resolves.toMatchObject({ interviewId: 'itv_1', endReason: 'concluded' });
    expect(interview.call).toBeUndefined();
    hear({ status: 'ended' }, 5);
    expect(states).toEqual(['queued', 'ringing', 'ended']);
    expect(ends).toHaveLength(1);
  });

  it('tells the page that started it once how it ended, with the receipt and never the decision it was not told', async () => {
    const { fetch } = fakeServer({
      '/client/login': kLoggedIn,
      '/client/interviews': kStarted,
      '/customer/sessions': [201, { token: 'twc_1', state: kState }],
    });
    const client = new TelewitnessClient({
      server: kServer,
      token: 'twn_1',
      fetch,
      WebSocket: FakeSocket as unknown as typeof WebSocket,
    });
    await client.login(...kLogin);
    const onExit = vi.fn();
    await (await client.startInterview({ nickName: 'a', queueId: 'que_1' }, onExit)).enter();
    FakeSocket.last.welcome();
    expect(onExit).not.toHaveBeenCalled();
    const ended = {
      status: 'ended',
      endReason: 'hung_up',
      receiptNumber: '7KQ4-MR2X',
      signedExit: 'interview=itv_1&sign=s',
    } as const;
    hear(ended, 1);
    hear(ended, 2);
    await vi.waitFor(() => expect(onExit).toHaveBeenCalledOnce());
    expect(onExit.mock.calls[0]![0]).toMatchObject({ receiptNumber: '7KQ4-MR2X', signed: 'interview=itv_1&sign=s' });
    expect(onExit.mock.calls[0]![0]).not.toHaveProperty('outcome');
    expect(onExit.mock.calls[0]![0]).not.toHaveProperty('reason');
  });

  it('lets go without leaving', async () => {
    const { interview } = await enter();
    interview.close();
    expect(FakeSocket.last.readyState).toBe(3);
  });

  const kRequest = { photoId: 'pho_1', category: 'portrait', until: '2026-01-01T00:01:00Z' } as const;
  const kTalking = { status: 'talking', customerPhotos: 'view_and_delete' } as const;

  it('says once that a photo is asked for, and once that it is over, however it ended', async () => {
    const { interview } = await enter();
    const told: string[] = [];
    interview.on('photoRequested', ({ photoId }) => told.push(`asked ${photoId}`));
    interview.on('photoRequestOver', ({ photoId }) => told.push(`over ${photoId}`));
    hear({ ...kTalking, photoRequest: kRequest }, 2);
    hear({ ...kTalking, photoRequest: kRequest, agentName: 'ann' }, 3);
    expect(interview.photos.request).toEqual(kRequest);
    hear(kTalking, 4);
    hear({ ...kTalking, photoRequest: { ...kRequest, photoId: 'pho_2' } }, 5);
    hear({ status: 'ended', photoRequest: { ...kRequest, photoId: 'pho_2' } }, 6);
    expect(told).toEqual(['asked pho_1', 'over pho_1', 'asked pho_2', 'over pho_2']);
  });

  it('answers with the camera of the call, after the customer has looked at it', async () => {
    const jpeg = new Blob(['abc'], { type: 'image/jpeg' });
    const { interview } = await enter(stillsOf(jpeg));
    const send = vi.spyOn(OwnPhotos.prototype, 'send').mockResolvedValue();
    await expect(interview.photos.answer()).rejects.toMatchObject({ code: 'photo.not_asked' });
    hear({ ...kTalking, photoRequest: kRequest }, 2);
    await expect(interview.photos.answer()).rejects.toBeInstanceOf(NoStillError); // no stream was given yet
    await interview.useMedia(fakeLocal());
    await expect(interview.photos.answer({ review: () => false })).resolves.toBe(false);
    expect(send).not.toHaveBeenCalled();
    const onProgress = () => {};
    await expect(interview.photos.answer({ review: async (seen) => seen === jpeg, onProgress })).resolves.toBe(true);
    expect(send.mock.calls).toMatchObject([['pho_1', jpeg, { onProgress }]]);
    await interview.photos.send(jpeg);
    expect(send).toHaveBeenLastCalledWith('pho_1', jpeg, {});
  });

  it('a camera that gives nothing leaves the request open, to be refused with the reason', async () => {
    const { interview, asked } = await enter(stillsOf(undefined), { '/customer/photos/pho_1/refusal': [200, {}] });
    await interview.useMedia(fakeLocal());
    hear({ ...kTalking, photoRequest: kRequest }, 2);
    await expect(interview.photos.answer()).rejects.toBeInstanceOf(NoStillError);
    expect(interview.photos.request).toEqual(kRequest);
    await interview.photos.refuse('no_camera');
    expect(asked.at(-1)).toMatchObject({
      url: `${kServer}/api/v1/customer/photos/pho_1/refusal`,
      body: { code: 'no_camera' },
    });
  });

  it('lists, shows and deletes the own photos as far as the company allows, with typed errors', async () => {
    const items = [{ id: 'pho_1', category: 'portrait', source: 'local', takenAt: '2026-01-01T00:00:00Z' }];
    const { interview, asked } = await enter(undefined, {
      '/customer/photos': [200, { items }],
      '/customer/photos/pho_1/watermarked': [200, 'a picture'],
      '/customer/photos/pho_1': [403, { code: 'photo.not_allowed' }],
    });
    expect(interview.photos.allowed).toBe('none');
    hear(kTalking, 2);
    expect(interview.photos.allowed).toBe('view_and_delete');
    await expect(interview.photos.list()).resolves.toEqual(items);
    await expect((await interview.photos.view('pho_1')).text()).resolves.toContain('a picture');
    const failure = await interview.photos.delete('pho_1').catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ProblemError);
    expect(failure).toMatchObject({ code: 'photo.not_allowed', status: 403 });
    expect(asked.at(-1)!.url).toBe(`${kServer}/api/v1/customer/photos/pho_1`);
  });
});

describe('addresses of media', () => {
  it('become the server’s, and whole ones stay', () => {
    const { publishUrl, watchTemplate } = atServer(
      { ...kAccess, publishUrl: '/api/v1/media/a', watchTemplate: '/api/v1/media/{participant}/{stream}' },
      kServer,
    );
    expect([publishUrl, watchTemplate]).toEqual([
      `${kServer}/api/v1/media/a`,
      `${kServer}/api/v1/media/{participant}/{stream}`,
    ]);
    expect(atServer(kAccess, kServer)).toEqual(kAccess);
  });
});

describe('what is told at the end', () => {
  const ended = {
    ...kState,
    status: 'ended',
    endReason: 'concluded',
    endedAt: '2026-01-01T00:00:00Z',
  } as CustomerState;

  it('is references and the place, and the decision only where the server told it', () => {
    const result = exitResultOf({
      ...ended,
      place: { status: 'given', latitudeLongitude: '31.2,121.4', locationInformation: '上海市' },
      receiptNumber: '7KQ4-MR2X',
      signedExit: 'interview=itv_1&sign=s',
      photos: [{ id: 'pho_1', category: 'portrait', source: 'cloud', takenAt: '', watermarkedUrl: '/w' }],
    });
    expect(JSON.stringify(result)).not.toContain('pho_1');
    expect(result).toMatchObject({
      latitudeLongitude: '31.2,121.4',
      locationInformation: '上海市',
      recording: '/api/v1/interviews/itv_1/recording',
      faceResults: [],
      facesAvailable: false,
      receiptNumber: '7KQ4-MR2X',
      signed: 'interview=itv_1&sign=s',
    });
    expect(result).not.toHaveProperty('outcome');
    expect(exitResultOf({ ...ended, outcome: 'rejected', outcomeReason: '照片不符' })).toMatchObject({
      outcome: 'rejected',
      reason: '照片不符',
    });
  });

  it.each([
    ['done', {}, { videoFlag: '0', rejectReason: '', message: 'concluded' }],
    ['passed', { outcome: 'passed' }, { videoFlag: '0', rejectReason: '', message: 'concluded' }],
    [
      'rejected',
      { outcome: 'rejected', outcomeReason: 'x' },
      { videoFlag: '2', rejectReason: 'x', message: 'concluded' },
    ],
    [
      'rejected without being told why',
      { outcome: 'rejected' },
      { videoFlag: '2', rejectReason: '', message: 'concluded' },
    ],
    ['hung up', { endReason: 'hung_up' }, { videoFlag: '1', rejectReason: '', message: 'hung_up' }],
    ['no agent', { endReason: 'queue_timeout' }, { videoFlag: '1', rejectReason: '', message: 'queue_timeout' }],
  ])('is for openWitnessVideo, %s', (_name, change, result) =>
    expect(resultOf(exitResultOf({ ...ended, ...(change as Partial<CustomerState>) }))).toEqual(result),
  );
});
