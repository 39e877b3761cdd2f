// Which streams of the room this side watches: the other side's camera always, the rest as people publish it.
import type { MediaAccess, Person, PublishedStream } from '@telewitness/protocol';

export interface WatchTarget {
  participant: string;
  stream: string;
}

/**
 * Ten people with a camera each, two screens, a whisper and the player: above it something is wrong, and each viewer costs
 * this device a decoder.
 */
export const kMostViewers = 16;

export const keyOf = (target: WatchTarget) => `${target.participant}/${target.stream}`;

/** The last two parts of a WHEP endpoint. */
export function targetOf(watchUrl: string): WatchTarget {
  const [participant = '', stream = ''] = watchUrl.split(/[?#]/)[0]!.split('/').slice(-2).map(decodeURIComponent);
  return { participant, stream };
}

/** A server of before there were more than two people gives no template. */
export function watchUrlOf(access: MediaAccess, target: WatchTarget): string {
  const template = access.watchTemplate ?? access.watchUrl.replace(/[^/]+\/[^/]+$/, '{participant}/{stream}');
  return template
    .replace('{participant}', encodeURIComponent(target.participant))
    .replace('{stream}', encodeURIComponent(target.stream));
}

/** Undefined where this side may not publish such a stream now. */
export function publishUrlOf(access: MediaAccess, stream: PublishedStream): string | undefined {
  const listed = access.publish?.find((each) => each.stream === stream)?.url;
  return listed ?? (access.publish === undefined && stream === 'camera' ? access.publishUrl : undefined);
}

/** What matters to see and hear first, so that the limit cuts elsewhere. */
const kOrder: Record<string, number> = { broadcast: 0, screen: 1, whisper: 2, camera: 3 };

/**
 * @param people of the newest state; undefined while there is none, which leaves the other side's camera.
 * The other side's camera comes first and stays whatever is published: it is connected before the answer.
 */
export function watchListOf(access: MediaAccess, people: readonly Person[] | undefined): WatchTarget[] {
  const primary = targetOf(access.watchUrl);
  const others = (people ?? [])
    .filter((person) => person.participant !== access.participant)
    .flatMap((person) =>
      person.streams
        .filter((stream) => stream.audio || stream.video)
        .map((stream) => ({ participant: person.participant, stream: stream.name as string })),
    )
    .filter((target) => keyOf(target) !== keyOf(primary))
    .sort((a, b) => (kOrder[a.stream] ?? 9) - (kOrder[b.stream] ?? 9));
  return [primary, ...others].slice(0, kMostViewers);
}
