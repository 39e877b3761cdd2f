import { describe, expect, it } from 'vitest';
import type { PlayableMedia } from '@telewitness/client';
import type { MediaItem } from '@telewitness/desk';
import { isComing, offeredOf } from './offered_media';

const library: PlayableMedia[] = [
  { id: 'med_1', kind: 'video', title: 'Film', durationMs: 9_000 },
  { id: 'med_2', kind: 'prompt', title: 'Prompt' },
  { id: 'med_3', kind: 'music', title: 'Music' },
];
const risk = (changes: Partial<MediaItem> = {}): MediaItem => ({
  id: 'med_9',
  kind: 'video',
  source: 'url',
  title: 'risk.mp4',
  status: 'ready',
  createdAt: '2026-01-01T00:00:00Z',
  ...changes,
});
const ids = (...args: Parameters<typeof offeredOf>) => offeredOf(...args).map((item) => item.id);

describe('what can be played', () => {
  it('is the library without its music', () => expect(ids(library, undefined)).toEqual(['med_1', 'med_2']));

  it('begins with the film of the interview, though it is not of the library', () => {
    expect(ids(library, risk())).toEqual(['med_9', 'med_1', 'med_2']);
    expect(offeredOf(library, risk({ durationMs: 4_000 }))[0]).toMatchObject({ risk: true, durationMs: 4_000 });
  });

  it('has the film once where it is of the library too', () => {
    expect(ids(library, risk({ id: 'med_1' }))).toEqual(['med_1', 'med_2']);
  });

  it('says how far a film is, and why there is none', () => {
    expect(offeredOf([], risk({ status: 'preparing', progressPercent: 40 }))[0]).toMatchObject({
      status: 'preparing',
      progressPercent: 40,
    });
    expect(offeredOf([], risk({ status: 'failed', failure: 'media_item.too_long' }))[0]).toMatchObject({
      status: 'failed',
      failure: 'media_item.too_long',
    });
  });

  it.each([
    [undefined, false],
    ['waiting', true],
    ['preparing', true],
    ['ready', false],
    ['failed', false],
  ] as const)('a film that is %s is looked at again: %s', (status, again) => {
    expect(isComing(status && risk({ status }))).toBe(again);
  });
});
