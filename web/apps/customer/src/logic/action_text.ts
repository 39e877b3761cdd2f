// The sentence for an action that failed: a key of the catalogue with its parameters.
import type { ProblemError } from '@telewitness/client';

export function actionText(problem: Pick<ProblemError, 'code' | 'status' | 'requestId'>): {
  key: string;
  params: Record<string, string>;
} {
  return { key: `action.${keyOf(problem)}`, params: { id: problem.requestId ?? '–' } };
}

function keyOf({ code, status }: { code: string; status: number }): string {
  if (status === 0) return 'network';
  if (code === 'place.required') return 'placeRequired';
  if (code === 'server.draining' || code === 'recording.disk_full') return 'busy';
  if (status === 429) return 'limited';
  if (status === 409 || status === 410) return 'changed';
  if (status >= 500) return 'server';
  return 'failed';
}
