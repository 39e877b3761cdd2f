// The film that plays for everybody: where it is now, counted on between the server's news.
import type { Player } from '@telewitness/client';

export interface Film {
  title: string;
  positionMs: number;
  durationMs: number;
  paused: boolean;
}

/** Music says nothing about itself, and a prompt is over before one has read of it. */
export function filmOf(player: Player | undefined, nowMs: number): Film | undefined {
  if (player?.kind !== 'video') return undefined;
  const since = player.state === 'playing' ? Math.max(0, nowMs - Date.parse(player.at)) : 0;
  return {
    title: player.title,
    positionMs: Math.min(player.durationMs, player.positionMs + since),
    durationMs: player.durationMs,
    paused: player.state === 'paused',
  };
}
