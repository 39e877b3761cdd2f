import { computed, nextTick, ref, shallowRef } from 'vue';
import { describe, expect, it, vi } from 'vitest';
import type { Frame, FrameNews } from '@telewitness/client/frame';
import type { AgentSession } from '@telewitness/client';
import type { Phase } from './desk/desk';
import { reportDesk, reportSession } from './frame';

function framed() {
  const told: FrameNews[] = [];
  const frame: Frame = {
    settings: { account: 'demo', parentOrigin: 'https://bank.example', accent: undefined },
    tell: (news) => void told.push(news),
    onWish: () => () => {},
  };
  return { frame, told };
}

describe('a workbench in a frame', () => {
  it.each([
    ['demo', false],
    ['another', true],
  ])('keeps agents of the company %s out: %s', async (tenant, out) => {
    const { frame, told } = framed();
    const state = ref<'starting' | 'signed_out' | 'signed_in'>('starting');
    const client = shallowRef<AgentSession>();
    const signOut = vi.fn(async () => {});
    reportSession({ state, client, signOut }, frame);
    expect(told).toEqual([{ type: 'ready' }, { type: 'state', state: 'starting' }]);
    client.value = { user: { tenant } } as unknown as AgentSession;
    state.value = 'signed_in';
    await nextTick();
    expect(signOut).toHaveBeenCalledTimes(out ? 1 : 0);
    expect(told.slice(2)).toEqual(out ? [{ type: 'error', code: 'frame.other_company' }] : []);
  });

  it('says what the desk does, and which interview is over', async () => {
    const { frame, told } = framed();
    const phase = ref<Phase>('idle');
    const id = ref<string>();
    const elsewhere = ref(false);
    const desk = { phase: computed(() => phase.value), activeId: computed(() => id.value) };
    reportDesk({ ...desk, takenOver: computed(() => elsewhere.value) }, frame);
    id.value = 'itv_1';
    phase.value = 'talking';
    await nextTick();
    phase.value = 'wrapping_up';
    await nextTick();
    expect(told).toEqual([
      { type: 'state', state: 'idle' },
      { type: 'state', state: 'talking' },
      { type: 'state', state: 'wrapping_up' },
      { type: 'ended', result: { interviewId: 'itv_1' } },
    ]);
    elsewhere.value = true;
    await nextTick();
    expect(told.slice(4), 'another page of the account is at work').toEqual([{ type: 'state', state: 'elsewhere' }]);
  });
});
