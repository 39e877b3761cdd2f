// The media of the interview of now: connected from the ring on, so that the picture is there at the answer; closed with the talk.
import { onScopeDispose, ref, shallowRef, watch, type Ref, type ShallowRef } from 'vue';
import { ScreenShare, type EventSocket, type Person } from '@telewitness/client';
import type { Call, CallOptions, CallState, RemoteStream } from '@telewitness/client/media';
import { toProblem, type MediaAccess, type ProblemLike } from '@telewitness/desk';
import type { Desk } from '../desk/desk';
import type { LocalMedia } from './local_media';

export type CallLike = Pick<
  Call,
  'on' | 'start' | 'update' | 'replaceLocal' | 'publish' | 'unpublish' | 'publisher' | 'close'
>;

export interface CallDesk {
  local: LocalMedia;
  /** The customer's picture and sound. */
  remote: ShallowRef<MediaStream | undefined>;
  /** Everything that is watched, the customer's camera first. */
  streams: ShallowRef<readonly RemoteStream[]>;
  sharing: Ref<boolean>;
  shareScreen(): Promise<void>;
  stopScreen(): void;
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
  screen?: ScreenShare;
}

export function createCallDesk(options: CallDeskOptions): CallDesk {
  const { desk, local } = options;
  const emptyStream = options.emptyStream ?? (() => new MediaStream());
  const remote = shallowRef<MediaStream>();
  const streams = shallowRef<readonly RemoteStream[]>([]);
  const sharing = ref(false);
  const screen = options.screen ?? new ScreenShare();
  const state = ref<CallState>('connecting');
  const problem = shallowRef<ProblemLike>();
  let id: string | undefined;
  let call: CallLike | undefined;
  let life = 0;

  function end(): void {
    life += 1;
    screen.stop();
    call?.close();
    call = undefined;
    id = undefined;
    remote.value = undefined;
    streams.value = [];
    problem.value = undefined;
    state.value = 'connecting';
    local.close();
  }

  async function begin(interviewId: string, media: MediaAccess, people: Person[] | undefined): Promise<void> {
    end();
    id = interviewId;
    const mine = life;
    void local.open(desk.interview.value?.interview?.voiceOnly);
    let made: CallLike;
    try {
      made = await options.makeCall({
        media,
        people,
        local: local.stream.value ?? emptyStream(),
        localKinds: desk.interview.value?.interview?.voiceOnly ? ['audio'] : undefined,
        events: options.events,
      });
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
    made.on('streams', (all) => (streams.value = all));
    made.on('problem', (failure) => (problem.value = toProblem(failure)));
    made.on('accessRefused', () => void desk.refreshInterview().catch(() => undefined));
    made.start();
    if (local.stream.value) void made.replaceLocal(local.stream.value);
  }

  watch(
    () => {
      const live = (desk.phase.value === 'ringing' || desk.phase.value === 'talking') && !desk.takenOver.value;
      const { media, people } = desk.interview.value ?? {};
      return live ? { id: desk.activeId.value, media, people } : undefined;
    },
    (now) => {
      if (!now) return end();
      if (id !== undefined && now.id !== id) end();
      if (!now.id || !now.media) return;
      if (now.id === id) {
        call?.update(now.media, now.people);
        // The server allows screens no longer.
        if (sharing.value && !call?.publisher('screen')) screen.stop();
      } else void begin(now.id, now.media, now.people);
    },
    { immediate: true },
  );
  // The browser may ask for permission meanwhile: the customer is seen before the own camera is there.
  watch(local.stream, (stream) => {
    if (stream && call) void call.replaceLocal(stream);
  });
  const stopListening = screen.on('state', (now) => {
    sharing.value = now === 'on' && (call?.publish('screen', screen.stream!, { kinds: ['video'] }) ?? false);
    if (now === 'on' && !sharing.value) screen.stop();
    if (now === 'off') call?.unpublish('screen');
  });
  onScopeDispose(() => {
    stopListening();
    end();
  }, true);

  return {
    local,
    remote,
    streams,
    sharing,
    shareScreen: async () => void (await screen.start()),
    stopScreen: () => screen.stop(),
    state,
    problem,
  };
}
