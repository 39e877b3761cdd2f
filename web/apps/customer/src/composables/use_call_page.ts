// What the page of a customer and of a third party needs for the call: its streams, levels, films, the server's clock.
import { computed, watch } from 'vue';
import type { EventSocket, Player } from '@telewitness/client';
import { createServerClock, useOnline } from '@telewitness/ui';
import { preloadConfirm } from '../logic/confirm';
import { filmOf } from '../logic/film';
import { useCall, type CallingState } from './use_call';
import { useDeviceWatch } from './use_device_watch';
import type { Devices } from './use_devices';
import { useLevels } from './use_levels';
import { usePagePresence } from './use_page_presence';

export interface CallPageInputs {
  devices: Devices;
  session: () => { events: EventSocket } | undefined;
  state: () => (CallingState & { serverTime: string; player?: Player }) | undefined;
  /** Whether this page is the person's place in the call; without it nothing is sent or watched. */
  takesPart: () => boolean;
  refresh: () => Promise<void>;
  /** Guests' pages are not asked about. */
  silent?: boolean;
}

export function useCallPage(inputs: CallPageInputs) {
  const { devices } = inputs;
  const clock = createServerClock();
  const calling = () => (inputs.takesPart() ? inputs.state() : undefined);
  const call = useCall({
    session: inputs.session,
    state: calling,
    local: () => devices.stream.value,
    refresh: inputs.refresh,
  });
  const events = () => (calling()?.media ? inputs.session()?.events : undefined);
  usePagePresence({ events, devices, silent: inputs.silent ?? false });
  const watched = useDeviceWatch({ events, devices, silent: inputs.silent ?? false });
  const levels = useLevels(events);
  watch(
    () => inputs.state()?.serverTime,
    (time) => time && clock.adjust(time),
  );

  return {
    nowMs: clock.nowMs,
    online: useOnline(),
    call,
    /** Opens lost devices again, by a press. */
    tryDevices: watched.tryNow,
    /** What the view of the call shows, besides who takes part. */
    view: computed(() => ({
      devices,
      lost: watched.lost.value,
      sound: watched.sound.value,
      streams: call.streams.value,
      callState: call.callState.value,
      sharing: call.sharing.value,
      nowMs: clock.nowMs.value,
      levels: levels.value,
      film: filmOf(inputs.state()?.player, clock.nowMs.value),
      self: inputs.state()?.media?.participant,
    })),
    /** Loads what a call needs before one is near. */
    preload(): void {
      call.preload();
      preloadConfirm();
    },
  };
}
