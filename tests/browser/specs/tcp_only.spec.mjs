// A network that lets no UDP out: the call goes over TCP (RFC 6544), to the same port.
import { expect, test } from '@playwright/test';
import { Stage } from '../lib/stage.mjs';
import { pictureMoves, startTalking } from '../lib/talk.mjs';

/** Runs in the page before its own code: of what the server offers, UDP is as if it were filtered on the way. */
function withoutUdp() {
  const original = RTCPeerConnection.prototype.setRemoteDescription;
  window.__connections = [];
  RTCPeerConnection.prototype.setRemoteDescription = function (description) {
    window.__connections.push(this);
    const lines = description.sdp.split('\r\n');
    const sdp = lines.filter((line) => !/^a=candidate:\S+ \d+ udp /i.test(line)).join('\r\n');
    return original.call(this, { type: description.type, sdp });
  };
}

/** The transport of every peer connection of the page, as the browser tells it. */
async function protocols(page) {
  return page.evaluate(async () => {
    const found = [];
    for (const connection of window.__connections) {
      if (connection.connectionState !== 'connected') continue;
      const stats = [...(await connection.getStats()).values()];
      const transport = stats.find((entry) => entry.type === 'transport');
      const pair = stats.find((entry) => entry.id === transport.selectedCandidatePairId);
      const local = stats.find((entry) => entry.id === pair.localCandidateId);
      const remote = stats.find((entry) => entry.id === pair.remoteCandidateId);
      found.push(`${local.protocol}-${remote.protocol}`);
    }
    return found;
  });
}

test('a call over TCP alone: both see each other, and no packet goes over UDP', async () => {
  const stage = await Stage.open();
  const { customer, agent } = await startTalking(stage, {}, { prepare: (page) => page.addInitScript(withoutUdp) });
  await pictureMoves(agent.page, 'customer-video', 15_000);
  await pictureMoves(customer.page, 'agent-video', 15_000);
  for (const page of [customer.page, agent.page]) {
    const seen = await protocols(page);
    expect(seen.length).toBeGreaterThanOrEqual(2); // one publishes, one watches
    expect(new Set(seen)).toEqual(new Set(['tcp-tcp']));
  }
  await Promise.all([customer.close(), agent.close()]);
  await stage.close();
});
