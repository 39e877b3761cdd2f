// What lies over the call: own trouble before the agent's, the agent's before nothing.
import type { Connection, SocketStatus } from '@telewitness/client';
import type { CallState } from '@telewitness/client/media';

export type CallNotice = 'camera-lost' | 'lost' | 'agent-lost' | 'agent-unstable' | 'none';

export function callNoticeOf(facts: {
  callState: CallState | 'none';
  socket: SocketStatus['state'];
  devicesLost: boolean;
  agentConnection: Connection | undefined;
}): CallNotice {
  if (facts.devicesLost) return 'camera-lost';
  // The call says it after a short grace; before there is one, the socket is all there is.
  if (facts.callState === 'reconnecting' || (facts.callState === 'none' && facts.socket === 'reconnecting'))
    return 'lost';
  if (facts.agentConnection === 'lost' || facts.agentConnection === 'absent') return 'agent-lost';
  if (facts.agentConnection === 'unstable') return 'agent-unstable';
  return 'none';
}
