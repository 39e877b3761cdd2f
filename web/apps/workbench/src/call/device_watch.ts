// What is plugged into this machine, and the news when it changes: a headset that comes, one that was pulled.
import { onScopeDispose, shallowRef, type ShallowRef } from 'vue';
import type { DeviceKind } from './device_choice';

export interface Device {
  kind: DeviceKind;
  id: string;
  label: string;
}
export interface DeviceNews {
  what: 'came' | 'went';
  device: Device;
}
export interface DeviceWatch {
  devices: ShallowRef<readonly Device[]>;
  /** The newest change; undefined until there is one, or after it was dismissed. */
  news: ShallowRef<DeviceNews | undefined>;
  /** Reads the list again: labels are there only once the browser has been allowed to use a device. */
  refresh(): Promise<void>;
  dismiss(): void;
}

const kKinds: Readonly<Record<string, DeviceKind>> = {
  audioinput: 'microphone',
  videoinput: 'camera',
  audiooutput: 'speaker',
};
/** Names of Chromium for whatever is the system's choice now: no devices of their own. */
const kAliases = new Set(['', 'default', 'communications']);
/** In this order one change is told: a headset is a microphone and a loudspeaker, and its microphone matters more. */
const kFirst: readonly DeviceKind[] = ['microphone', 'camera', 'speaker'];

export function devicesOf(infos: readonly Pick<MediaDeviceInfo, 'kind' | 'deviceId' | 'label'>[]): Device[] {
  return infos.flatMap(({ kind, deviceId, label }) => {
    const known = kKinds[kind];
    return known && !kAliases.has(deviceId) ? [{ kind: known, id: deviceId, label }] : [];
  });
}

export function changeBetween(before: readonly Device[], after: readonly Device[]): DeviceNews | undefined {
  const missing = (of: readonly Device[], inThe: readonly Device[]) =>
    kFirst
      .flatMap((kind) => of.filter((device) => device.kind === kind))
      .find((device) => !inThe.some((other) => other.kind === device.kind && other.id === device.id));
  const went = missing(before, after);
  if (went) return { what: 'went', device: went };
  const came = missing(after, before);
  return came && { what: 'came', device: came };
}

export function createDeviceWatch(
  source: Pick<MediaDevices, 'enumerateDevices' | 'addEventListener' | 'removeEventListener'> | undefined = globalThis
    .navigator?.mediaDevices,
): DeviceWatch {
  const devices = shallowRef<readonly Device[]>([]);
  const news = shallowRef<DeviceNews>();

  async function read(): Promise<Device[]> {
    try {
      return devicesOf((await source?.enumerateDevices()) ?? []);
    } catch {
      return [...devices.value];
    }
  }
  async function refresh(): Promise<void> {
    devices.value = await read();
  }
  async function onChange(): Promise<void> {
    const before = devices.value;
    await refresh();
    // Without names there was no permission yet: ids are none, and nothing can be told apart.
    if (before.some((device) => device.label !== '')) news.value = changeBetween(before, devices.value) ?? news.value;
  }
  const listener = () => void onChange();
  source?.addEventListener('devicechange', listener);
  onScopeDispose(() => source?.removeEventListener('devicechange', listener), true);
  void refresh();
  return { devices, news, refresh, dismiss: () => (news.value = undefined) };
}
