import type { ConsentText } from '@telewitness/client';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { actionText } from './action_text';
import { callNoticeOf } from './call_notice';
import { consentTextFor } from './consent_text';
import { linkTokenOf, takeLinkToken } from './link_token';
import { returnTarget } from './return_address';
import { createSessionStore } from './session_store';

describe('the link token', () => {
  it.each([
    ['#t=twl_a.b-c_d', 'twl_a.b-c_d'],
    ['#lang=en&t=x', 'x'],
    ['#t=', undefined],
    ['#other', undefined],
    ['', undefined],
  ])('of %s', (fragment, token) => expect(linkTokenOf(fragment)).toBe(token));

  it('leaves the address, and with it the history', () => {
    const replaceState = vi.fn();
    const target = { location: { hash: '#t=x', pathname: '/i', search: '?lang=en' }, history: { replaceState } };
    expect(takeLinkToken(target as unknown as Window)).toBe('x');
    expect(replaceState).toHaveBeenCalledWith(null, '', '/i?lang=en');
    target.location.hash = '';
    expect(takeLinkToken(target as unknown as Window)).toBeUndefined();
    expect(replaceState).toHaveBeenCalledTimes(1);
  });
});

describe('what a reload needs', () => {
  beforeEach(() => window.sessionStorage.clear());

  it('is kept for this tab', () => {
    createSessionStore().write({ linkToken: 'l', token: 't' });
    expect(createSessionStore().read()).toEqual({ linkToken: 'l', token: 't' });
  });

  it.each(['{', '[]', 'null', '{"linkToken":1}', '{"token":"t"}'])('is not what somebody else wrote: %s', (text) => {
    window.sessionStorage.setItem('telewitness.customer', text);
    expect(createSessionStore().read()).toBeUndefined();
  });

  it('stays in memory where the browser forbids storage', () => {
    const store = createSessionStore(() => {
      throw new DOMException('no', 'SecurityError');
    });
    expect(store.read()).toBeUndefined();
    store.write({ linkToken: 'l' });
    expect(store.read()).toEqual({ linkToken: 'l' });
  });
});

describe('the way back', () => {
  it.each([
    ['https://bank.example/back?interview=1&sign=x', 'https://bank.example/back?interview=1&sign=x'],
    ['http://localhost:9/', 'http://localhost:9/'],
    ['javascript:alert(1)', undefined],
    ['data:text/html,x', undefined],
    ['/relative', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('%s', (url, target) => expect(returnTarget(url)).toBe(target));
});

describe('the recording notice', () => {
  const text = (language: string): ConsentText => ({ language, version: '1', sha256: '', text: language });
  it.each([
    [['zh-CN', 'en'], 'en', 'en'],
    [['en', 'zh-CN'], 'zh-CN', 'zh-CN'],
    [['zh-TW'], 'zh-CN', 'zh-TW'],
    [['zh-CN'], 'en', 'zh-CN'],
    [[], 'en', undefined],
  ])('of %j in %s', (languages, wanted, shown) => {
    expect(consentTextFor(languages.map(text), wanted)?.language).toBe(shown);
  });
});

describe('why an action failed', () => {
  it.each([
    ['network.unreachable', 0, 'action.network'],
    ['place.required', 422, 'action.placeRequired'],
    ['server.draining', 503, 'action.busy'],
    ['rate.limited', 429, 'action.limited'],
    ['interview.wrong_state', 409, 'action.changed'],
    ['interview.ended', 410, 'action.changed'],
    ['server.internal', 500, 'action.server'],
    ['field.invalid', 422, 'action.failed'],
  ])('%s %i', (code, status, key) =>
    expect(actionText({ code, status, requestId: 'r1' })).toEqual({ key, params: { id: 'r1' } }),
  );
});

describe('what lies over the call', () => {
  const fine = {
    callState: 'connected',
    socket: 'connected',
    devicesLost: false,
    agentConnection: 'connected',
  } as const;
  it.each([
    [{}, 'none'],
    [{ agentConnection: undefined }, 'none'],
    [{ callState: 'connecting' }, 'none'],
    [{ callState: 'reconnecting' }, 'lost'],
    [{ callState: 'none', socket: 'reconnecting' }, 'lost'],
    [{ socket: 'reconnecting' }, 'none'],
    [{ agentConnection: 'unstable' }, 'agent-unstable'],
    [{ agentConnection: 'lost' }, 'agent-lost'],
    [{ agentConnection: 'absent' }, 'agent-lost'],
    [{ agentConnection: 'lost', callState: 'reconnecting' }, 'lost'],
    [{ devicesLost: true, callState: 'reconnecting' }, 'camera-lost'],
  ] as const)('%j: %s', (facts, notice) => expect(callNoticeOf({ ...fine, ...facts })).toBe(notice));
});
