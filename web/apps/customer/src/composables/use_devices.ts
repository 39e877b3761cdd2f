// The customer's camera and microphone: switching on, saying what is wrong in terms of what to press, changing the camera.
import { computed, onScopeDispose, ref, shallowRef, type ComputedRef, type Ref, type ShallowRef } from 'vue';

export type DeviceKind = 'camera' | 'microphone';
/** `denied`: by the person or the system; `busy`: another app has it; `insecure`: the page is not on https. */
export type DeviceTrouble = 'denied' | 'missing' | 'busy' | 'insecure' | 'unsupported' | 'failed';
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

  async function reopen(): Promise<boolean> {
    const before = stream.value;
    if (!before || !environment.media) return false;
    const live = before.getTracks().filter((track) => track.readyState !== 'ended' && !track.muted);
    const lost = (['camera', 'microphone'] as const).filter(
      (kind) => wanted(kind) && !live.some((track) => kindOf(track) === kind),
    );
    if (lost.length === 0) return true;
    const mine = ++newest;
    try {
      const fresh = await environment.media.getUserMedia({
        ...(lost.includes('camera') ? { video: { ...kVideo, facingMode: facing.value } } : {}),
        ...(lost.includes('microphone') ? { audio: kAudio } : {}),
      });
      if (mine !== newest) {
        for (const track of fresh.getTracks()) track.stop();
        return false;
      }
      for (const track of live) before.removeTrack(track);
      adopt(new MediaStream([...live, ...fresh.getTracks()]));
      status.value = 'ready';
      return true;
    } catch (error) {
      const found = await explain(error, environment);
      if (mine !== newest) return false;
      troubles.value = found;
      status.value = 'trouble';
      release();
      return false;
    }
  }

  function applyMute(): void {
    for (const track of stream.value?.getAudioTracks() ?? []) track.enabled = !muted.value;
  }

  async function start(): Promise<boolean> {
    const mine = ++newest;
    if (!environment.media) {
      const trouble: DeviceTrouble = environment.secure ? 'unsupported' : 'insecure';
      troubles.value = { camera: trouble, microphone: trouble };
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
      const found = await explain(error, environment);
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
          troubles.value = await explain(error, environment);
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

const kTroubles: Record<string, DeviceTrouble> = {
  NotAllowedError: 'denied',
  SecurityError: 'denied',
  NotFoundError: 'missing',
  OverconstrainedError: 'missing',
  NotReadableError: 'busy',
  AbortError: 'busy',
};

/** One error for both devices: which of them it was is asked of permissions and of the list of devices. */
async function explain(
  error: unknown,
  environment: DeviceEnvironment,
): Promise<Partial<Record<DeviceKind, DeviceTrouble>>> {
  const trouble = kTroubles[(error as DOMException).name] ?? 'failed';
  const kinds: DeviceKind[] = ['camera', 'microphone'];
  const blamed: DeviceKind[] = [];
  if (trouble === 'denied') {
    for (const kind of kinds) if (await isDenied(kind, environment.permissions)) blamed.push(kind);
  } else if (trouble === 'missing') {
    const all = (await environment.media?.enumerateDevices().catch(() => [])) ?? [];
    const has = (kind: MediaDeviceKind) => all.some((device) => device.kind === kind);
    if (!has('videoinput')) blamed.push('camera');
    if (!has('audioinput')) blamed.push('microphone');
  }
  return Object.fromEntries((blamed.length > 0 ? blamed : kinds).map((kind) => [kind, trouble]));
}

async function isDenied(kind: DeviceKind, permissions: DeviceEnvironment['permissions']): Promise<boolean> {
  try {
    return (await permissions?.query({ name: kind as PermissionName }))?.state === 'denied';
  } catch {
    return false; // Browsers that do not know these names
  }
}
