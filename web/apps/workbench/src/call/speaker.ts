// Everything that sounds in a part of the page comes from the loudspeaker that was chosen, where the browser can choose one.
import { nextTick, watch, type Ref } from 'vue';

/** Safari has none of it before 18. */
interface Sounding {
  sinkId?: string;
  setSinkId?: (id: string) => Promise<void>;
}

/** Returns when all of them were told; one that cannot keeps the system's own. */
export async function sendTo(speaker: string, elements: Iterable<HTMLMediaElement>): Promise<void> {
  await Promise.all(
    [...(elements as Iterable<unknown> as Iterable<Sounding>)].map((element) =>
      element.setSinkId && element.sinkId !== speaker ? element.setSinkId(speaker).catch(() => undefined) : undefined,
    ),
  );
}

/** `what` names the loudspeaker first, and what else brings new elements. */
export function useSpeaker(
  root: Readonly<Ref<HTMLElement | null>>,
  what: () => readonly [speaker: string | undefined, ...others: unknown[]],
): void {
  watch(
    what,
    async ([speaker]) => {
      await nextTick();
      // An empty name is the system's own (Audio Output Devices API).
      await sendTo(speaker ?? '', root.value?.querySelectorAll<HTMLMediaElement>('video, audio') ?? []);
    },
    { immediate: true, flush: 'post' },
  );
}
