// What a page of ours in a frame and the page around it say to each other. Both sides check who speaks.
import type { ExitResult } from '../integrator/exit_result';

export const kFrameSource = 'telewitness';
export const kFrameVersion = 1;

/** From our page to the page around it. Never a token, a picture, or anything of the order. */
export type FrameNews =
  | { type: 'ready' }
  /** Where the interview stands: `created` … `ended` for a customer, `signed_out`, `elsewhere` (at work in another page), `idle`, `talking`, … for an agent. */
  | { type: 'state'; state: string }
  | { type: 'ended'; result: ExitResult | { interviewId: string } }
  | { type: 'error'; code: string };

/** From the page around it to ours. */
export interface FrameWish {
  type: 'leave';
}

export type Framed<Message> = Message & { source: typeof kFrameSource; version: number };

export function framed<Message extends object>(message: Message): Framed<Message> {
  return { source: kFrameSource, version: kFrameVersion, ...message };
}

/** The message, if it is one of this version; anything may be posted to a window. */
export function readFramed<Message extends { type: string }>(
  data: unknown,
  types: readonly Message['type'][],
): Message | undefined {
  if (typeof data !== 'object' || data === null) return undefined;
  const message = data as Partial<Framed<Message>>;
  if (message.source !== kFrameSource || message.version !== kFrameVersion) return undefined;
  return types.includes(message.type as Message['type']) ? (data as Message) : undefined;
}
