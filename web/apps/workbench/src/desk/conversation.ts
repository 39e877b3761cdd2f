// What the agent does with a conversation beside talking: others in it, handing it over, holding, playing.
import { onScopeDispose, ref, shallowRef, watch, type Ref, type ShallowRef } from 'vue';
import type { AgentSession, CreatedGuest, NewGuest, NewPlay, NewTransfer, PlayerState } from '@telewitness/client';
import { useAction, type Action } from '@telewitness/desk';
import type { Desk } from './desk';

export interface ConversationDesk {
  hold: Action<[]>;
  resume: Action<[]>;
  transfer: Action<[NewTransfer]>;
  cancelTransfer: Action<[]>;
  invite: Action<[NewGuest]>;
  /** The last invitation's link, shown once. */
  invited: ShallowRef<CreatedGuest | undefined>;
  removeGuest: Action<[string]>;
  /** What plays now; the page counts on by itself. */
  player: ShallowRef<PlayerState | undefined>;
  play: Action<[NewPlay]>;
  pauseOrGoOn: Action<[]>;
  seek: Action<[number]>;
  stopPlaying: Action<[]>;
  /** 0 to 4 by participant. */
  levels: Ref<Record<string, number>>;
}

export type ConversationSession = Pick<AgentSession, 'conversation' | 'player' | 'events'>;

/** Of a desk, or of the conversation that a supervisor is in. */
export interface ConversationOf extends Pick<Desk, 'activeId' | 'refreshInterview'> {
  interview: Readonly<Ref<{ player?: PlayerState } | undefined>>;
}

export function createConversation(desk: ConversationOf, session: ConversationSession): ConversationDesk {
  const { conversation, player: control } = session;
  const invited = shallowRef<CreatedGuest>();
  const player = shallowRef<PlayerState>();
  const levels = ref<Record<string, number>>({});

  async function withId<T>(act: (interviewId: string) => Promise<T>): Promise<T | undefined> {
    return desk.activeId.value ? act(desk.activeId.value) : undefined;
  }
  const plays = (act: (interviewId: string) => Promise<PlayerState>) =>
    withId(async (id) => void (player.value = await act(id)));

  const stop = session.events.on('message', (message) => {
    const news = message as unknown as {
      type: string;
      player?: PlayerState;
      people?: { participant: string; level: number }[];
    };
    if (news.type === 'player') player.value = news.player;
    else if (news.type === 'quality')
      levels.value = Object.fromEntries((news.people ?? []).map((each) => [each.participant, each.level]));
  });
  watch(
    () => desk.interview.value?.player,
    (now) => (player.value = now),
    { immediate: true },
  );
  watch(desk.activeId, () => {
    invited.value = undefined;
    player.value = undefined;
    levels.value = {};
  });
  onScopeDispose(stop, true);

  return {
    hold: useAction(() => withId((id) => conversation.hold(id))),
    resume: useAction(() => withId((id) => conversation.resume(id))),
    transfer: useAction((transfer) => withId((id) => conversation.transfer(id, transfer))),
    cancelTransfer: useAction(() => withId((id) => conversation.cancelTransfer(id))),
    invited,
    invite: useAction((guest) =>
      withId(async (id) => {
        invited.value = await conversation.inviteGuest(id, guest);
        await desk.refreshInterview();
      }),
    ),
    removeGuest: useAction((guestId) =>
      withId(async (id) => {
        await conversation.removeGuest(id, guestId);
        if (invited.value?.guest.id === guestId) invited.value = undefined;
        await desk.refreshInterview();
      }),
    ),
    player,
    play: useAction((what) => plays((id) => control.play(id, what))),
    pauseOrGoOn: useAction(() =>
      plays((id) => (player.value?.state === 'playing' ? control.pause(id) : control.goOn(id))),
    ),
    seek: useAction((positionMs) => plays((id) => control.seek(id, positionMs))),
    stopPlaying: useAction(() =>
      withId(async (id) => {
        await control.stop(id);
        player.value = undefined;
      }),
    ),
    levels,
  };
}
