// What the agent can choose to play: the film of this very interview first, then the library's films and prompts.
import type { PlayableMedia } from '@telewitness/client';
import type { MediaItem } from '@telewitness/desk';

export interface OfferedMedia extends PlayableMedia {
  /** The film that the business system wants shown in this interview. */
  risk: boolean;
  status: MediaItem['status'];
  progressPercent: number;
  /** A problem's code, where it has failed. */
  failure: string | undefined;
}

/** The film of the interview need not be of the library, and need not be ready. */
export function offeredOf(library: readonly PlayableMedia[], risk: MediaItem | undefined): OfferedMedia[] {
  const offered = library
    .filter((item) => item.kind !== 'music' && item.id !== risk?.id)
    .map((item): OfferedMedia => ({ ...item, risk: false, status: 'ready', progressPercent: 100, failure: undefined }));
  if (!risk) return offered;
  const { id, kind, title, durationMs, status, progressPercent = 0, failure } = risk;
  const first = { id, kind, title, status, progressPercent, failure, risk: true };
  return [durationMs === undefined ? first : { ...first, durationMs }, ...offered];
}

/** It will be ready by itself: look again. */
export const isComing = (risk: MediaItem | undefined) => risk?.status === 'waiting' || risk?.status === 'preparing';
