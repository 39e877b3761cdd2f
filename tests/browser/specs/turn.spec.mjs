// Behind a firewall that lets nothing through but a TURN server: calls go over coturn by UDP, TCP and TLS, with
// credentials that the server made for each participant and that expire.
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { talkWithoutPages } from '../lib/interop/actors.mjs';
import { chromiumPeer } from '../lib/interop/browser_peers.mjs';
import { summaryOf } from '../lib/interop/counter.mjs';
import { TurnServer } from '../lib/interop/turn_server.mjs';
import { Stage } from '../lib/stage.mjs';
import { waitUntil } from '../lib/server.mjs';

const kFrames = 100;
const kPatienceMs = 40_000;

let stage;
let turn;
let peer;

test.beforeAll(async () => {
  stage = await Stage.open({}, async (folder, certificates) => {
    turn = await TurnServer.start(path.join(folder, 'turn'), certificates);
    return { media: { turn_servers: ['udp', 'tcp', 'tls'].map((transport) => turn.url(transport)), turn_secret_file: turn.secretFile } };
  });
});
test.afterAll(async () => {
  await stage?.close();
  await turn?.stop();
});
test.afterEach(async () => {
  await peer?.closeBrowser();
  peer = undefined;
});

/** The one server of the access, with only the address of a transport. */
function onlyBy(access, transport) {
  const [server] = access.iceServers;
  return [{ ...server, urls: server.urls.filter((url) => url === turn.url(transport)) }];
}

for (const transport of ['udp', 'tcp', 'tls']) {
  test(`a call goes over TURN by ${transport}`, async () => {
    const talk = await talkWithoutPages(stage);
    peer = await chromiumPeer(stage.server.origin, ['--ignore-certificate-errors']);
    const at = (side, url) => ({
      url: new URL(talk[side][url], stage.server.origin).href, token: talk[side].token, codec: 'VP8',
      configuration: { iceServers: onlyBy(talk[side], transport), iceTransportPolicy: 'relay' },
    });
    await peer.publish(at('customer', 'publishUrl'));
    await peer.watch(at('agent', 'watchUrl'));
    await waitUntil(async () => summaryOf((await peer.seen()).counters).frames >= kFrames, kPatienceMs, 'a hundred frames');
    for (const path of await peer.paths()) {
      expect(path.type).toBe('relay');
      expect(path.relayProtocol).toBe(transport);
    }
    await talk.end();
  });
}

test('a credential that has expired or names somebody else opens nothing', async () => {
  const talk = await talkWithoutPages(stage);
  peer = await chromiumPeer(stage.server.origin);
  const [server] = onlyBy(talk.customer, 'udp');
  const candidates = (changes) => peer.relayCandidates([{ ...server, ...changes }]);
  expect(await candidates({})).toBeGreaterThan(0);
  expect(await candidates({ username: `1000000000:${server.username.split(':')[1]}` })).toBe(0);
  expect(await candidates({ username: server.username.replace('customer', 'agent') })).toBe(0);
  await talk.end();
});
