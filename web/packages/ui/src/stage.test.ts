import { describe, expect, it } from 'vitest';
import type { Person } from './people';
import { gridOf, initialsOf, stageOf } from './stage';

const person = (participant: string, streams: [string, boolean?][], more: Partial<Person> = {}): Person =>
  ({
    participant,
    role: participant.startsWith('gst') ? 'guest' : participant,
    displayName: participant,
    streams: streams.map(([name, video = true]) => ({ name, audio: true, video })),
    held: false,
    ...more,
  }) as Person;
const watched = (...keys: string[]) =>
  keys.map((key) => ({ participant: key.split('/')[0]!, name: key.split('/')[1]!, stream: undefined }));
const places = (...[streams, people]: Parameters<typeof stageOf>) => {
  const { mode, items } = stageOf(streams, people);
  return [mode, ...items.map((item) => `${item.key} ${item.place}`)];
};

describe('the stage', () => {
  it('is one face alone, also before anybody is known', () => {
    expect(places(watched('agent/camera'), [])).toEqual(['solo', 'agent/camera main']);
  });

  it('shows several faces alike, in the order in which they came', () => {
    const people = [person('gst_1', [['camera']]), person('agent', [['camera']])];
    expect(places(watched('agent/camera', 'gst_1/camera'), people)).toEqual([
      'grid',
      'agent/camera face',
      'gst_1/camera face',
    ]);
  });

  it('shows a screen large and faces small', () => {
    const people = [person('agent', [['camera'], ['screen']]), person('gst_1', [['camera']])];
    expect(places(watched('agent/camera', 'gst_1/camera', 'agent/screen'), people)).toEqual([
      'focus',
      'agent/camera face',
      'gst_1/camera face',
      'agent/screen main',
    ]);
  });

  it('shows a film large; music, prompts and a whisper are only heard', () => {
    const film = [person('player', [['broadcast']])];
    expect(places(watched('agent/camera', 'player/broadcast'), film)).toEqual([
      'focus',
      'agent/camera face',
      'player/broadcast main',
    ]);
    const music = [person('player', [['broadcast', false]])];
    expect(places(watched('agent/camera', 'player/broadcast', 'sup_1/whisper'), music)).toEqual([
      'solo',
      'agent/camera main',
      'player/broadcast voice',
      'sup_1/whisper voice',
    ]);
  });

  it('says who is held, and whose picture there is none of', () => {
    const { items } = stageOf(watched('customer/camera'), [person('customer', [['camera', false]], { held: true })]);
    expect(items[0]).toMatchObject({ video: false, audio: true, held: true, displayName: 'customer' });
  });
});

describe('the grid', () => {
  it.each([
    [1, 16 / 9, 1, 1],
    [2, 16 / 9, 2, 1],
    [3, 16 / 9, 2, 2],
    [4, 16 / 9, 2, 2],
    [9, 16 / 9, 3, 3],
    [10, 16 / 9, 4, 3],
    [2, 9 / 19, 1, 2],
    [4, 9 / 19, 1, 4],
    [10, 9 / 19, 2, 5],
  ])('of %i in %f has %i columns and %i rows', (count, aspect, columns, rows) => {
    expect(gridOf(count, aspect)).toEqual({ columns, rows });
  });
});

it.each([
  ['王小明', '明'],
  ['Li Jing', 'LJ'],
  ['guarantor', 'G'],
  ['  ', ''],
])('%s is short %s', (name, short) => expect(initialsOf(name)).toBe(short));
