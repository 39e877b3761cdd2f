import { describe, expect, it, vi } from 'vitest';
import { effectScope, ref, shallowRef } from 'vue';
import type { AgentSession, SupervisionMode, SupervisorState } from '@telewitness/client';
import type { CallLike } from '../call/call_desk';
import type { LocalMedia } from '../call/local_media';
import { createSupervisorDesk } from './supervisor_desk';

const settled = () => new Promise((resolve) => setTimeout(resolve));
const stateIn = (mode: SupervisionMode, sessionId = 'sup_1') =>
  ({ sessionId, mode, media: { token: 'm' }, call: { people: [] } }) as unknown as SupervisorState;

function page() {
  const listeners = new Map<string, (value: unknown) => void>();
  const track = { enabled: true };
  const stream = { getAudioTracks: () => [track] };
  const localStream = shallowRef<unknown>();
  const local = {
    stream: localStream,
    muted: ref(false),
    open: vi.fn(async () => void (localStream.value = stream)),
    close: vi.fn(() => void (localStream.value = undefined)),
  };
  const calls: Record<string, ReturnType<typeof vi.fn>>[] = [];
  const makeCall = vi.fn(async () => {
    const call = Object.fromEntries(
      ['on', 'start', 'update', 'unpublish', 'close', 'replaceLocal'].map((name) => [name, vi.fn()]),
    );
    call['publish'] = vi.fn(() => true);
    calls.push(call);
    return call as unknown as CallLike;
  });
  const session = {
    events: {
      on: (name: string, listener: (value: never) => void) => {
        listeners.set(name, listener as (value: unknown) => void);
        return () => {};
      },
    },
    supervision: {
      on: (name: string, listener: (value: never) => void) => {
        listeners.set(name, listener as (value: unknown) => void);
        return () => {};
      },
      watchCalls: vi.fn(),
      calls: vi.fn(async () => []),
      refresh: vi.fn(async () => {}),
    },
  };
  const scope = effectScope();
  const desk = scope.run(() =>
    createSupervisorDesk(session as unknown as AgentSession, makeCall, local as unknown as LocalMedia),
  )!;
  const tell = async (name: string, value?: unknown) => {
    listeners.get(name)!(value);
    await settled();
  };
  return { desk, tell, calls, local, track, session, scope };
}

describe('a supervisor', () => {
  it('sees the networks of the conversation they are in, and of no other', async () => {
    const { desk, tell } = page();
    const quality = (interviewId: string) => ({
      type: 'quality',
      interviewId,
      people: [{ participant: 'agent', level: 1 }],
    });
    await tell('state', { ...stateIn('listen'), call: { interviewId: 'itv_1', people: [] } });
    await tell('message', quality('itv_2'));
    expect(desk.levels.value).toEqual({});
    await tell('message', quality('itv_1'));
    expect(desk.levels.value).toEqual({ agent: 1 });
    await tell('ended');
    expect(desk.levels.value).toEqual({});
  });

  it('who listens sends nothing and opens no device', async () => {
    const { tell, calls, local } = page();
    await tell('state', stateIn('listen'));
    await tell('state', stateIn('listen'));
    expect(calls).toHaveLength(1);
    expect(calls[0]!['publish']).not.toHaveBeenCalled();
    expect(local.open).not.toHaveBeenCalled();
  });

  it('who whispers sends a voice of its own, and only while the button is held', async () => {
    const { desk, tell, calls, track } = page();
    await tell('state', stateIn('listen'));
    desk.talk(true);
    expect(desk.talking.value).toBe(false);
    await tell('state', stateIn('whisper'));
    expect(calls[0]!['publish']).toHaveBeenCalledWith('whisper', expect.anything(), { kinds: ['audio'] });
    expect(track.enabled).toBe(false);
    desk.talk(true);
    expect(track.enabled).toBe(true);
    desk.talk(false);
    expect(track.enabled).toBe(false);
  });

  it('who joins is seen and heard, and stops whispering first', async () => {
    const { tell, calls, track } = page();
    await tell('state', stateIn('whisper'));
    await tell('state', stateIn('join'));
    expect(calls[0]!['unpublish']).toHaveBeenCalledWith('whisper');
    expect(calls[0]!['publish']).toHaveBeenLastCalledWith('camera', expect.anything(), {});
    expect(track.enabled).toBe(true);
    await tell('state', stateIn('listen'));
    expect(calls[0]!['unpublish']).toHaveBeenLastCalledWith('camera');
  });

  it('in another conversation leaves the media of the one before', async () => {
    const { desk, tell, calls, local } = page();
    await tell('state', stateIn('join'));
    await tell('state', stateIn('listen', 'sup_2'));
    expect(calls).toHaveLength(2);
    expect(calls[0]!['close']).toHaveBeenCalled();
    await tell('ended');
    expect(calls[1]!['close']).toHaveBeenCalled();
    expect(desk.state.value).toBeUndefined();
    expect(local.stream.value).toBeUndefined();
  });

  it('is told why the conversations cannot be read', async () => {
    const { desk, session } = page();
    session.supervision.calls.mockRejectedValue({ code: 'auth.wrong_role', status: 403 });
    await desk.watch(true);
    expect(desk.problem.value?.code).toBe('auth.wrong_role');
  });
});
