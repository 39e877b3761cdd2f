// What to say over the customer's picture, the most pressing thing first; nothing while all is well.
import type { CallState } from '@telewitness/client/media';
import type { Connection } from '@telewitness/desk';
import type { PictureState } from './picture';

export type StageNotice = 'ownLost' | 'customerLost' | 'customerAbsent' | 'connecting' | 'still' | 'waitingPicture';

export function stageNotice(now: {
  call: CallState;
  customer: Connection;
  picture: PictureState;
}): StageNotice | undefined {
  if (now.call === 'reconnecting') return 'ownLost';
  if (now.customer === 'lost') return 'customerLost';
  // A moving picture is the better witness: the news may be older than the frame.
  if (now.picture === 'moving') return undefined;
  if (now.customer === 'absent') return 'customerAbsent';
  if (now.call === 'connecting') return 'connecting';
  return now.picture === 'still' ? 'still' : 'waitingPicture';
}
