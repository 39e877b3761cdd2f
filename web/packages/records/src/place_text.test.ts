import { expect, it } from 'vitest';
import { placeText } from './place_text';

const t = (key: string, values?: Record<string, unknown>) => (values ? `${key}:${Object.values(values).join()}` : key);

it.each([
  ['nothing reported', undefined, { main: 'records.place.none', given: false }],
  ['refused', { status: 'refused' as const }, { main: 'records.place.refused', given: false }],
  [
    'refused by the person',
    { status: 'refused' as const, reason: 'refused' as const },
    { main: 'records.place.refused', given: false },
  ],
  [
    'not found in time',
    { status: 'unavailable' as const, reason: 'timed_out' as const },
    { main: 'records.place.because:records.place.unavailable,records.place.reasons.timed_out', given: false },
  ],
  [
    'an address and coordinates',
    { status: 'given' as const, address: '上海市', latitude: 31.2304, longitude: 121.4737, accuracyM: 12.4 },
    { main: '上海市', coordinates: '31.23040, 121.47370', accuracy: 'records.place.accuracy:12', given: true },
  ],
  [
    'only coordinates',
    { status: 'given' as const, latitude: 0, longitude: -0.5 },
    { main: '0.00000, -0.50000', given: true },
  ],
  ['given and no more', { status: 'given' as const }, { main: 'records.place.given', given: true }],
])('%s', (_name, place, text) => expect(placeText(place, t)).toEqual(text));
