import { expect, it } from 'vitest';
import { orderProblemKey } from './order_problem';

it.each([
  [{ code: 'interview.not_allowed', params: { message: '已撤单' } }, 'refused'],
  [{ code: 'order.too_soon' }, 'tooSoon'],
  [{ code: 'order.unavailable', params: { cause: '500' } }, 'http'],
  [{ code: 'order.unavailable', params: { cause: 'malformed' } }, 'malformed'],
  [{ code: 'order.unavailable', params: { cause: 'outgoing.too_large' } }, 'malformed'],
  [{ code: 'order.unavailable', params: { cause: 'outgoing.timeout' } }, 'timeout'],
  [{ code: 'order.unavailable', params: { cause: 'outgoing.tls' } }, 'unreachable'],
  [{ code: 'order.unavailable', params: { cause: 'outgoing.new_one' } }, 'unreachable'],
  [{ code: 'order.unavailable' }, 'unreachable'],
  [{ code: 'network.offline' }, 'other'],
] as const)('%j is %s', (problem, key) => expect(orderProblemKey(problem)).toBe(key));
