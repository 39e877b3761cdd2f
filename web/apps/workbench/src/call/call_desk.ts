// The media of the interview of now: connected from the ring on, so that the picture is there at the answer; closed with the talk.
import { onScopeDispose, ref, shallowRef, watch, type Ref, type ShallowRef } from 'vue';
import type { EventSocket } from '@telewitness/client';
import type { Call, CallOptions, CallState } from '@telewitness/client/media';
import { toProblem, type MediaAccess, type ProblemLike } from '@telewitness/desk';
import type { Desk } from '../desk/desk';
import type { LocalMedia } from './local_media';

export type CallLike = Pick<Call, 'on' | 'start' | 'update' | 'replaceLocal' | 'close'>;

export interface CallDesk {
  local: LocalMedia;
  /** The customer's picture and sound. */
  remote: ShallowRef<MediaStream | undefined>;
  state: Ref<CallState>;
  problem: ShallowRef<ProblemLike | undefined>;
}

export interface CallDeskOptions {
  desk: Pick<Desk, 'phase' | 'activeId' | 'interview' | 'takenOver' | 'refreshInterview'>;
  local: LocalMedia;
  events: EventSocket;
  /** Makes a call; loads the media part of the SDK when the first one is near. */
  makeCall(options: CallOptions): Promise<CallLike>;
  emptyStream?: () => MediaStream;
}

export function createCallDesk(options: CallDeskOptions): CallDesk {
  const { desk, local } = options;
  const emptyStream = options.emptyStream ?? (() => new MediaStream());
  const remote = shallowRef<MediaStream>();
  const state = ref<CallState>('connecting');
  const problem = shallowRef<ProblemLike>();
  let id: string | undefined;
  let call: CallLike | undefined;
  let life = 0;

  function end(): void {
    life += 1;
    call?.close();
    call = undefined;
    id = undefined;
    remote.value = undefined;
    problem.value = undefined;
    state.value = 'connecting';
    local.close();
  }

  async function begin(interviewId: string, media: MediaAccess): Promise<void> {
    end();
    id = interviewId;
    const mine = life;
    void local.open();
    let made: CallLike;
    try {
      made = await options.makeCall({ media, local: local.stream.value ?? emptyStream(), events: options.events });
    } catch (error) {
      if (mine !== life) return;
      problem.value = toProblem(error);
      id = undefined; // the next state tries again
      return;
    }
    if (mine !== life) return made.close();
    call = made;
    made.on('state', (now) => {
      state.value = now;
      if (now === 'connected') problem.value = undefined;
    });
    made.on('stream', (stream) => (remote.value = stream));
    made.on('problem', (failure) => (problem.value = toProblem(failure)));
    made.on('accessRefused', () => void desk.refreshInterview().catch(() => undefined));
    made.start();
    if (local.stream.value) void made.replaceLocal(local.stream.value);
  }

  watch(
    () => {
      const live = (desk.phase.value === 'ringing' || desk.phase.value === 'talking') && !desk.takenOver.value;
      return live ? { id: desk.activeId.value, media: desk.interview.value?.media } : undefined;
    },
    (now) => {
      if (!now) return end();
      if (id !== undefined && now.id !== id) end();
      if (!now.id || !now.media) return;
      if (now.id === id) call?.update(now.media);
      else void begin(now.id, now.media);
    },
    { immediate: true },
  );
  // The browser may ask for permission meanwhile: the customer is seen before the own camera is there.
  watch(local.stream, (stream) => {
    if (stream && call) void call.replaceLocal(stream);
  });
  onScopeDispose(end, true);

  return { local, remote, state, problem };
}
