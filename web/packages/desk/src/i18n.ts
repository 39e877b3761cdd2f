// vue-i18n for a desk page: Chinese is the first language, English is complete.
import { initialLanguage } from '@telewitness/ui';
import { createI18n } from 'vue-i18n';
import elementZh from 'element-plus/es/locale/lang/zh-cn';
import elementEn from 'element-plus/es/locale/lang/en';
import { deskEn, deskZh } from './locales/desk';

type Tree = { readonly [key: string]: string | readonly string[] | Tree };

export function createDeskI18n(messages: { 'zh-CN': Tree; en: Tree }) {
  return createI18n({
    legacy: false,
    locale: initialLanguage(),
    fallbackLocale: 'zh-CN',
    messages: {
      'zh-CN': { desk: deskZh, ...messages['zh-CN'] },
      en: { desk: deskEn, ...messages.en },
    },
  });
}

/** Element Plus' own words in the page's language. */
export function elementLocale(language: string) {
  return language === 'en' ? elementEn : elementZh;
}

const isList = (value: readonly string[] | Tree): value is readonly string[] => Array.isArray(value);
const asTree = (value: readonly string[] | Tree): Tree =>
  isList(value) ? Object.fromEntries(value.map((text, index) => [String(index), text])) : value;

/** Every key of a catalogue as a path, for the test that two catalogues have the same. */
export function keysOf(tree: Tree, prefix = ''): string[] {
  return Object.entries(tree)
    .flatMap(([key, value]) =>
      typeof value === 'string' ? [`${prefix}${key}`] : keysOf(asTree(value), `${prefix}${key}.`),
    )
    .sort();
}

/** The `{names}` that each sentence takes, by key. */
export function parametersOf(tree: Tree, prefix = ''): Record<string, string> {
  return Object.fromEntries(
    Object.entries(tree).flatMap(([key, value]) =>
      typeof value === 'string'
        ? [
            [
              `${prefix}${key}`,
              [...value.matchAll(/\{(\w+)\}/g)]
                .map((match) => match[1])
                .sort()
                .join(),
            ],
          ]
        : Object.entries(parametersOf(asTree(value), `${prefix}${key}.`)),
    ),
  );
}
