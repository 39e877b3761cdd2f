import { expect, it } from 'vitest';
import { keysOf, parametersOf } from '@telewitness/desk';
import { workbenchEn } from './en';
import { workbenchZh } from './zh-CN';

it('the words of the workbench exist in both languages and take the same parameters', () => {
  expect(keysOf(workbenchEn)).toEqual(keysOf(workbenchZh));
  expect(parametersOf(workbenchEn)).toEqual(parametersOf(workbenchZh));
});
