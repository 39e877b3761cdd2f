import { describe, expect, it } from 'vitest';
import { problemsEn, statusEn } from './locales/problems.en';
import { problemsZh, statusZh } from './locales/problems.zh-CN';
import { problemText } from './problem_text';

describe('sentences for problems', () => {
  it('exist for the same codes and statuses in both languages', () => {
    expect(Object.keys(problemsEn).sort()).toEqual(Object.keys(problemsZh).sort());
    expect(Object.keys(statusEn).sort()).toEqual(Object.keys(statusZh).sort());
  });

  it('take the same parameters in both languages', () => {
    const parameters = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((m) => m[1]).sort();
    for (const [code, text] of Object.entries(problemsZh))
      expect(parameters(problemsEn[code] ?? ''), code).toEqual(parameters(text));
  });

  it.each([
    ['a known code', { code: 'sign_in.failed', status: 401 }, 'en', 'Company account, name or password is wrong.'],
    ['with its parameters', { code: 'field.required', params: { field: '名称' } }, 'zh-CN', '请填写“名称”。'],
    [
      'an unknown code by its status',
      { code: 'brand.new', status: 409 },
      'zh-CN',
      '情况已变化，无法完成此操作。请刷新后重试。',
    ],
    [
      'an unknown server error names the request',
      { code: 'x.y', status: 500, requestId: 'r-7' },
      'en',
      'The server had an error. Try again; if it stays, give your administrator the number r-7.',
    ],
    [
      'an unavailable service',
      { code: 'x.y', status: 503 },
      'en',
      'The service is not available right now. Try again in a moment.',
    ],
    ['nothing known at all', { code: 'x.y' }, 'en', 'This did not work. Try again in a moment (x.y).'],
  ])('%s', (_name, problem, locale, sentence) => expect(problemText(problem, locale)).toBe(sentence));
});
