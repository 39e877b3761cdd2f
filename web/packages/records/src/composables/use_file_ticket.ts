// A ticket lets a video element or a download carry its right in the address; it lives for minutes and is renewed in time.
import { withTicket } from '@telewitness/client';
import { toProblem, type ProblemLike, type Ticket } from '@telewitness/desk';
import { shallowRef, type ShallowRef } from 'vue';

/** A ticket with less left than this is not handed out: the request it is for may start a little later. */
export const kLeastLeftMs = 60_000;

export interface FileTickets {
  problem: ShallowRef<ProblemLike | undefined>;
  /** The address with a fresh ticket; undefined when there was none to be had (see `problem`). */
  sign(url: string, options?: { download?: boolean; renew?: boolean }): Promise<string | undefined>;
}

export function useFileTickets(ask: () => Promise<Ticket>, now: () => number = () => Date.now()): FileTickets {
  const problem = shallowRef<ProblemLike>();
  let held: Ticket | undefined;
  let asking: Promise<Ticket> | undefined;

  async function fresh(renew: boolean): Promise<Ticket> {
    if (!renew && held && Date.parse(held.expiresAt) - now() > kLeastLeftMs) return held;
    asking ??= ask().finally(() => (asking = undefined));
    held = await asking;
    return held;
  }

  return {
    problem,
    async sign(url, { download = false, renew = false } = {}) {
      try {
        const { ticket } = await fresh(renew);
        problem.value = undefined;
        return withTicket(url, ticket, download);
      } catch (error) {
        problem.value = toProblem(error);
        return undefined;
      }
    },
  };
}
