// The agent's own camera and microphone: opened for a call, muted and unmuted, given back after it.
import { onScopeDispose, ref, shallowRef, type Ref, type ShallowRef } from 'vue';
import { wished, type DeviceChoice } from './device_choice';

export type DeviceState = 'off' | 'asking' | 'on' | 'no_camera' | 'denied' | 'missing' | 'busy' | 'failed';

export interface LocalMedia {
  stream: ShallowRef<MediaStream | undefined>;
  state: Ref<DeviceState>;
  muted: Ref<boolean>;
  cameraOff: Ref<boolean>;
  /** Opens what there is, in a call without pictures only the microphone; the state says how it went. Never throws. */
  open(voiceOnly?: boolean): Promise<void>;
  /** Asks for permission ahead of the first call and gives the devices back. */
  check(): Promise<void>;
  /** With the devices that are chosen now, where it is open; others go on hearing until the new ones are there. */
  reopen(): Promise<void>;
  toggleMuted(): void;
  toggleCamera(): void;
  close(): void;
}

const kAudio: MediaTrackConstraints = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };
const kVideo: MediaTrackConstraints = {
  width: { ideal: 1280 },
  height: { ideal: 720 },
  frameRate: { ideal: 25, max: 30 },
};

/** Why a browser gave no devices (Media Capture and Streams, getUserMedia). */
export function deviceStateOf(error: unknown): DeviceState {
  const name = error instanceof Error || error instanceof DOMException ? error.name : '';
  if (name === 'NotAllowedError' || name === 'SecurityError') return 'denied';
  if (name === 'NotFoundError' || name === 'OverconstrainedError') return 'missing';
  if (name === 'NotReadableError' || name === 'AbortError') return 'busy';
  return 'failed';
}

export function createLocalMedia(
  devices: Pick<MediaDevices, 'getUserMedia'> | undefined = globalThis.navigator?.mediaDevices,
  choice: Pick<DeviceChoice, 'chosen'> = { chosen: {} },
): LocalMedia {
  const stream = shallowRef<MediaStream>();
  const state = ref<DeviceState>('off');
  const muted = ref(false);
  const cameraOff = ref(false);
  let wanted = 0;
  let withoutPicture = false;

  async function ask(voiceOnly = false): Promise<{ stream: MediaStream; state: DeviceState }> {
    if (!devices) throw new DOMException('No devices without a secure origin.', 'SecurityError');
    const audio = wished(kAudio, choice.chosen.microphone);
    if (voiceOnly) return { stream: await devices.getUserMedia({ audio }), state: 'on' };
    try {
      const video = wished(kVideo, choice.chosen.camera);
      return { stream: await devices.getUserMedia({ audio, video }), state: 'on' };
    } catch (error) {
      // An agent without a camera is still heard.
      const why = deviceStateOf(error);
      if (why !== 'missing' && why !== 'busy') throw error;
      return { stream: await devices.getUserMedia({ audio }), state: 'no_camera' };
    }
  }

  function apply(): void {
    for (const track of stream.value?.getAudioTracks() ?? []) track.enabled = !muted.value;
    for (const track of stream.value?.getVideoTracks() ?? []) track.enabled = !cameraOff.value;
  }

  function release(held: MediaStream | undefined): void {
    for (const track of held?.getTracks() ?? []) {
      track.onended = null;
      track.stop();
    }
  }

  function take(mine: number, got: { stream: MediaStream; state: DeviceState }): void {
    if (mine !== wanted) return release(got.stream);
    const voiceOnly = withoutPicture;
    for (const track of got.stream.getTracks()) track.onended = () => lost(mine, voiceOnly);
    const before = stream.value;
    stream.value = got.stream;
    state.value = got.state;
    apply();
    release(before);
  }

  async function open(voiceOnly = false): Promise<void> {
    if (state.value === 'on' || state.value === 'no_camera' || state.value === 'asking') return;
    const mine = ++wanted;
    state.value = 'asking';
    withoutPicture = voiceOnly;
    try {
      take(mine, await ask(voiceOnly));
    } catch (error) {
      if (mine === wanted) state.value = deviceStateOf(error);
    }
  }

  /** A device was pulled out or taken away: open what is left. */
  function lost(mine: number, voiceOnly: boolean): void {
    if (mine !== wanted) return;
    release(stream.value);
    stream.value = undefined;
    state.value = 'off';
    void open(voiceOnly);
  }

  function close(): void {
    wanted += 1;
    release(stream.value);
    stream.value = undefined;
    state.value = 'off';
    muted.value = false;
    cameraOff.value = false;
  }
  onScopeDispose(close, true);

  return {
    stream,
    state,
    muted,
    cameraOff,
    open,
    async check() {
      if (state.value === 'on' || state.value === 'no_camera' || state.value === 'asking') return;
      const mine = ++wanted;
      try {
        const got = await ask();
        release(got.stream);
        if (mine === wanted) state.value = 'off';
      } catch (error) {
        if (mine === wanted) state.value = deviceStateOf(error);
      }
    },
    async reopen() {
      if (state.value !== 'on' && state.value !== 'no_camera') return;
      const mine = ++wanted;
      try {
        take(mine, await ask(withoutPicture));
      } catch {
        // What was open stays open: the agent chooses again.
        for (const track of stream.value?.getTracks() ?? []) track.onended = () => lost(mine, withoutPicture);
      }
    },
    toggleMuted() {
      muted.value = !muted.value;
      apply();
    },
    toggleCamera() {
      cameraOff.value = !cameraOff.value;
      apply();
    },
    close,
  };
}
