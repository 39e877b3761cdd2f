// "Are you still there?" while one waits: asked of a page that lies behind another or that nobody has touched for a
// while, so that who wandered off comes back in time. An answer that does not come costs nothing: the place is the
// person's as long as the page is connected, and the ring will call them. Throwing people out of a queue because they did
// not press a button would end interviews that both sides want; the tenant's longest wait bounds the waiting anyway.
import { onScopeDispose, ref, watch, type Ref } from 'vue';

/** Somebody who reads, or looks for their papers, is not disturbed. */
export const kIdleMs = 180_000;
/** Behind another page or app: a message was read, and one should be back. */
export const kHiddenMs = 45_000;
/** Next in line one is called back sooner: it may be a matter of seconds. */
export const kNearHiddenMs = 10_000;
/** Called so often, so far apart; then it is quiet, and asked again later. */
export const kCalls = 3;
export const kCallEveryMs = 10_000;
export const kAskAgainMs = 240_000;
const kLookEveryMs = 1_000;

export interface StillThereInputs {
  waiting: () => boolean;
  /** The next agent is this person's. */
  near: () => boolean;
  /** Calls them: a sound, a vibration. */
  call: () => void;
  nowMs?: () => number;
  document?: Pick<Document, 'visibilityState' | 'addEventListener' | 'removeEventListener'>;
}

export interface StillThere {
  asking: Ref<boolean>;
  here(): void;
}

export function useStillThere(inputs: StillThereInputs): StillThere {
  const now = inputs.nowMs ?? (() => performance.now());
  const page = inputs.document ?? document;
  const asking = ref(false);
  let seenAt = now();
  let hiddenAt: number | undefined;
  let askedAt = 0;
  let calls = 0;
  let timer: ReturnType<typeof setInterval> | undefined;

  function here(): void {
    seenAt = now();
    asking.value = false;
    calls = 0;
  }
  function isAway(): boolean {
    if (hiddenAt !== undefined) return now() - hiddenAt >= (inputs.near() ? kNearHiddenMs : kHiddenMs);
    return now() - seenAt >= kIdleMs;
  }
  function look(): void {
    if (!asking.value && isAway()) {
      asking.value = true;
      askedAt = now();
    }
    if (!asking.value) return;
    if (now() - askedAt >= kAskAgainMs) {
      askedAt = now();
      calls = 0;
    }
    if (calls < kCalls && now() - askedAt >= calls * kCallEveryMs) {
      calls += 1;
      inputs.call();
    }
  }
  /** Clicks, not the touch before them: what moves under the finger would be pressed instead. */
  const kSigns = ['click', 'keydown'] as const;
  function onVisibility(): void {
    if (page.visibilityState === 'visible') {
      hiddenAt = undefined;
      here();
    } else {
      hiddenAt ??= now();
    }
  }

  function begin(): void {
    here();
    hiddenAt = page.visibilityState === 'hidden' ? now() : undefined;
    for (const sign of kSigns) page.addEventListener(sign, here);
    page.addEventListener('visibilitychange', onVisibility);
    timer = setInterval(look, kLookEveryMs);
  }
  function end(): void {
    clearInterval(timer);
    timer = undefined;
    asking.value = false;
    for (const sign of kSigns) page.removeEventListener(sign, here);
    page.removeEventListener('visibilitychange', onVisibility);
  }
  watch(
    inputs.waiting,
    (waits) => {
      if (waits && timer === undefined) begin();
      else if (!waits && timer !== undefined) end();
    },
    { immediate: true },
  );
  onScopeDispose(end);
  return { asking, here };
}
