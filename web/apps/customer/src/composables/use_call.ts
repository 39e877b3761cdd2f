// The call of the page: opened when the server gives access to media (from the ring on), closed when it takes it away.
import { onScopeDispose, ref, shallowRef, watch, type Ref, type ShallowRef } from 'vue';
import type { CustomerSession, CustomerState } from '@telewitness/client';
import type { Call, CallState } from '@telewitness/client/media';
import type * as Media from '@telewitness/client/media';

export interface CallView {
  callState: Ref<CallState | 'none'>;
  remote: ShallowRef<MediaStream | undefined>;
  /** Loads the code of calls before one is near. */
  preload(): void;
}

export interface CallInputs {
  session: () => CustomerSession | undefined;
  state: () => CustomerState | undefined;
  local: () => MediaStream | undefined;
  refresh: () => Promise<void>;
}

export function useCall(
  inputs: CallInputs,
  load: () => Promise<Pick<typeof Media, 'Call'>> = () => import('@telewitness/client/media'),
): CallView {
  const callState = ref<CallState | 'none'>('none');
  const remote = shallowRef<MediaStream>();
  let call: Call | undefined;
  let loading = false;

  const media = () => (inputs.state()?.status === 'ended' ? undefined : inputs.state()?.media);

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
      call = new CallClass({ media: access, local, events: session.events });
      const mine = call;
      callState.value = call.state;
      call.on('state', (next) => call === mine && (callState.value = next));
      call.on('stream', (stream) => call === mine && (remote.value = stream));
      call.on('accessRefused', () => call === mine && void inputs.refresh());
      call.start();
    } finally {
      loading = false;
    }
  }

  function close(): void {
    call?.close();
    call = undefined;
    remote.value = undefined;
    callState.value = 'none';
  }

  watch(
    [media, inputs.local, inputs.session],
    ([access, local, session], [, , sessionBefore]) => {
      if (session !== sessionBefore) close();
      if (!access) return close();
      if (!local) return;
      if (call) call.update(access);
      else void open().catch(() => undefined); // The code could not be loaded: the next state tries again.
    },
    { immediate: true },
  );
  watch(inputs.local, (local) => {
    if (local) void call?.replaceLocal(local);
  });
  onScopeDispose(close);

  return {
    callState,
    remote,
    preload: () => void load().catch(() => undefined),
  };
}
