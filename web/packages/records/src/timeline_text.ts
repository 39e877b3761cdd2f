// One entry of a timeline as a line: a known kind has its own words, its facts follow as they are.
import type { TimelineEntry } from '@telewitness/desk';

const kLongest = 160;

/** `interview.answered`, `answered` and `Answered` are the same kind to a reader. */
export function kindKey(kind: string): string {
  return kind
    .toLowerCase()
    .replace(/^(interview|media|customer|agent)\./, '')
    .replace(/[.-]/g, '_');
}

/** The facts of an entry, `name: value`, ids and hashes left to the raw data. */
export function factsOf(entry: TimelineEntry): string[] {
  return Object.entries(entry.data as Record<string, unknown>)
    .filter(
      ([name, value]) => value !== null && value !== '' && typeof value !== 'object' && !/(Id|Sha256|Hash)$/.test(name),
    )
    .map(([name, value]) => `${name}: ${String(value)}`.slice(0, kLongest));
}
