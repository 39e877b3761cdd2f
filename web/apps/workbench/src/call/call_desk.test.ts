import { describe, expect, it, vi } from 'vitest';
import { computed, effectScope, nextTick, ref, shallowRef } from 'vue';
import type { EventSocket } from '@telewitness/client';
import type { AgentInterview } from '@telewitness/desk';
import type { Phase } from '../desk/desk';
import { createCallDesk, type CallLike } from './call_desk';
import type { LocalMedia } from './local_media';

class FakeCall {
  listeners = new Map<string, (value: unknown) => void>();
  start = vi.fn();
  update = vi.fn();
  replaceLocal = vi.fn(async () => {});
  close = vi.fn();
  publish = vi.fn(() => true);
  unpublish = vi.fn();
  publisher = vi.fn();
  on(name: string, listener: (value: never) => void) {
    this.listeners.set(name, listener as (value: unknown) => void);
    return () => {};
  }
  tell(name: string, value?: unknown) {
    this.listeners.get(name)?.(value);
  }
}
const stream = (name: string) => ({ name }) as unknown as MediaStream;
const settled = () => new Promise((resolve) => setTimeout(resolve));

function page() {
  const phase = ref<Phase>('idle');
  const activeId = ref<string>();
  const token = ref<string>();
  const takenOver = ref(false);
  const localStream = shallowRef<MediaStream>();
  const local = { stream: localStream, open: vi.fn(async () => {}), close: vi.fn() } as unknown as LocalMedia;
  const refreshInterview = vi.fn(async () => {});
  const calls: FakeCall[] = [];
  const scope = effectScope();
  const call = scope.run(() =>
    createCallDesk({
      desk: {
        phase: computed(() => phase.value),
        activeId: computed(() => activeId.value),
        interview: computed(() => (token.value ? ({ media: { token: token.value } } as AgentInterview) : undefined)),
        takenOver: computed(() => takenOver.value),
        refreshInterview,
      },
      local,
      events: {} as EventSocket,
      makeCall: async () => {
        calls.push(new FakeCall());
        return calls.at(-1) as unknown as CallLike;
      },
      emptyStream: () => stream('empty'),
    }),
  )!;
  return { phase, activeId, token, takenOver, localStream, local, refreshInterview, calls, scope, call };
}

async function ringing() {
  const at = page();
  Object.assign(at.phase, { value: 'ringing' });
  at.activeId.value = 'a';
  at.token.value = 't1';
  await settled();
  return at;
}

describe('the media of a call', () => {
  it('connects at the ring and stays through the answer', async () => {
    const at = await ringing();
    expect(at.calls[0]!.start).toHaveBeenCalledOnce();
    at.phase.value = 'talking';
    await settled();
    expect(at.calls).toHaveLength(1);
    expect(at.calls[0]!.close).not.toHaveBeenCalled();
  });

  it('does not wait for the own camera, which joins when it is there', async () => {
    const at = await ringing();
    expect(at.local.open).toHaveBeenCalledOnce();
    at.localStream.value = stream('camera');
    await nextTick();
    expect(at.calls[0]!.replaceLocal).toHaveBeenCalledWith(at.localStream.value);
  });

  it('a declined ring closes everything and gives the devices back', async () => {
    const at = await ringing();
    at.call.remote.value = stream('customer');
    at.phase.value = 'idle';
    at.activeId.value = undefined;
    await settled();
    expect(at.calls[0]!.close).toHaveBeenCalledOnce();
    expect(at.call.remote.value).toBeUndefined();
    expect(at.local.close).toHaveBeenCalled();
  });

  it('another interview gets a call of its own', async () => {
    const at = await ringing();
    at.activeId.value = 'b';
    at.token.value = 't2';
    await settled();
    expect(at.calls).toHaveLength(2);
    expect(at.calls[0]!.close).toHaveBeenCalledOnce();
    expect(at.calls[1]!.start).toHaveBeenCalledOnce();
  });

  it('a renewed access goes into the running call; a refused one is asked for', async () => {
    const at = await ringing();
    at.calls[0]!.tell('accessRefused');
    expect(at.refreshInterview).toHaveBeenCalledOnce();
    at.token.value = 't2';
    await settled();
    expect(at.calls).toHaveLength(1);
    expect(at.calls[0]!.update).toHaveBeenLastCalledWith({ token: 't2' }, undefined);
  });

  it('tells what went wrong until it works', async () => {
    const at = await ringing();
    at.calls[0]!.tell('problem', { code: 'media.video_codec', status: 406 });
    expect(at.call.problem.value?.code).toBe('media.video_codec');
    at.calls[0]!.tell('state', 'connected');
    expect(at.call.problem.value).toBeUndefined();
    expect(at.call.state.value).toBe('connected');
  });

  it('taken over by another tab, or the page gone: nothing stays open', async () => {
    const at = await ringing();
    at.takenOver.value = true;
    await settled();
    expect(at.calls[0]!.close).toHaveBeenCalledOnce();
    const other = await ringing();
    other.scope.stop();
    expect(other.calls[0]!.close).toHaveBeenCalledOnce();
  });
});
