// The customer's camera and microphone: switching on, saying what is wrong in terms of what to press, changing the camera.
import { computed, onScopeDispose, ref, shallowRef, type ComputedRef, type Ref, type ShallowRef } from 'vue';
import { isKeptByFrame, troubleOf, type DeviceTrouble } from '../logic/device_trouble';

export type DeviceKind = 'camera' | 'microphone';
export type { DeviceTrouble };
export type DeviceStatus = 'off' | 'starting' | 'ready' | 'trouble';
export type Facing = 'user' | 'environment';

export interface Devices {
  status: Ref<DeviceStatus>;
  stream: ShallowRef<MediaStream | undefined>;
  /** What is wrong with which device. */
  troubles: ShallowRef<Partial<Record<DeviceKind, DeviceTrouble>>>;
  muted: Ref<boolean>;
  facing: Ref<Facing>;
  /** A picture of the front camera is shown as in a mirror. */
  mirrored: ComputedRef<boolean>;
  canSwitchCamera: Ref<boolean>;
  start(): Promise<boolean>;
  /** Opens again what the device took away; what still works goes on. */
  reopen(): Promise<boolean>;
  switchCamera(): Promise<boolean>;
  setMuted(muted: boolean): void;
  stop(): void;
}

/** The room's picture is 1280×720; a phone held upright turns it by itself. */
const kVideo: MediaTrackConstraints = {
  width: { ideal: 1280 },
  height: { ideal: 720 },
  frameRate: { ideal: 30, max: 30 },
};
const kDevices: readonly DeviceKind[] = ['camera', 'microphone'];
const kAudio: MediaTrackConstraints = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };

export type MediaSource = Pick<
  MediaDevices,
  'getUserMedia' | 'enumerateDevices' | 'addEventListener' | 'removeEventListener'
>;

export interface DeviceEnvironment {
  media: MediaSource | undefined;
  secure: boolean;
  permissions: Pick<Permissions, 'query'> | undefined;
}

export function browserDevices(): DeviceEnvironment {
  const canCall = typeof RTCPeerConnection !== 'undefined';
  return {
    media: canCall ? (globalThis.navigator.mediaDevices as MediaDevices | undefined) : undefined,
    secure: globalThis.isSecureContext,
    permissions: globalThis.navigator.permissions as Permissions | undefined,
  };
}

export interface DeviceChoices {
  /** No camera is asked for. */
  voiceOnly?: () => boolean;
  /** In a call what still works goes on when something else cannot be opened again. */
  inCall?: () => boolean;
}

export function useDevices(environment: DeviceEnvironment = browserDevices(), choices: DeviceChoices = {}): Devices {
  const status = ref<DeviceStatus>('off');
  const stream = shallowRef<MediaStream>();
  const troubles = shallowRef<Partial<Record<DeviceKind, DeviceTrouble>>>({});
  const muted = ref(false);
  const facing = ref<Facing>('user');
  const canSwitchCamera = ref(false);
  let newest = 0;

  function release(): void {
    for (const track of stream.value?.getTracks() ?? []) {
      track.onended = null;
      track.stop();
    }
    stream.value = undefined;
  }

  function adopt(fresh: MediaStream): void {
    release();
    stream.value = fresh;
    for (const track of fresh.getTracks()) {
      // Unplugged, or taken by the system, as phones do with a page in the background: it is opened again on the return.
      track.onended = () => {
        if (stream.value === fresh && globalThis.document?.visibilityState !== 'hidden') void reopen();
      };
    }
    applyMute();
  }

  const wanted = (kind: DeviceKind) => kind === 'microphone' || !choices.voiceOnly?.();

  let reopening: Promise<boolean> | undefined;
  /** Whoever noticed first: the others wait for the same. */
  function reopen(): Promise<boolean> {
    reopening ??= reopenLost().finally(() => (reopening = undefined));
    return reopening;
  }

  async function reopenLost(): Promise<boolean> {
    const before = stream.value;
    if (!before || !environment.media) return false;
    const live = before.getTracks().filter((track) => track.readyState !== 'ended' && !track.muted);
    const lost = (['camera', 'microphone'] as const).filter(
      (kind) => wanted(kind) && !live.some((track) => kindOf(track) === kind),
    );
    if (lost.length === 0) return true;
    const mine = ++newest;
    // Together, so that the browser asks once; each alone where one of them keeps the other away.
    const tries = choices.inCall?.() && lost.length > 1 ? [lost, ...lost.map((kind) => [kind])] : [lost];
    let found: Devices['troubles']['value'] = {};
    for (const kinds of tries) {
      try {
        const fresh = await environment.media.getUserMedia({
          ...(kinds.includes('camera') ? { video: { ...kVideo, facingMode: facing.value } } : {}),
          ...(kinds.includes('microphone') ? { audio: kAudio } : {}),
        });
        if (mine !== newest) {
          for (const track of fresh.getTracks()) track.stop();
          return false;
        }
        // What is still missing stays as it is: that it is missing is told by its track.
        const kept = before.getTracks().filter((track) => !kinds.includes(kindOf(track)));
        for (const track of kept) before.removeTrack(track);
        adopt(new MediaStream([...kept, ...fresh.getTracks()]));
        status.value = 'ready';
        if (kinds.length === lost.length) {
          troubles.value = {};
          return true;
        }
        break;
      } catch (error) {
        found = await explain(error, environment, kinds);
        if (mine !== newest) return false;
      }
    }
    troubles.value = found;
    if (choices.inCall?.() && stream.value?.getTracks().some((track) => track.readyState !== 'ended')) return false;
    status.value = 'trouble';
    release();
    return false;
  }

  function applyMute(): void {
    for (const track of stream.value?.getAudioTracks() ?? []) track.enabled = !muted.value;
  }

  async function start(): Promise<boolean> {
    const mine = ++newest;
    if (!environment.media) {
      const trouble: DeviceTrouble = environment.secure ? 'unsupported' : 'insecure';
      troubles.value = Object.fromEntries(kDevices.filter(wanted).map((kind) => [kind, trouble]));
      status.value = 'trouble';
      return false;
    }
    status.value = 'starting';
    troubles.value = {};
    try {
      const fresh = await environment.media.getUserMedia({
        audio: kAudio,
        ...(wanted('camera') ? { video: { ...kVideo, facingMode: facing.value } } : {}),
      });
      if (mine !== newest) {
        for (const track of fresh.getTracks()) track.stop();
        return false;
      }
      adopt(fresh);
      status.value = 'ready';
      await countCameras();
      return true;
    } catch (error) {
      const found = await explain(error, environment, kDevices.filter(wanted));
      if (mine !== newest) return false;
      troubles.value = found;
      status.value = 'trouble';
      return false;
    }
  }

  async function countCameras(): Promise<void> {
    const all = await environment.media?.enumerateDevices().catch(() => []);
    canSwitchCamera.value = wanted('camera') && (all ?? []).filter((device) => device.kind === 'videoinput').length > 1;
  }

  /** The other camera. Phones open only one at a time, so that the old one stops first and comes back when the new one fails. */
  async function switchCamera(): Promise<boolean> {
    const before = stream.value;
    if (!before || !environment.media) return false;
    const mine = ++newest;
    const other: Facing = facing.value === 'user' ? 'environment' : 'user';
    for (const track of before.getVideoTracks()) {
      track.onended = null;
      track.stop();
    }
    for (const choice of [other, facing.value]) {
      try {
        const fresh = await environment.media.getUserMedia({ video: { ...kVideo, facingMode: choice } });
        if (mine !== newest) {
          for (const track of fresh.getTracks()) track.stop();
          return false;
        }
        const audio = before.getAudioTracks();
        for (const track of audio) before.removeTrack(track);
        adopt(new MediaStream([...audio, ...fresh.getVideoTracks()]));
        facing.value = choice;
        return choice === other;
      } catch (error) {
        if (choice === facing.value) {
          troubles.value = await explain(error, environment, kDevices.filter(wanted));
          status.value = 'trouble';
          release();
        }
      }
    }
    return false;
  }

  const onDeviceChange = () => void countCameras();
  environment.media?.addEventListener('devicechange', onDeviceChange);

  function stop(): void {
    newest += 1;
    release();
    status.value = 'off';
  }
  onScopeDispose(() => {
    environment.media?.removeEventListener('devicechange', onDeviceChange);
    stop();
  });

  return {
    status,
    stream,
    troubles,
    muted,
    facing,
    mirrored: computed(() => facing.value === 'user'),
    canSwitchCamera,
    start,
    reopen,
    switchCamera,
    setMuted(value) {
      muted.value = value;
      applyMute();
    },
    stop,
  };
}

const kindOf = (track: MediaStreamTrack): DeviceKind => (track.kind === 'video' ? 'camera' : 'microphone');

interface Suspect {
  kind: DeviceKind;
  permission: PermissionState | undefined;
  trouble: DeviceTrouble;
}

/** One error for both devices: which of them it was is asked of permissions, of the list of devices, of the message. */
async function explain(
  error: unknown,
  environment: DeviceEnvironment,
  kinds: readonly DeviceKind[],
): Promise<Partial<Record<DeviceKind, DeviceTrouble>>> {
  const { name, message } = error as DOMException;
  const suspects = await Promise.all(
    kinds.map(async (kind): Promise<Suspect> => {
      const permission = await permissionOf(kind, environment.permissions);
      return { kind, permission, trouble: troubleOf({ name, message, permission, framed: isKeptByFrame(kind) }) };
    }),
  );
  const all = name === 'NotFoundError' ? await environment.media?.enumerateDevices().catch(() => []) : undefined;
  return Object.fromEntries(blamedOf(suspects, message, all ?? []).map(({ kind, trouble }) => [kind, trouble]));
}

function blamedOf(suspects: readonly Suspect[], message: string, devices: readonly MediaDeviceInfo[]) {
  const named = suspects.filter((suspect) => isNamed(suspect, message, devices));
  if (named.length > 0) return named;
  // One that is allowed is not what was refused, unless all of them are.
  const notAllowed = suspects.filter(({ trouble }) => trouble !== 'system');
  return notAllowed.length > 0 ? notAllowed : suspects;
}

/** Whether the browser's own facts point to this device. */
function isNamed(
  { kind, permission, trouble }: Suspect,
  message: string,
  devices: readonly MediaDeviceInfo[],
): boolean {
  const input = kind === 'camera' ? 'video' : 'audio';
  switch (trouble) {
    case 'missing':
      return !devices.some((device) => device.kind === `${input}input`);
    case 'busy':
      return message.toLowerCase().includes(input); // "Could not start video source"
    default:
      return permission === 'denied';
  }
}

async function permissionOf(
  kind: DeviceKind,
  permissions: DeviceEnvironment['permissions'],
): Promise<PermissionState | undefined> {
  try {
    return (await permissions?.query({ name: kind as PermissionName }))?.state;
  } catch {
    return undefined; // Browsers that do not know these names
  }
}
