import { Emitter, type CustomerSession, type CustomerState, type MediaAccess } from '@telewitness/client';
import type { Call, CallEvents, CallOptions } from '@telewitness/client/media';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { effectScope, nextTick, shallowRef, type EffectScope } from 'vue';
import { customerState } from '../testing';
import { useCall } from './use_call';

class FakeCall extends Emitter<CallEvents> {
  static made: FakeCall[] = [];
  state = 'connecting';
  started = false;
  closed = false;
  accesses: string[] = [];
  locals: unknown[] = [];
  constructor(readonly options: CallOptions) {
    super();
    FakeCall.made.push(this);
  }
  start() {
    this.started = true;
  }
  update(media: MediaAccess) {
    this.accesses.push(media.token);
  }
  async replaceLocal(stream: unknown) {
    this.locals.push(stream);
  }
  publish() {
    return true;
  }
  unpublish() {}
  publisher() {
    return undefined;
  }
  close() {
    this.closed = true;
  }
  hear<Name extends keyof CallEvents>(name: Name, value: CallEvents[Name]) {
    this.emit(name, value);
  }
}

const media = (token: string) => ({ token }) as MediaAccess;
const settled = async () => {
  await nextTick();
  await new Promise((resolve) => setTimeout(resolve));
};

let scope: EffectScope;
const state = shallowRef<CustomerState>();
const local = shallowRef<MediaStream>();
const session = shallowRef<CustomerSession>();
const refresh = vi.fn(async () => undefined);
const load = vi.fn();

function start() {
  return scope.run(() =>
    useCall({ session: () => session.value, state: () => state.value, local: () => local.value, refresh }, load),
  )!;
}

beforeEach(() => {
  scope?.stop();
  scope = effectScope();
  FakeCall.made = [];
  state.value = customerState({ status: 'queued' });
  local.value = { id: 'own' } as MediaStream;
  session.value = { events: {} } as CustomerSession;
  refresh.mockClear();
  load.mockReset().mockResolvedValue({ Call: FakeCall as unknown as typeof Call });
});

describe('the call of the page', () => {
  it('begins with the ring, before the answer, and follows renewed access', async () => {
    const view = start();
    await settled();
    expect(load).not.toHaveBeenCalled();
    state.value = customerState({ status: 'ringing', media: media('m1') });
    await settled();
    expect(FakeCall.made[0]).toMatchObject({
      started: true,
      options: { media: { token: 'm1' }, local: { id: 'own' } },
    });
    state.value = customerState({ status: 'talking', media: media('m2') });
    await settled();
    expect(FakeCall.made).toHaveLength(1);
    expect(FakeCall.made[0]!.accesses).toEqual(['m2']);
    FakeCall.made[0]!.hear('state', 'connected');
    expect(view.callState.value).toBe('connected');
  });

  it('waits for camera and microphone', async () => {
    local.value = undefined;
    state.value = customerState({ status: 'talking', media: media('m1') });
    start();
    await settled();
    expect(FakeCall.made).toHaveLength(0);
    local.value = { id: 'late' } as MediaStream;
    await settled();
    expect(FakeCall.made).toHaveLength(1);
    local.value = { id: 'other camera' } as MediaStream;
    await settled();
    expect(FakeCall.made[0]!.locals).toEqual([{ id: 'other camera' }]);
  });

  it.each<[string, Partial<CustomerState>]>([
    ['the agent was lost and the customer is back in the queue', { status: 'queued', reconnecting: true }],
    ['the interview ended', { status: 'ended', media: media('m1') }],
  ])('ends when %s', async (_name, next) => {
    state.value = customerState({ status: 'talking', media: media('m1') });
    const view = start();
    await settled();
    FakeCall.made[0]!.hear('stream', { id: 'agent' } as MediaStream);
    expect(view.remote.value).toEqual({ id: 'agent' });
    state.value = customerState(next);
    await settled();
    expect(FakeCall.made[0]!.closed).toBe(true);
    expect([view.remote.value, view.callState.value]).toEqual([undefined, 'none']);
  });

  it('is not opened when it was over before its code was there', async () => {
    let loaded: (module: unknown) => void = () => {};
    load.mockReturnValue(new Promise((resolve) => (loaded = resolve)));
    state.value = customerState({ status: 'ringing', media: media('m1') });
    start();
    await settled();
    state.value = customerState({ status: 'queued' });
    await settled();
    loaded({ Call: FakeCall });
    await settled();
    expect(FakeCall.made).toHaveLength(0);
  });

  it('is tried again with the next state when its code could not be loaded', async () => {
    load.mockRejectedValueOnce(new TypeError('Failed to fetch dynamically imported module'));
    state.value = customerState({ status: 'ringing', media: media('m1') });
    start();
    await settled();
    expect(FakeCall.made).toHaveLength(0);
    state.value = customerState({ status: 'ringing', media: media('m2') });
    await settled();
    expect(FakeCall.made).toHaveLength(1);
  });

  it('asks for a fresh state when its access is refused', async () => {
    state.value = customerState({ status: 'talking', media: media('m1') });
    start();
    await settled();
    FakeCall.made[0]!.hear('accessRefused', undefined);
    expect(refresh).toHaveBeenCalledTimes(1);
  });

  it('another session is another call, and leaving the page ends it', async () => {
    state.value = customerState({ status: 'talking', media: media('m1') });
    start();
    await settled();
    session.value = { events: {} } as CustomerSession;
    await settled();
    expect(FakeCall.made.map(({ closed }) => closed)).toEqual([true, false]);
    scope.stop();
    expect(FakeCall.made[1]!.closed).toBe(true);
  });
});
