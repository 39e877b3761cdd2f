// The recording notice in the page's language, or the first there is.
import type { ConsentText } from '@telewitness/client';

export function consentTextFor(texts: readonly ConsentText[], language: string): ConsentText | undefined {
  const same = (text: ConsentText) => text.language === language;
  const related = (text: ConsentText) => text.language.split('-')[0] === language.split('-')[0];
  return texts.find(same) ?? texts.find(related) ?? texts[0];
}
