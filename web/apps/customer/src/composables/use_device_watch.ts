// The customer's devices during a call: what was taken away is told to the server and opened again, and the page says what helps.
import { onScopeDispose, ref, shallowRef, watch, type Ref, type ShallowRef } from 'vue';
import { DeviceWatch, type DeviceWatchEvents, type EventSocket, type SoundChange } from '@telewitness/client';
import type { Devices } from './use_devices';

/** News of a headset are read and gone. */
const kSoundNewsMs = 8_000;

export type LostInputs = DeviceWatchEvents['inputs'];

export interface WatchedDevices {
  lost: ShallowRef<LostInputs>;
  /** A headset came or went a moment ago. */
  sound: Ref<SoundChange | undefined>;
  /** By a press: now, and with the browser's question where it needs one. */
  tryNow(): Promise<void>;
}

export interface DeviceWatchInputs {
  /** Undefined while no call is near. */
  events: () => EventSocket | undefined;
  devices: Devices;
  /** Third parties' devices are looked after, but nobody is told of them. */
  silent?: boolean;
}

export function useDeviceWatch(inputs: DeviceWatchInputs): WatchedDevices {
  const { devices } = inputs;
  const lost = shallowRef<LostInputs>({});
  const sound = ref<SoundChange>();
  let watching: DeviceWatch | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function stop(): void {
    watching?.close();
    watching = undefined;
    clearTimeout(timer);
    lost.value = {};
    sound.value = undefined;
  }

  watch(
    inputs.events,
    (events) => {
      stop();
      if (!events) return;
      const mine = (watching = new DeviceWatch({
        events: inputs.silent ? { on: events.on.bind(events), send: () => true } : events,
        track: (device) => {
          const stream = devices.stream.value;
          return (device === 'camera' ? stream?.getVideoTracks() : stream?.getAudioTracks())?.[0];
        },
        reopen: () => (devices.stream.value ? devices.reopen() : devices.start()),
      }));
      mine.on('inputs', (now) => mine === watching && (lost.value = now));
      mine.on('sound', (change) => {
        if (mine !== watching) return;
        sound.value = change;
        clearTimeout(timer);
        timer = setTimeout(() => (sound.value = undefined), kSoundNewsMs);
      });
    },
    { immediate: true },
  );
  watch(devices.stream, () => watching?.review());
  onScopeDispose(stop);

  return {
    lost,
    sound,
    async tryNow() {
      await watching?.tryNow();
    },
  };
}
