// The workbench in an integrator's page: tells it whether somebody is signed in, what the desk does, and which interview is over.
import { watch } from 'vue';
import { currentFrame, type Frame } from '@telewitness/client/frame';
import type { Desk } from './desk/desk';
import type { WorkbenchSession } from './session';

/** Before anybody is signed in: `starting`, `signed_out`. A page shows only agents of its own company. */
export function reportSession(
  session: Pick<WorkbenchSession, 'state' | 'client' | 'signOut'>,
  frame: Frame | undefined = currentFrame(),
): void {
  if (!frame) return;
  frame.tell({ type: 'ready' });
  watch(
    session.state,
    (state) => {
      const company = session.client.value?.user.tenant;
      if (state === 'signed_in' && company !== frame.settings.account) {
        frame.tell({ type: 'error', code: 'frame.other_company' });
        void session.signOut();
      } else if (state !== 'signed_in') frame.tell({ type: 'state', state });
    },
    { immediate: true },
  );
}

/** `elsewhere` while the account is at work in another page: whoever is here must say that they go on here. */
export function reportDesk(
  desk: Pick<Desk, 'phase' | 'activeId' | 'takenOver'>,
  frame: Frame | undefined = currentFrame(),
): void {
  if (!frame) return;
  watch(
    () => (desk.takenOver.value ? 'elsewhere' : desk.phase.value),
    (state) => {
      frame.tell({ type: 'state', state });
      const interviewId = desk.activeId.value;
      if (state === 'wrapping_up' && interviewId) frame.tell({ type: 'ended', result: { interviewId } });
    },
    { immediate: true },
  );
}
