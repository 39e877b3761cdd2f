// What a recorded file is of, as a page names it and sorts it.
import type { RecordingFile } from '@telewitness/desk';

export type RecordedRole = 'customer' | 'agent' | 'guest' | 'supervisor' | 'player' | 'other';

/** By the participant's name in the room: `customer`, `agent`, `player`, or an id of a guest or of a supervisor's session. */
export function roleOf(participant: string | undefined): RecordedRole {
  if (participant === 'customer' || participant === 'agent' || participant === 'player') return participant;
  if (participant?.startsWith('gst_')) return 'guest';
  return participant?.startsWith('sup_') ? 'supervisor' : 'other';
}

/** Above this a viewer notices that lips and words do not belong together; the server's flag has the same limit. */
export const kApartMs = 80;

export const isApart = (file: Pick<RecordingFile, 'avOffsetMs'>) => Math.abs(file.avOffsetMs ?? 0) > kApartMs;

const kRoles: readonly RecordedRole[] = ['customer', 'agent', 'guest', 'supervisor', 'player', 'other'];
const kStreams: readonly string[] = ['camera', 'screen', 'whisper', 'broadcast'];

/** The composed film first, then person by person. */
export function inOrder(files: readonly RecordingFile[]): RecordingFile[] {
  const rank = (file: RecordingFile) => (file.kind === 'composed' ? -1 : kRoles.indexOf(roleOf(file.participant)));
  const stream = (file: RecordingFile) => kStreams.indexOf(file.stream ?? 'camera');
  return [...files].sort(
    (a, b) => rank(a) - rank(b) || (a.participant ?? '').localeCompare(b.participant ?? '') || stream(a) - stream(b),
  );
}
