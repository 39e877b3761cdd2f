import { describe, expect, it } from 'vitest';
import { endsSignIn, toProblem } from './problem';

class SdkError extends Error {
  constructor(readonly problem: unknown) {
    super('problem');
  }
}

describe('whatever was thrown becomes a problem with a stable code', () => {
  it.each([
    ['a problem as it came', { code: 'a.b', status: 409, title: 'x' }, true, { code: 'a.b', status: 409 }],
    [
      'inside an error of the SDK',
      new SdkError({ code: 'a.b', status: 404, requestId: 'r1' }),
      true,
      { code: 'a.b', status: 404, requestId: 'r1' },
    ],
    ['one without an answer', { code: 'network.timeout', status: 0, params: {} }, true, { code: 'network.timeout' }],
    [
      'how long to wait',
      { code: 'a.b', status: 429, retryAfterMs: 5 },
      true,
      { code: 'a.b', status: 429, retryAfterMs: 5 },
    ],
    [
      'parameters that are text',
      { code: 'a.b', params: { field: 'name', n: 3 } },
      true,
      { code: 'a.b', params: { field: 'name' } },
    ],
    ['a failed fetch', new TypeError('Failed to fetch'), true, { code: 'network.unreachable' }],
    ['a failed fetch without a network', new TypeError('Failed to fetch'), false, { code: 'network.offline' }],
    ['an unreachable server without a network', { code: 'network.unreachable' }, false, { code: 'network.offline' }],
    ['a time-out', new DOMException('late', 'TimeoutError'), true, { code: 'network.timeout' }],
    ['a programming error', new Error('x is not a function'), true, { code: 'page.unexpected' }],
    ['nothing at all', undefined, true, { code: 'page.unexpected' }],
  ])('%s', (_name, thrown, online, problem) => expect(toProblem(thrown, online)).toEqual(problem));

  it('only 401 ends a sign-in', () => {
    expect(endsSignIn({ code: 'auth.invalid', status: 401 })).toBe(true);
    expect(endsSignIn({ code: 'auth.wrong_role', status: 403 })).toBe(false);
    expect(endsSignIn({ code: 'network.offline' })).toBe(false);
  });
});
