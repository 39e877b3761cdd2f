import { expect, it } from 'vitest';
import { keysOf, parametersOf } from '@telewitness/desk';
import { consoleEn } from './en';
import { consoleZh } from './zh-CN';

it('the words of the console exist in both languages and take the same parameters', () => {
  expect(keysOf(consoleEn)).toEqual(keysOf(consoleZh));
  expect(parametersOf(consoleEn)).toEqual(parametersOf(consoleZh));
});
