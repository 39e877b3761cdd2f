import { expect, it } from 'vitest';
import { keysOf, parametersOf } from '@telewitness/desk';
import { recordsEn } from './en';
import { recordsZh } from './zh-CN';

it('the words about records exist in both languages and take the same parameters', () => {
  expect(keysOf(recordsEn)).toEqual(keysOf(recordsZh));
  expect(parametersOf(recordsEn)).toEqual(parametersOf(recordsZh));
});
