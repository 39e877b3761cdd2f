import { describe, expect, it, vi } from 'vitest';
import { computed, effectScope, nextTick, ref } from 'vue';
import type { AgentInterview } from '@telewitness/desk';
import { createConversation, type ConversationSession } from './conversation';

function page() {
  const activeId = ref<string | undefined>('itv_1');
  const refreshInterview = vi.fn(async () => {});
  let tell: (message: unknown) => void = () => {};
  const played = { mediaId: 'med_1', title: 'Risk', kind: 'video', positionMs: 0, durationMs: 9, at: '' };
  const session = {
    conversation: {
      hold: vi.fn(async () => {}),
      inviteGuest: vi.fn(async () => ({ guest: { id: 'gst_1' }, link: { url: 'https://x/g/#t' } })),
      removeGuest: vi.fn(async () => {}),
      transfer: vi.fn(() => Promise.reject({ code: 'transfer.agent_unavailable', status: 409 })),
    },
    player: {
      play: vi.fn(async () => ({ ...played, state: 'playing' })),
      pause: vi.fn(async () => ({ ...played, state: 'paused' })),
      goOn: vi.fn(async () => ({ ...played, state: 'playing' })),
      stop: vi.fn(async () => {}),
    },
    events: {
      on: (_name: string, listener: typeof tell) => {
        tell = listener;
        return () => (tell = () => {});
      },
    },
  };
  const scope = effectScope();
  const conversation = scope.run(() =>
    createConversation(
      {
        activeId: computed(() => activeId.value),
        interview: computed(() => undefined as AgentInterview | undefined),
        refreshInterview,
      },
      session as unknown as ConversationSession,
    ),
  )!;
  return { activeId, refreshInterview, session, conversation, tell: (message: unknown) => tell(message) };
}

describe('the conversation', () => {
  it('shows an invitation until another interview, or until it is taken back', async () => {
    const { conversation, refreshInterview, activeId } = page();
    await conversation.invite.run({ displayName: 'Guarantor' });
    expect(conversation.invited.value?.link.url).toBe('https://x/g/#t');
    expect(refreshInterview).toHaveBeenCalled();
    await conversation.removeGuest.run('gst_1');
    expect(conversation.invited.value).toBeUndefined();
    await conversation.invite.run({ displayName: 'Guarantor' });
    activeId.value = 'itv_2';
    await nextTick();
    expect(conversation.invited.value).toBeUndefined();
  });

  it('says why it could not be handed over', async () => {
    const { conversation } = page();
    expect(await conversation.transfer.run({ agentId: 'usr_2' })).toBe(false);
    expect(conversation.transfer.problem.value?.code).toBe('transfer.agent_unavailable');
  });

  it('plays, pauses, goes on and stops; the end is news', async () => {
    const { conversation, session, tell } = page();
    await conversation.play.run({ mediaId: 'med_1' });
    await conversation.pauseOrGoOn.run();
    expect(conversation.player.value?.state).toBe('paused');
    await conversation.pauseOrGoOn.run();
    expect([session.player.pause, session.player.goOn].map((each) => each.mock.calls.length)).toEqual([1, 1]);
    tell({ type: 'player' });
    expect(conversation.player.value).toBeUndefined();
  });

  it("keeps everybody's network", () => {
    const { conversation, tell } = page();
    tell({ type: 'quality', people: [{ participant: 'customer', level: 2 }] });
    expect(conversation.levels.value).toEqual({ customer: 2 });
  });

  it('does nothing without an interview', async () => {
    const { conversation, session, activeId } = page();
    activeId.value = undefined;
    await conversation.hold.run();
    expect(session.conversation.hold).not.toHaveBeenCalled();
  });
});
