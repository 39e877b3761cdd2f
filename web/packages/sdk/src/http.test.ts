import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Http } from './http';
import { parseRetryAfter, ProblemError } from './problem';

type Answer = Response | Error;

function httpWith(answers: Answer[], options: ConstructorParameters<typeof Http>[0] = {}) {
  const asked: { url: string; init: RequestInit }[] = [];
  const fake = vi.fn(async (url: string, init: RequestInit) => {
    asked.push({ url, init });
    const answer = answers.shift() ?? new Error('no answer left');
    if (answer instanceof Error) throw answer;
    return answer;
  });
  return { asked, http: new Http({ fetch: fake as unknown as typeof fetch, ...options }) };
}

const json = (body: unknown, status = 200, headers: Record<string, string> = {}) =>
  new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json', ...headers } });
const problem = (code: string, status: number, more: object = {}, headers: Record<string, string> = {}) =>
  new Response(JSON.stringify({ type: 'about:blank', title: 't', status, code, ...more }), {
    status,
    headers: { 'content-type': 'application/problem+json', ...headers },
  });

/** Runs a request while the time between its tries passes at once. */
async function settle<T>(request: Promise<T>): Promise<T | ProblemError> {
  const result = request.catch((error: unknown) => error as ProblemError);
  await vi.runAllTimersAsync();
  return result;
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('requests', () => {
  it('carry the token of now, JSON and the query without empty values', async () => {
    let token = 'twu_1';
    const { http, asked } = httpWith([json({ items: [] }), json({})], { token: () => token });
    await http.get('/interviews', { query: { businessId: 'a b', queueId: undefined, limit: 5 } });
    token = 'twu_2';
    await http.post('/customer/consent', { accepted: true });
    expect(asked[0]!.url).toBe('/api/v1/interviews?businessId=a+b&limit=5');
    expect(asked[0]!.init.headers).toMatchObject({ authorization: 'Bearer twu_1' });
    expect(asked[1]!.init).toMatchObject({ method: 'POST', body: '{"accepted":true}', credentials: 'omit' });
    expect(asked[1]!.init.headers).toMatchObject({
      authorization: 'Bearer twu_2',
      'content-type': 'application/json',
    });
  });

  it('answers without content give undefined', async () => {
    const { http } = httpWith([new Response(null, { status: 204 }), new Response('', { status: 200 })]);
    expect(await http.delete('/x')).toBeUndefined();
    expect(await http.get('/x')).toBeUndefined();
  });
});

describe('problems', () => {
  it('keep code, status, parameters, request id and the wait that was asked for', async () => {
    const body = { detail: 'd', params: { message: '订单已取消' }, requestId: 'req_1' };
    const { http } = httpWith([problem('interview.not_allowed', 403, body, { 'retry-after': '7' })]);
    const error = await settle(http.post('/customer/sessions', {}));
    expect(error).toBeInstanceOf(ProblemError);
    expect(error).toMatchObject({
      code: 'interview.not_allowed',
      status: 403,
      params: { message: '订单已取消' },
      requestId: 'req_1',
      retryAfterMs: 7000,
    });
  });

  it.each([
    [
      'a page of something in between',
      new Response('<html>', { status: 500, headers: { 'content-type': 'text/html' } }),
      'http.500',
    ],
    [
      'JSON that breaks off',
      new Response('{"code":', { status: 400, headers: { 'content-type': 'application/json' } }),
      'http.400',
    ],
    ['JSON without a code', json({ status: 400 }, 400), 'http.400'],
    ['a good status with unreadable JSON', new Response('{', { status: 200 }), 'answer.unreadable'],
  ])('%s', async (_name, answer, code) => {
    const { http } = httpWith([answer]);
    expect(await settle(http.post('/x'))).toMatchObject({ code });
  });

  it('tells of each 401 once', async () => {
    const onUnauthorized = vi.fn();
    const { http } = httpWith([problem('auth.invalid', 401)], { onUnauthorized });
    await settle(http.get('/agent/desk'));
    expect(onUnauthorized).toHaveBeenCalledTimes(1);
  });

  it('a browser that is offline says so', async () => {
    vi.stubGlobal('navigator', { onLine: false });
    const { http } = httpWith([new TypeError('Failed to fetch')]);
    expect(await settle(http.post('/x'))).toMatchObject({ code: 'network.offline', status: 0, isNetwork: true });
  });

  it.each([
    ['3', 3000],
    ['Thu, 01 Jan 1970 00:00:10 GMT', 9000],
    ['soon', undefined],
    ['', undefined],
    [null, undefined],
  ])('Retry-After %s', (value, ms) => expect(parseRetryAfter(value, 1000)).toBe(ms));
});

describe('trying again', () => {
  const down = () => new TypeError('Failed to fetch');
  it.each<[string, (http: Http) => Promise<unknown>, Answer[], number]>([
    ['a GET after a network failure', (http) => http.get('/x'), [down(), json(1)], 2],
    ['a GET after 502 and 504', (http) => http.get('/x'), [json({}, 502), json({}, 504), json(1)], 3],
    ['a POST that may be repeated', (http) => http.post('/x', {}, { repeatable: true }), [down(), json(1)], 2],
    ['a POST with an idempotency key', (http) => http.post('/x', {}, { idempotencyKey: 'k' }), [down(), json(1)], 2],
  ])('%s', async (_name, ask, answers, tries) => {
    const { http, asked } = httpWith(answers);
    expect(await settle(ask(http))).toBe(1);
    expect(asked).toHaveLength(tries);
  });

  it.each<[string, (http: Http) => Promise<unknown>, Answer[], string, number]>([
    ['a POST is not repeated by itself', (http) => http.post('/x', {}), [down(), json(1)], 'network.unreachable', 1],
    [
      'three tries are the limit',
      (http) => http.get('/x'),
      [down(), down(), down(), json(1)],
      'network.unreachable',
      3,
    ],
    [
      '503 is an answer',
      (http) => http.get('/x'),
      [problem('recording.unavailable', 503), json(1)],
      'recording.unavailable',
      1,
    ],
    ['404 is an answer', (http) => http.get('/x'), [problem('not_found', 404), json(1)], 'not_found', 1],
  ])('%s', async (_name, ask, answers, code, tries) => {
    const { http, asked } = httpWith(answers);
    expect(await settle(ask(http))).toMatchObject({ code });
    expect(asked).toHaveLength(tries);
  });

  it('stops when the asker goes away', async () => {
    const { http, asked } = httpWith([down(), json(1)]);
    const away = new AbortController();
    const request = http.get('/x', { signal: away.signal }).catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(1);
    away.abort(new Error('left'));
    expect(await request).toMatchObject({ message: 'left' });
    await vi.runAllTimersAsync();
    expect(asked).toHaveLength(1);
  });
});
