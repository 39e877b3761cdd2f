// The call of the page: opened when the server gives access to media (from the ring on), closed when it takes it away.
import { onScopeDispose, ref, shallowRef, watch, type Ref, type ShallowRef } from 'vue';
import { ScreenShare, type EventSocket, type MediaAccess, type Person } from '@telewitness/client';
import type { Call, CallState, RemoteStream } from '@telewitness/client/media';
import type * as Media from '@telewitness/client/media';

export interface CallView {
  callState: Ref<CallState | 'none'>;
  /** The other side's camera. */
  remote: ShallowRef<MediaStream | undefined>;
  /** Everything that is watched. */
  streams: ShallowRef<readonly RemoteStream[]>;
  sharing: Ref<boolean>;
  /** Loads the code of calls before one is near. */
  preload(): void;
  /** Asks which screen, and shows it to everybody. Call it from a press. */
  shareScreen(): Promise<void>;
  stopScreen(): void;
}

/** Of a customer or a guest: what the page needs of their state. */
export interface CallingState {
  status: string;
  media?: MediaAccess;
  people?: Person[];
  voiceOnly?: boolean;
}

export interface CallInputs {
  session: () => { events: EventSocket } | undefined;
  state: () => CallingState | undefined;
  local: () => MediaStream | undefined;
  refresh: () => Promise<void>;
}

export function useCall(
  inputs: CallInputs,
  load: () => Promise<Pick<typeof Media, 'Call'>> = () => import('@telewitness/client/media'),
  screen: ScreenShare = new ScreenShare(),
): CallView {
  const callState = ref<CallState | 'none'>('none');
  const remote = shallowRef<MediaStream>();
  const streams = shallowRef<readonly RemoteStream[]>([]);
  const sharing = ref(false);
  let call: Call | undefined;
  let loading = false;

  const media = () => (inputs.state()?.status === 'ended' ? undefined : inputs.state()?.media);
  const people = () => inputs.state()?.people;

  async function open(): Promise<void> {
    if (loading) return;
    loading = true;
    try {
      const { Call: CallClass } = await load();
      const access = media();
      const local = inputs.local();
      const session = inputs.session();
      // What was true before the code was loaded may be over.
      if (!access || !local || !session || call) return;
      call = new CallClass({
        media: access,
        people: people(),
        local,
        localKinds: inputs.state()?.voiceOnly ? ['audio'] : undefined,
        events: session.events,
      });
      const mine = call;
      callState.value = call.state;
      call.on('state', (next) => call === mine && (callState.value = next));
      call.on('stream', (stream) => call === mine && (remote.value = stream));
      call.on('streams', (all) => call === mine && (streams.value = all));
      call.on('accessRefused', () => call === mine && void inputs.refresh());
      call.start();
    } finally {
      loading = false;
    }
  }

  function close(): void {
    screen.stop();
    call?.close();
    call = undefined;
    remote.value = undefined;
    streams.value = [];
    callState.value = 'none';
  }

  watch(
    [media, inputs.local, inputs.session, people],
    ([access, local, session, present], [, , sessionBefore]) => {
      if (session !== sessionBefore) close();
      if (!access) return close();
      if (!local) return;
      if (call) {
        call.update(access, present);
        // The server allows screens no longer.
        if (sharing.value && !call.publisher('screen')) screen.stop();
      } else void open().catch(() => undefined); // The code could not be loaded: the next state tries again.
    },
    { immediate: true },
  );
  watch(inputs.local, (local) => {
    if (local) void call?.replaceLocal(local);
  });
  const stopScreen = screen.on('state', (state) => {
    sharing.value = state === 'on' && (call?.publish('screen', screen.stream!, { kinds: ['video'] }) ?? false);
    if (state === 'on' && !sharing.value) screen.stop();
    if (state === 'off') call?.unpublish('screen');
  });
  onScopeDispose(() => {
    stopScreen();
    close();
  });

  return {
    callState,
    remote,
    streams,
    sharing,
    preload: () => void load().catch(() => undefined),
    shareScreen: async () => void (await screen.start()),
    stopScreen: () => screen.stop(),
  };
}
