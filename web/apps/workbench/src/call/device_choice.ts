// Which camera, microphone and loudspeaker this machine uses, kept with the browser: a desk has its headset, whoever sits there.
import { reactive } from 'vue';

export const kDeviceKinds = ['microphone', 'camera', 'speaker'] as const;
export type DeviceKind = (typeof kDeviceKinds)[number];

export interface DeviceChoice {
  /** Device ids; undefined: the browser's own choice. */
  readonly chosen: Readonly<Partial<Record<DeviceKind, string>>>;
  /** When somebody last found the devices of this machine good; undefined: never. */
  readonly checkedAt: number | undefined;
  choose(kind: DeviceKind, deviceId: string | undefined): void;
  noteChecked(now?: number): void;
}

const kKey = 'telewitness.workbench.devices';
interface Kept {
  chosen: Partial<Record<DeviceKind, string>>;
  checkedAt?: number | undefined;
}

function recall(storage: Pick<Storage, 'getItem'>): Kept {
  try {
    const read = JSON.parse(storage.getItem(kKey) ?? '{}') as Partial<Kept> | null;
    const chosen: Kept['chosen'] = {};
    for (const kind of kDeviceKinds) {
      const id = read?.chosen?.[kind];
      if (typeof id === 'string' && id !== '') chosen[kind] = id;
    }
    return { chosen, checkedAt: typeof read?.checkedAt === 'number' ? read.checkedAt : undefined };
  } catch {
    return { chosen: {} };
  }
}

export function createDeviceChoice(storage: Pick<Storage, 'getItem' | 'setItem'> = window.localStorage): DeviceChoice {
  const kept = reactive<Kept>(recall(storage));
  function remember(): void {
    try {
      storage.setItem(kKey, JSON.stringify(kept));
    } catch {
      // Without storage the choice lasts as long as the page.
    }
  }
  return {
    get chosen() {
      return kept.chosen;
    },
    get checkedAt() {
      return kept.checkedAt;
    },
    choose(kind, deviceId) {
      if (deviceId) kept.chosen[kind] = deviceId;
      else delete kept.chosen[kind];
      remember();
    },
    noteChecked(now = Date.now()) {
      kept.checkedAt = now;
      remember();
    },
  };
}

/** A device by its id where it is there; the browser takes another when it is not. */
export function wished(constraints: MediaTrackConstraints, deviceId: string | undefined): MediaTrackConstraints {
  return deviceId ? { ...constraints, deviceId: { ideal: deviceId } } : constraints;
}
