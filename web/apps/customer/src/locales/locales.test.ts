import { expect, it } from 'vitest';
import { afterEn } from './after.en';
import { afterZhCN } from './after.zh-CN';
import { beforeEn } from './before.en';
import { beforeZhCN } from './before.zh-CN';
import { en } from './en';
import { zhCN } from './zh-CN';

const sources = import.meta.glob<string>('../**/*.{vue,ts}', { query: '?raw', import: 'default', eager: true });

function flatten(messages: object, prefix = ''): Map<string, string> {
  const flat = new Map<string, string>();
  for (const [key, value] of Object.entries(messages)) {
    if (typeof value === 'string') flat.set(prefix + key, value);
    else for (const [inner, text] of flatten(value as object, `${prefix}${key}.`)) flat.set(inner, text);
  }
  return flat;
}
// What is loaded late is put beside the rest: no key may be in both.
const chinese = new Map([...flatten(zhCN), ...flatten(beforeZhCN), ...flatten(afterZhCN)]);
const english = new Map([...flatten(en), ...flatten(beforeEn), ...flatten(afterEn)]);
const parameters = (text: string) => [...new Set([...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name))].sort();

it('both languages have the same keys with the same parameters', () => {
  expect([...english.keys()].sort()).toEqual([...chinese.keys()].sort());
  for (const [key, text] of chinese) expect([key, parameters(english.get(key)!)]).toEqual([key, parameters(text)]);
});

it('Chinese is Chinese and English is English', () => {
  for (const [key, text] of english) expect([key, /[\u4e00-\u9fff]/.test(text)]).toEqual([key, false]);
  for (const [key, text] of chinese) expect([key, /[\u4e00-\u9fff]/.test(text)]).toEqual([key, true]);
});

it('every key that a page names exists', () => {
  const named = new Set<string>();
  for (const [file, source] of Object.entries(sources)) {
    if (file.includes('.test.')) continue;
    for (const [, key] of source.matchAll(/\bt\(\s*'([\w.-]+)'/g)) named.add(key!);
  }
  expect(named.size).toBeGreaterThan(60);
  expect([...named].filter((key) => !chinese.has(key))).toEqual([]);
});

it('what is loaded late hides nothing of what is there', () => {
  expect(Object.keys({ ...beforeZhCN, ...afterZhCN }).filter((key) => key in zhCN)).toEqual([]);
  expect(chinese.size).toBe(flatten(zhCN).size + flatten(beforeZhCN).size + flatten(afterZhCN).size);
});
