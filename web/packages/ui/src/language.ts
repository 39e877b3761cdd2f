// The page's language: the one chosen before, else the browser's, else Chinese.
export type Language = 'zh-CN' | 'en';

export const kLanguages: readonly { code: Language; short: string }[] = [
  { code: 'zh-CN', short: '中文' },
  { code: 'en', short: 'English' },
];

const kStorageKey = 'telewitness.language';

export function chooseLanguage(remembered: string | null, preferred: readonly string[]): Language {
  if (remembered === 'zh-CN' || remembered === 'en') return remembered;
  for (const language of preferred) {
    if (language.toLowerCase().startsWith('zh')) return 'zh-CN';
    if (language.toLowerCase().startsWith('en')) return 'en';
  }
  return 'zh-CN';
}

export function initialLanguage(): Language {
  const asked = new URLSearchParams(window.location.search).get('lang');
  const language = chooseLanguage(asked ?? readStored(), navigator.languages);
  document.documentElement.lang = language;
  return language;
}

export function rememberLanguage(language: Language): void {
  document.documentElement.lang = language;
  try {
    window.localStorage.setItem(kStorageKey, language);
  } catch {
    // A browser without storage forgets the choice; nothing else is lost.
  }
}

function readStored(): string | null {
  try {
    return window.localStorage.getItem(kStorageKey);
  } catch {
    return null;
  }
}
