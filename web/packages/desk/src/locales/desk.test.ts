import { expect, it } from 'vitest';
import { keysOf, parametersOf } from '../i18n';
import { deskEn, deskZh } from './desk';

it('the words of the desk exist in both languages and take the same parameters', () => {
  expect(keysOf(deskEn)).toEqual(keysOf(deskZh));
  expect(parametersOf(deskEn)).toEqual(parametersOf(deskZh));
});
