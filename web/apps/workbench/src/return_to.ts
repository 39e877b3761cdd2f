// Where the agent came from by a sign-in link, and how to go back there.
import { currentFrame } from '@telewitness/client/frame';
import type { SignedInUser } from '@telewitness/desk';

export interface ReturnTo {
  url: string;
  host: string;
}

/** Only web addresses are followed: the server checks the origin, this keeps a script from being one. */
export function returnToOf(user: Pick<SignedInUser, 'returnUrl'> | undefined): ReturnTo | undefined {
  // In the integrator's own page there is nowhere to go back to: the agent is there.
  if (!user?.returnUrl || currentFrame()) return undefined;
  try {
    const url = new URL(user.returnUrl);
    return url.protocol === 'https:' || url.protocol === 'http:' ? { url: url.href, host: url.host } : undefined;
  } catch {
    return undefined;
  }
}

export function goBack(to: ReturnTo, target: Pick<Location, 'assign'> = window.location): void {
  target.assign(to.url);
}
