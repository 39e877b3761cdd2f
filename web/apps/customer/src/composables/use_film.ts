// The film or prompt that plays for everybody: where it is now, counted on between the server's news.
import { computed, onScopeDispose, shallowRef, watch, type ComputedRef } from 'vue';
import type { EventSocket } from '@telewitness/client';

/** What the server says of the player, in the state and as news. */
export interface PlayerNews {
  title: string;
  kind: 'video' | 'prompt' | 'music';
  state: 'playing' | 'paused';
  positionMs: number;
  durationMs: number;
  /** When that was so. */
  at: string;
}

export interface Film {
  title: string;
  positionMs: number;
  durationMs: number;
  paused: boolean;
}

/** Music says nothing about itself, and a prompt is over before one has read of it. */
export function filmOf(player: PlayerNews | undefined, nowMs: number): Film | undefined {
  if (player?.kind !== 'video') return undefined;
  const since = player.state === 'playing' ? Math.max(0, nowMs - Date.parse(player.at)) : 0;
  return {
    title: player.title,
    positionMs: Math.min(player.durationMs, player.positionMs + since),
    durationMs: player.durationMs,
    paused: player.state === 'paused',
  };
}

/** @param stated the player of the whole state; the news is newer until the next state. */
export function usePlayer(
  stated: () => PlayerNews | undefined,
  events: () => Pick<EventSocket, 'on'> | undefined,
): ComputedRef<PlayerNews | undefined> {
  const player = shallowRef<PlayerNews>();
  let stop: (() => void) | undefined;
  watch(stated, (now) => (player.value = now), { immediate: true });
  watch(
    events,
    (now) => {
      stop?.();
      stop = now?.on('message', (message) => {
        const news = message as unknown as { type: string; player?: PlayerNews };
        if (news.type === 'player') player.value = news.player;
      });
    },
    { immediate: true },
  );
  onScopeDispose(() => stop?.());
  return computed(() => player.value);
}
