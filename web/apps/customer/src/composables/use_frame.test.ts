import { effectScope, nextTick, ref, shallowRef } from 'vue';
import { describe, expect, it } from 'vitest';
import type { CustomerState } from '@telewitness/client';
import type { Frame, FrameNews, FrameWish } from '@telewitness/client/frame';
import { useFrame } from './use_frame';

function framed() {
  const told: FrameNews[] = [];
  let wish: ((wish: FrameWish) => void) | undefined;
  const frame: Frame = {
    settings: { account: 'demo', parentOrigin: 'https://bank.example', accent: undefined },
    tell: (news) => void told.push(news),
    onWish: (listener) => {
      wish = listener;
      return () => (wish = undefined);
    },
  };
  return { frame, told, wish: () => wish };
}

describe('a page in a frame', () => {
  it('says that it is there, where it stands, and once how it ended', async () => {
    const { frame, told, wish } = framed();
    const state = shallowRef<CustomerState>();
    const problem = ref<string>();
    let left = 0;
    const scope = effectScope();
    scope.run(() =>
      useFrame({ state: () => state.value, problem: () => problem.value, leave: () => (left += 1) }, frame),
    );
    expect(told).toEqual([{ type: 'ready' }]);

    const begun = { interviewId: 'itv_1', status: 'queued' } as CustomerState;
    state.value = begun;
    await nextTick();
    state.value = { ...begun, position: 1 };
    await nextTick();
    expect(told.slice(1)).toEqual([{ type: 'state', state: 'queued' }]);
    wish()?.({ type: 'leave' });
    expect(left).toBe(1);

    state.value = { ...begun, status: 'ended', endReason: 'concluded', endedAt: '2026-01-01T00:00:00Z' };
    await nextTick();
    expect(told.slice(2)).toMatchObject([
      { type: 'state', state: 'ended' },
      {
        type: 'ended',
        result: { interviewId: 'itv_1', endReason: 'concluded', photos: '/api/v1/interviews/itv_1/photos' },
      },
    ]);
    expect(JSON.stringify(told)).not.toContain('token');
    problem.value = 'link-expired';
    await nextTick();
    expect(told.at(-1)).toEqual({ type: 'error', code: 'link-expired' });
    scope.stop();
    expect(wish()).toBeUndefined();
  });

  it('that cannot go on from the start says so after it said that it is there', () => {
    const { frame, told } = framed();
    effectScope().run(() =>
      useFrame({ state: () => undefined, problem: () => 'browser-unsupported', leave: () => {} }, frame),
    );
    expect(told).toEqual([{ type: 'ready' }, { type: 'error', code: 'browser-unsupported' }]);
  });

  it('by itself tells nobody anything', () => {
    expect(() =>
      useFrame({ state: () => undefined, problem: () => undefined, leave: () => {} }, undefined),
    ).not.toThrow();
  });
});
