import { describe, expect, it } from 'vitest';
import type { RecordingFile } from '@telewitness/desk';
import { inOrder, isApart, roleOf } from './recorded_file';

const file = (participant: string, stream: RecordingFile['stream'] = 'camera'): RecordingFile => ({
  name: `${participant}-${stream}.mkv`,
  kind: 'stream',
  participant,
  ...(stream ? { stream } : {}),
  sizeBytes: 1,
  url: '/x',
});

it.each([
  ['customer', 'customer'],
  ['agent', 'agent'],
  ['player', 'player'],
  ['gst_01J', 'guest'],
  ['sup_01J', 'supervisor'],
  ['somebody', 'other'],
  [undefined, 'other'],
])('%s is a %s', (participant, role) => expect(roleOf(participant)).toBe(role));

it.each([
  [undefined, false],
  [80, false],
  [80.5, true],
  [-81, true],
])('sound and picture %s ms apart are flagged: %s', (avOffsetMs, flagged) => {
  expect(isApart(avOffsetMs === undefined ? {} : { avOffsetMs })).toBe(flagged);
});

describe('the list of files', () => {
  it('has the film first, then person by person, camera before screen', () => {
    const composed: RecordingFile = { name: 'film.mp4', kind: 'composed', sizeBytes: 1, url: '/x' };
    const files = [
      file('player', 'broadcast'),
      file('sup_1', 'whisper'),
      file('agent', 'screen'),
      file('gst_2'),
      file('agent'),
      file('gst_1'),
      composed,
      file('customer'),
    ];
    expect(inOrder(files).map(({ name }) => name)).toEqual([
      'film.mp4',
      'customer-camera.mkv',
      'agent-camera.mkv',
      'agent-screen.mkv',
      'gst_1-camera.mkv',
      'gst_2-camera.mkv',
      'sup_1-whisper.mkv',
      'player-broadcast.mkv',
    ]);
  });
});
