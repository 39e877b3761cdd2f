// Why the integrator's system gave no order, as a key of the catalogue: each cause has a sentence that says whose turn it is.
import type { ProblemLike } from '@telewitness/desk';

export type OrderTrouble = 'refused' | 'tooSoon' | 'http' | 'malformed' | 'timeout' | 'unreachable' | 'other';

const kByCause: Readonly<Record<string, OrderTrouble>> = {
  malformed: 'malformed',
  'outgoing.malformed': 'malformed',
  'outgoing.too_large': 'malformed',
  'outgoing.timeout': 'timeout',
  'outgoing.refused': 'unreachable',
  'outgoing.tls': 'unreachable',
};

export function orderProblemKey(problem: ProblemLike): OrderTrouble {
  if (problem.code === 'interview.not_allowed') return 'refused';
  if (problem.code === 'order.too_soon') return 'tooSoon';
  if (problem.code !== 'order.unavailable') return 'other';
  const cause = problem.params?.['cause'] ?? '';
  if (/^\d{3}$/.test(cause)) return 'http';
  return kByCause[cause] ?? 'unreachable';
}
