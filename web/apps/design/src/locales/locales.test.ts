import { expect, it } from 'vitest';
import { en } from './en';
import { zhCN } from './zh-CN';

function leaves(words: object, path = ''): [string, string[]][] {
  return Object.entries(words).flatMap(([key, value]) =>
    typeof value === 'string'
      ? [[path + key, [...value.matchAll(/\{\w+\}/g)].map(String)] as [string, string[]]]
      : leaves(value as object, `${path}${key}.`),
  );
}

it('the words exist in both languages and take the same parameters', () => expect(leaves(en)).toEqual(leaves(zhCN)));
