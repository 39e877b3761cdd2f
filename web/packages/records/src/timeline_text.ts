// One entry of a timeline as a line: its kind and its facts in words; what has no words yet stays as it came.
import type { TimelineEntry } from '@telewitness/desk';

const kLongest = 160;
/** What a reader is not helped by, or sees already: who holds the hash chain against the raw data finds it there. */
const kTechnical = /^(session|by|at|part)$|(Id|Sha256|Hash)$/;

export type FactKind = 'yes-no' | 'time' | 'milliseconds' | 'word' | 'plain';
export interface Fact {
  name: string;
  value: string;
  kind: FactKind;
}

/** Facts whose values are words of ours: under which key they are found. */
export const kWordsOf: Readonly<Record<string, string>> = {
  outcome: 'records.outcome',
  endReason: 'records.endReason',
  cause: 'records.recording.causes',
  side: 'records.timeline.sides',
  status: 'records.timeline.places',
  placeReason: 'records.place.reasons',
  addressSource: 'records.place.sources',
  category: 'records.photo.categories',
  source: 'records.photo.sources',
  device: 'records.timeline.devices',
  state: 'records.timeline.states',
  orientation: 'records.timeline.orientations',
};

/** `interview.answered`, `answered` and `Answered` are the same kind to a reader. */
export function kindKey(kind: string): string {
  return kind
    .toLowerCase()
    .replace(/^(interview|media|customer|agent)\./, '')
    .replace(/[.-]/g, '_');
}

function kindOf(name: string, value: unknown): FactKind {
  if (typeof value === 'boolean') return 'yes-no';
  if (typeof value === 'number') return name.endsWith('Ms') ? 'milliseconds' : 'plain';
  if (name in kWordsOf) return 'word';
  return typeof value === 'string' && /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value) ? 'time' : 'plain';
}

/** Names that mean something else in other entries: an address there is one of the network. */
const kOfPlaces: Readonly<Record<string, string>> = { address: 'placeAddress', reason: 'placeReason' };

/** The facts of an entry that say something to a reader; ids and hashes are left to the raw data. */
export function factsOf(entry: TimelineEntry): Fact[] {
  const ofPlace = /^place_/.test(kindKey(entry.kind));
  return Object.entries(entry.data as Record<string, unknown>)
    .filter(([name, value]) => value !== null && value !== '' && typeof value !== 'object' && !kTechnical.test(name))
    .map(([written, value]) => {
      const name = (ofPlace && kOfPlaces[written]) || written;
      return { name, value: String(value).slice(0, kLongest), kind: kindOf(name, value) };
    });
}
