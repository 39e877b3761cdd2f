import { describe, expect, it } from 'vitest';
import { chooseLanguage } from './language';

describe('the language of the page', () => {
  it.each([
    ['en', ['zh-CN'], 'en'],
    ['zh-CN', ['en-GB'], 'zh-CN'],
    [null, ['zh-TW', 'en'], 'zh-CN'],
    [null, ['de-DE', 'en-US'], 'en'],
    [null, ['de-DE'], 'zh-CN'],
    ['fr', [], 'zh-CN'],
  ])('remembered %s, browser %j: %s', (remembered, preferred, language) => {
    expect(chooseLanguage(remembered, preferred)).toBe(language);
  });
});
