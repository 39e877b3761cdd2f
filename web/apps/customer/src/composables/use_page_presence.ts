// Tells the server when the customer leaves the page or the phone takes the camera; use_device_watch opens it again.
import { onScopeDispose, watch } from 'vue';
import { PagePresence, type EventSocket } from '@telewitness/client';
import type { Devices } from './use_devices';

export interface PresenceInputs {
  /** Undefined while no call is near. */
  events: () => EventSocket | undefined;
  devices: Devices;
  /** Guests' pages are not asked about. */
  silent?: boolean;
}

export function usePagePresence(inputs: PresenceInputs): void {
  let presence: PagePresence | undefined;
  const { devices } = inputs;
  watch(
    inputs.events,
    (events) => {
      presence?.close();
      presence =
        events &&
        new PagePresence({
          events: inputs.silent ? { on: events.on.bind(events), send: () => true } : events,
          camera: () => devices.stream.value?.getVideoTracks()[0],
        });
    },
    { immediate: true },
  );
  watch(devices.stream, () => presence?.review());
  onScopeDispose(() => presence?.close());
}
