// A supervisor's page: the conversations that run, and the one they are in, with its media.
import { inject, onScopeDispose, ref, shallowRef, type InjectionKey, type Ref, type ShallowRef } from 'vue';
import type { AgentSession, LiveInterview, SupervisionMode, SupervisorState } from '@telewitness/client';
import type { CallOptions, RemoteStream } from '@telewitness/client/media';
import { toProblem, useAction, type Action, type ProblemLike } from '@telewitness/desk';
import type { CallLike } from '../call/call_desk';
import { createLocalMedia, type LocalMedia } from '../call/local_media';

export interface SupervisorDesk {
  /** Undefined until they were read. */
  calls: ShallowRef<LiveInterview[] | undefined>;
  problem: ShallowRef<ProblemLike | undefined>;
  /** The conversation the supervisor is in. */
  state: ShallowRef<SupervisorState | undefined>;
  streams: ShallowRef<readonly RemoteStream[]>;
  local: LocalMedia;
  /** Whispering: the voice goes out while the button is held. */
  talking: Ref<boolean>;
  /** Everybody's network in it, 0 to 4 by participant. */
  levels: Ref<Record<string, number>>;
  watch(on: boolean): Promise<void>;
  begin: Action<[string, SupervisionMode]>;
  change: Action<[SupervisionMode]>;
  leave: Action<[]>;
  talk(on: boolean): void;
}

export const kSupervisorDesk: InjectionKey<SupervisorDesk> = Symbol('supervisor');

export function useSupervisorDesk(): SupervisorDesk {
  const desk = inject(kSupervisorDesk);
  if (!desk) throw new Error('Used outside the signed-in page.');
  return desk;
}

export function createSupervisorDesk(
  session: Pick<AgentSession, 'supervision' | 'events'>,
  makeCall: (options: CallOptions) => Promise<CallLike>,
  local: LocalMedia = createLocalMedia(),
): SupervisorDesk {
  const { supervision } = session;
  const calls = shallowRef<LiveInterview[]>();
  const problem = shallowRef<ProblemLike>();
  const state = shallowRef<SupervisorState>();
  const streams = shallowRef<readonly RemoteStream[]>([]);
  const talking = ref(false);
  const levels = ref<Record<string, number>>({});
  let call: CallLike | undefined;
  let sessionId: string | undefined;
  let published: 'camera' | 'whisper' | undefined;

  function end(): void {
    call?.close();
    call = undefined;
    sessionId = published = undefined;
    streams.value = [];
    state.value = undefined;
    talking.value = false;
    levels.value = {};
    local.close();
  }

  async function take(now: SupervisorState): Promise<void> {
    if (sessionId !== now.sessionId) end();
    state.value = now;
    if (!now.media) return;
    const people = now.call.people;
    if (call) call.update(now.media, people);
    else if (sessionId !== now.sessionId) {
      sessionId = now.sessionId;
      const made = await makeCall({ media: now.media, people, events: session.events });
      if (sessionId !== now.sessionId || call) return made.close();
      call = made;
      made.on('streams', (all) => (streams.value = all));
      made.on('accessRefused', () => void supervision.refresh().catch(() => undefined));
      made.start();
    }
    await publish();
  }

  /** What the mode lets out: nothing, a voice for the agent, or picture and sound for all. */
  async function publish(): Promise<void> {
    const mode = state.value?.mode;
    const wanted = mode === 'join' ? 'camera' : mode === 'whisper' ? 'whisper' : undefined;
    if (!call || published === wanted) return;
    if (published) call.unpublish(published);
    published = undefined;
    local.close();
    if (!wanted) return;
    const mine = call;
    const onlyVoice = wanted === 'whisper' || state.value?.call.voiceOnly === true;
    await local.open(onlyVoice);
    if (call !== mine || state.value?.mode !== mode || published === wanted || !local.stream.value) return;
    talking.value = false;
    applyTalking();
    if (mine.publish(wanted, local.stream.value, onlyVoice ? { kinds: ['audio'] } : {})) published = wanted;
  }

  function applyTalking(): void {
    const open = state.value?.mode === 'join' ? !local.muted.value : talking.value;
    for (const track of local.stream.value?.getAudioTracks() ?? []) track.enabled = open;
  }

  async function read(): Promise<void> {
    try {
      calls.value = await supervision.calls();
      problem.value = undefined;
    } catch (error) {
      problem.value = toProblem(error);
    }
  }

  const stop = [
    supervision.on('calls', (now) => {
      calls.value = now;
      problem.value = undefined;
    }),
    supervision.on('state', (now) => void take(now)),
    supervision.on('ended', end),
    session.events.on('message', (message) => {
      if (message.type !== 'quality' || message.interviewId !== state.value?.call.interviewId) return;
      levels.value = Object.fromEntries(message.people.map((each) => [each.participant, each.level]));
    }),
  ];
  onScopeDispose(() => {
    for (const each of stop) each();
    end();
  }, true);

  return {
    calls,
    problem,
    state,
    streams,
    local,
    talking,
    levels,
    async watch(on) {
      supervision.watchCalls(on);
      if (on) await read();
    },
    begin: useAction((interviewId, mode) => supervision.begin(interviewId, mode)),
    change: useAction((mode) => supervision.change(mode)),
    leave: useAction(() => supervision.leave()),
    talk(on) {
      if (state.value?.mode !== 'whisper' || talking.value === on) return;
      talking.value = on;
      applyTalking();
    },
  };
}
