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
  // Whoever was seen before is not absent but lost; the news of it is faster than the missing frames.
  if (now.customer === 'lost' || (now.customer === 'absent' && now.picture !== 'waiting')) return 'customerLost';
  if (now.customer === 'absent') return 'customerAbsent';
  if (now.picture === 'moving') return undefined;
  if (now.call === 'connecting') return 'connecting';
  return now.picture === 'still' ? 'still' : 'waitingPicture';
}
