// The check of the own devices before the first customer: picture, loudness, a tone to be heard.
import { computed, onScopeDispose, ref, watch, type ComputedRef, type Ref, type ShallowRef } from 'vue';
import type { DeviceChoice, DeviceKind } from './device_choice';
import type { Device, DeviceWatch } from './device_watch';
import { createLocalMedia, type DeviceState, type LocalMedia } from './local_media';
import { playTone, watchLevel } from './sound_level';

/** A voice has been heard when the level was above this once. */
export const kHeardLevel = 0.08;

export interface DeviceCheck {
  stream: ShallowRef<MediaStream | undefined>;
  state: Ref<DeviceState>;
  level: Ref<number>;
  heard: Ref<boolean>;
  devices(kind: DeviceKind): readonly Device[];
  chosen: ComputedRef<Readonly<Partial<Record<DeviceKind, string>>>>;
  choose(kind: DeviceKind, deviceId: string | undefined): void;
  playing: Ref<boolean>;
  play(): Promise<void>;
  again(): Promise<void>;
}

export interface DeviceCheckParts {
  local: LocalMedia;
  watchLevel: typeof watchLevel;
  playTone: typeof playTone;
}

/** Lives as long as what shows it; gives the devices back with it. */
export function useDeviceCheck(
  { choice, watch: plugged }: { choice: DeviceChoice; watch: DeviceWatch },
  parts: Partial<DeviceCheckParts> = {},
): DeviceCheck {
  const local = parts.local ?? createLocalMedia(undefined, choice);
  const measure = parts.watchLevel ?? watchLevel;
  const level = ref(0);
  const heard = ref(false);
  const playing = ref(false);
  let end = () => {};

  watch(
    local.stream,
    (stream) => {
      end();
      level.value = 0;
      heard.value = false;
      end = stream
        ? measure(stream, (now) => {
            level.value = now;
            heard.value ||= now > kHeardLevel;
          })
        : () => {};
    },
    { immediate: true },
  );
  onScopeDispose(() => end(), true);

  async function again(): Promise<void> {
    await local.open();
    await plugged.refresh(); // names are there only after the permission
  }
  void again();

  return {
    stream: local.stream,
    state: local.state,
    level,
    heard,
    devices: (kind) => plugged.devices.value.filter((device) => device.kind === kind),
    chosen: computed(() => choice.chosen),
    choose(kind, deviceId) {
      choice.choose(kind, deviceId);
      if (kind !== 'speaker') void local.reopen();
    },
    playing,
    async play() {
      if (playing.value) return;
      playing.value = true;
      try {
        await (parts.playTone ?? playTone)(choice.chosen.speaker);
      } catch {
        // No loudspeaker: nothing is heard, which is what the page asks about.
      } finally {
        playing.value = false;
      }
    },
    again,
  };
}
