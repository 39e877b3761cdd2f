// While a device cannot be used: tries again by itself as soon as it is allowed, connected, or the person comes back
// from the system's settings. Never where the browser would only say no again.
import { onScopeDispose } from 'vue';
import type { DeviceTrouble } from '../logic/device_trouble';

/** As Permissions.query calls them. */
type Watched = 'camera' | 'microphone' | 'geolocation';

export interface TroubleWatch {
  troubles: () => Partial<Record<Watched, DeviceTrouble>>;
  again: () => void;
  permissions?: Pick<Permissions, 'query'> | undefined;
  media?: Pick<MediaDevices, 'addEventListener' | 'removeEventListener'> | undefined;
  document?: Pick<Document, 'visibilityState' | 'addEventListener' | 'removeEventListener'>;
}

export function useTroubleWatch(inputs: TroubleWatch): void {
  const permissions = 'permissions' in inputs ? inputs.permissions : (navigator.permissions as Permissions | undefined);
  const media = 'media' in inputs ? inputs.media : (navigator.mediaDevices as MediaDevices | undefined);
  const page = inputs.document ?? document;
  const watched: PermissionStatus[] = [];
  let closed = false;

  const kinds = () => Object.keys(inputs.troubles()) as Watched[];
  const isThere = (...wanted: DeviceTrouble[]) =>
    Object.values(inputs.troubles()).some((trouble) => wanted.includes(trouble));

  /** What the browser says of the devices in trouble; nothing in browsers that do not know these names. */
  async function states(): Promise<PermissionStatus[]> {
    const found: PermissionStatus[] = [];
    for (const name of kinds()) {
      try {
        const status = await permissions?.query({ name: name as PermissionName });
        if (status) found.push(status);
      } catch {
        // Firefox before 131 knows neither camera nor microphone here.
      }
    }
    return found;
  }

  /** A change to "ask" is left to the button: nobody expects a question that they did not ask for. */
  async function tryIfGranted(): Promise<void> {
    const all = await states();
    if (!closed && all.length > 0 && all.every(({ state }) => state === 'granted')) inputs.again();
  }
  const onChange = () => void tryIfGranted();
  const onVisible = () => {
    if (page.visibilityState === 'visible' && isThere('system', 'busy')) void tryIfGranted();
  };
  const onDevices = () => {
    if (isThere('missing')) inputs.again();
  };

  void states().then((all) => {
    if (closed) return;
    for (const status of all) {
      status.addEventListener('change', onChange);
      watched.push(status);
    }
    // Allowed between the refusal and this page, so that no change will be told.
    if (isThere('denied', 'dismissed')) void tryIfGranted();
  });
  page.addEventListener('visibilitychange', onVisible);
  media?.addEventListener('devicechange', onDevices);
  onScopeDispose(() => {
    closed = true;
    for (const status of watched) status.removeEventListener('change', onChange);
    page.removeEventListener('visibilitychange', onVisible);
    media?.removeEventListener('devicechange', onDevices);
  });
}
