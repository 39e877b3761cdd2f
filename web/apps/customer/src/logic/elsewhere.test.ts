import { expect, it, vi } from 'vitest';
import { copyText, putLinkBack, wayOf, wholeLink } from './elsewhere';
import { guestTokenOf, linkTokenOf } from './link_token';

const at = { origin: 'https://bank.example', pathname: '/i/', search: '?lang=en' };

it.each(['twl_AAAA.BBBB-_', 'a+b/c=='])('the whole link leads to the same interview: %s', (token) => {
  const link = wholeLink(at, token);
  const { hash, pathname, search } = new URL(link);
  expect([linkTokenOf(hash), guestTokenOf(hash), pathname, search]).toEqual([token, token, '/i/', '?lang=en']);
});

it('is put back into the address without a new entry of the history', () => {
  const replaceState = vi.fn();
  putLinkBack('https://bank.example/i/#t=x', { history: { replaceState } as unknown as History });
  expect(replaceState).toHaveBeenCalledExactlyOnceWith(null, '', 'https://bank.example/i/#t=x');
});

it.each([
  ['wechat', 'ios', true, 'menu'],
  ['webview', 'android', true, 'menu'],
  [undefined, 'android', true, 'paste'],
  [undefined, 'windows', true, 'old'],
  ['wechat', 'ios', false, 'insecure'],
] as const)('in %s on %s, secure %s: %s', (app, system, secure, way) =>
  expect(wayOf({ app, system, name: 'other' }, secure)).toBe(way),
);

it('a link is copied, the old way where the new one is forbidden, and a failure is told', async () => {
  const writeText = vi.fn(async () => undefined);
  expect(await copyText('x', { clipboard: { writeText }, document })).toBe(true);
  const execCommand = vi.fn(() => true);
  const createElement = (name: string) => document.createElement(name);
  const old = { createElement, body: document.body, execCommand } as unknown as Document;
  const forbidden = { writeText: () => Promise.reject(new DOMException('no', 'NotAllowedError')) };
  expect(await copyText('x', { clipboard: forbidden, document: old })).toBe(true);
  expect(execCommand).toHaveBeenCalledExactlyOnceWith('copy');
  execCommand.mockReturnValue(false);
  expect(await copyText('x', { clipboard: undefined, document: old })).toBe(false);
  expect(document.querySelector('textarea')).toBeNull();
});
