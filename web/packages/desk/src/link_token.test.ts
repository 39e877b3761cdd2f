import { expect, it, vi } from 'vitest';
import { linkTokenOf, takeLinkToken } from './link_token';

it.each([
  ['#t=twl_abc.def', 'twl_abc.def'],
  ['#l=abc.def', 'abc.def'],
  ['#link=abc%2Fd', 'abc/d'],
  ['#/records', undefined],
  ['#l=', undefined],
  ['#l=%E0%A4', undefined],
  ['', undefined],
])('%s holds %s', (fragment, token) => expect(linkTokenOf(fragment)).toBe(token));

it('is taken out of the address', () => {
  const replaceState = vi.fn();
  const target = {
    location: { hash: '#l=abc', pathname: '/workbench/', search: '?lang=en' },
    history: { replaceState },
  };
  expect(takeLinkToken(target as unknown as Window)).toBe('abc');
  expect(replaceState).toHaveBeenCalledWith(null, '', '/workbench/?lang=en');
});
