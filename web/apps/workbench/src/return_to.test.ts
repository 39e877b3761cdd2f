import { expect, it } from 'vitest';
import { returnToOf } from './return_to';

it.each([
  [undefined, undefined],
  ['https://crm.example/case/7?x=1', { url: 'https://crm.example/case/7?x=1', host: 'crm.example' }],
  ['javascript:alert(1)', undefined],
  ['/relative', undefined],
])('%s', (returnUrl, to) => expect(returnToOf(returnUrl === undefined ? {} : { returnUrl })).toEqual(to));
