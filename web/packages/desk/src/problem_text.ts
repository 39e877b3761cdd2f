// Sentences for problems (RFC 9457): by stable code, else by status, in the reader's language.
import { problemsEn, statusEn } from './locales/problems.en';
import { problemsZh, statusZh } from './locales/problems.zh-CN';

export interface ProblemLike {
  code: string;
  status?: number;
  params?: Record<string, string>;
  requestId?: string;
  /** How long the server asks to wait before another try. */
  retryAfterMs?: number;
}

const kCatalogues = {
  'zh-CN': { codes: problemsZh, statuses: statusZh },
  en: { codes: problemsEn, statuses: statusEn },
} as const;

function fill(sentence: string, values: Record<string, string>): string {
  return sentence.replace(/\{(\w+)\}/g, (_whole, name: string) => values[name] ?? '–');
}

/** What to tell the person; never the raw title or detail, which are for developers. */
export function problemText(problem: ProblemLike, locale: string): string {
  const { codes, statuses } = locale === 'en' ? kCatalogues.en : kCatalogues['zh-CN'];
  const byCode =
    codes[problem.code] ?? (problem.status && problem.status >= 500 ? serverSentence(problem, codes) : undefined);
  const sentence = byCode ?? statuses[String(problem.status ?? '')] ?? statuses['other'] ?? '';
  return fill(sentence, { code: problem.code, requestId: problem.requestId ?? '–', ...problem.params });
}

function serverSentence(problem: ProblemLike, codes: Record<string, string>): string | undefined {
  return problem.status === 503 ? undefined : codes['server.internal'];
}

export function knownProblemCodes(): string[] {
  return Object.keys(problemsZh);
}
