// A photo that the agent asks this device for: shown, taken at a press, looked at, sent; or refused.
import { computed, onScopeDispose, ref, shallowRef, watch, type ComputedRef, type Ref } from 'vue';
import { remainingMs } from '@telewitness/ui';
import {
  NoStillError,
  ProblemError,
  takeStill,
  type OwnPhotos,
  type PhotoCategory,
  type PhotoRequest,
} from '@telewitness/client';

/** How long the page says that a photo was sent. */
const kSentNewsMs = 4_000;

/** `asking`: the person has not pressed yet; `review`: they see what they took; `failed`: it may be tried again. */
export type PhotoStep = 'none' | 'asking' | 'taking' | 'review' | 'sending' | 'sent' | 'failed';
export type PhotoTrouble = 'camera' | 'upload' | 'too-late';

export interface LocalPhoto {
  step: Ref<PhotoStep>;
  category: Ref<PhotoCategory>;
  /** Left to answer. */
  seconds: ComputedRef<number>;
  /** What was taken, as an address for an `<img>`. */
  picture: Ref<string | undefined>;
  /** From 0 to 1, while it is sent. */
  progress: Ref<number>;
  trouble: Ref<PhotoTrouble | undefined>;
  take(): Promise<void>;
  again(): void;
  send(): Promise<void>;
  refuse(): Promise<void>;
}

export interface LocalPhotoInputs {
  request: () => PhotoRequest | undefined;
  photos: () => Pick<OwnPhotos, 'send' | 'refuse'> | undefined;
  camera: () => MediaStreamTrack | undefined;
  nowMs: () => number;
  still?: typeof takeStill;
  urls?: Pick<typeof URL, 'createObjectURL' | 'revokeObjectURL'>;
}

export function useLocalPhoto(inputs: LocalPhotoInputs): LocalPhoto {
  const still = inputs.still ?? takeStill;
  const urls = inputs.urls ?? URL;
  const step = ref<PhotoStep>('none');
  const category = ref<PhotoCategory>('other');
  const picture = ref<string>();
  const progress = ref(0);
  const trouble = ref<PhotoTrouble>();
  const asked = shallowRef<PhotoRequest>();
  let taken: Blob | undefined;
  let sending: AbortController | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function forget(): void {
    if (picture.value) urls.revokeObjectURL(picture.value);
    picture.value = undefined;
    taken = undefined;
  }
  function leave(): void {
    forget();
    step.value = 'none';
    trouble.value = undefined;
  }
  const isCurrent = (mine: PhotoRequest | undefined) => mine !== undefined && asked.value?.photoId === mine.photoId;

  watch(
    () => inputs.request()?.photoId,
    (now) => {
      const request = inputs.request();
      if (now !== undefined && request) {
        clearTimeout(timer);
        sending?.abort();
        forget();
        asked.value = request;
        category.value = request.category;
        trouble.value = undefined;
        step.value = 'asking';
      } else if (step.value !== 'sending' && step.value !== 'sent' && step.value !== 'none') {
        // The agent hung up, or nobody answered in time.
        leave();
      }
    },
    { immediate: true },
  );

  async function take(): Promise<void> {
    const mine = asked.value;
    if (step.value !== 'asking' && step.value !== 'failed') return;
    step.value = 'taking';
    trouble.value = undefined;
    try {
      const track = inputs.camera();
      if (!track) throw new NoStillError('There is no camera.');
      const jpeg = await still(track);
      if (!isCurrent(mine) || step.value !== 'taking') return;
      forget();
      taken = jpeg;
      picture.value = urls.createObjectURL(jpeg);
      step.value = 'review';
    } catch {
      if (!isCurrent(mine) || step.value !== 'taking') return;
      trouble.value = 'camera';
      step.value = 'failed';
    }
  }

  async function send(): Promise<void> {
    const mine = asked.value;
    if (!mine || !taken || (step.value !== 'review' && step.value !== 'failed')) return;
    trouble.value = undefined;
    step.value = 'sending';
    progress.value = 0;
    const abort = (sending = new AbortController());
    try {
      await inputs.photos()?.send(mine.photoId, taken, {
        onProgress: (share) => (progress.value = share),
        signal: abort.signal,
      });
      if (abort.signal.aborted) return;
      step.value = 'sent';
      timer = setTimeout(() => step.value === 'sent' && leave(), kSentNewsMs);
    } catch (error) {
      if (abort.signal.aborted) return;
      const late = error instanceof ProblemError && (error.status === 409 || error.status === 410);
      trouble.value = late ? 'too-late' : 'upload';
      step.value = 'failed';
      if (late) timer = setTimeout(() => step.value === 'failed' && leave(), kSentNewsMs);
    }
  }

  async function refuse(): Promise<void> {
    const mine = asked.value;
    if (!mine || step.value === 'sending' || step.value === 'sent') return;
    const code = trouble.value === 'camera' ? 'no_camera' : trouble.value === 'upload' ? 'upload_failed' : 'refused';
    leave();
    // When this does not arrive either, the request ends by itself.
    await inputs
      .photos()
      ?.refuse(mine.photoId, code)
      .catch(() => undefined);
  }

  onScopeDispose(() => {
    clearTimeout(timer);
    sending?.abort();
    forget();
  });

  return {
    step,
    category,
    seconds: computed(() => Math.ceil(remainingMs(inputs.nowMs(), asked.value?.until) / 1000)),
    picture,
    progress,
    trouble,
    take,
    again() {
      if (step.value !== 'review' && step.value !== 'failed') return;
      forget();
      trouble.value = undefined;
      step.value = 'asking';
    },
    send,
    refuse,
  };
}
