// Debian's coturn on loopback with a shared secret, as operators run it (docs/operations): UDP, TCP and TLS.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { waitUntil } from '../server.mjs';

const kTurnServer = process.env.TURNSERVER ?? '/usr/bin/turnserver';
const kStartTimeoutMs = 10_000;

/** Ports that are free now; coturn cannot choose its own. */
async function freePorts(count) {
  const servers = await Promise.all(
    Array.from({ length: count }, () => new Promise((resolve) => {
      const server = net.createServer().listen(0, '127.0.0.1', () => resolve(server));
    })),
  );
  const ports = servers.map((server) => server.address().port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

export class TurnServer {
  static secret = 'turn-secret-of-the-test';

  /** @param folder for its files; @param tls {certificate, key} PEM files for TLS */
  static async start(folder, tls) {
    fs.mkdirSync(folder, { recursive: true });
    const [port, tlsPort] = await freePorts(2);
    const turn = new TurnServer(folder, port, tlsPort);
    fs.writeFileSync(turn.secretFile, `${TurnServer.secret}\n`, { mode: 0o600 });
    fs.writeFileSync(path.join(folder, 'turnserver.conf'), [
      'listening-ip=127.0.0.1', 'relay-ip=127.0.0.1', `listening-port=${port}`, `tls-listening-port=${tlsPort}`,
      'realm=telewitness.test', 'use-auth-secret', `static-auth-secret=${TurnServer.secret}`, 'fingerprint',
      'allow-loopback-peers', 'no-multicast-peers', 'no-cli', 'no-rfc5780', `cert=${tls.certificate}`, `pkey=${tls.key}`,
      `log-file=${path.join(folder, 'turn.log')}`, 'simple-log', `pidfile=${path.join(folder, 'turn.pid')}`,
      `userdb=${path.join(folder, 'turn.db')}`, '',
    ].join('\n'));
    turn.process = spawn(kTurnServer, ['-c', path.join(folder, 'turnserver.conf')], { stdio: 'ignore' });
    await waitUntil(() => turn.#listens(), kStartTimeoutMs, 'coturn to listen');
    return turn;
  }

  constructor(folder, port, tlsPort) {
    this.secretFile = path.join(folder, 'turn.secret');
    this.port = port;
    this.tlsPort = tlsPort;
  }

  url(transport) {
    return transport === 'tls' ? `turns:127.0.0.1:${this.tlsPort}?transport=tcp` : `turn:127.0.0.1:${this.port}?transport=${transport}`;
  }

  #listens() {
    return new Promise((resolve) => {
      const socket = net.connect(this.tlsPort, '127.0.0.1', () => resolve(true));
      socket.once('connect', () => socket.destroy());
      socket.once('error', () => resolve(false));
    });
  }

  async stop() {
    const exited = new Promise((resolve) => this.process.once('exit', resolve));
    this.process.kill();
    await exited;
  }
}
