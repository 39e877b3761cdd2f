// What the parts of the signed-in page share.
import { inject, type InjectionKey } from 'vue';
import type { CallDesk } from '../call/call_desk';
import type { DeviceChoice } from '../call/device_choice';
import type { DeviceWatch } from '../call/device_watch';
import type { ConversationDesk } from './conversation';
import type { DayDesk } from './day';
import type { Desk } from './desk';

export interface Workbench {
  desk: Desk;
  call: CallDesk;
  conversation: ConversationDesk;
  day: DayDesk;
  /** Of this machine. */
  devices: { choice: DeviceChoice; watch: DeviceWatch };
}

export const kWorkbench: InjectionKey<Workbench> = Symbol('workbench');

export function useWorkbench(): Workbench {
  const workbench = inject(kWorkbench);
  if (!workbench) throw new Error('Used outside the signed-in page.');
  return workbench;
}
