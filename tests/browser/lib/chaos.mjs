// A bad network between browsers and the server: starts the relay and speaks to its control socket.
import { spawn } from 'node:child_process';
import net from 'node:net';
import path from 'node:path';
import { kRoot } from './server.mjs';

const kBinary = process.env.CHAOS_RELAY ?? path.join(kRoot, 'build/release/tests/chaos/chaos_relay');
const kAnswerTimeoutMs = 5_000;

/** Where the server listens and what it advertises; give it to `Stage.open` as {media: kBehindRelay}. */
export const kBehindRelay = { addresses: ['127.0.0.1=127.0.0.2'] };

export class ChaosRelay {
  /** Stands at the advertised address of a server that was started with `kBehindRelay`, on its port. */
  static async open(stage, { seed = 1 } = {}) {
    const port = stage.server.running.mediaPort;
    const control = path.join(stage.folder, 'chaos.sock');
    const child = spawn(kBinary, ['--pair', `127.0.0.2:${port}=127.0.0.1:${port}`, '--control', control, '--seed', String(seed)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const exited = new Promise((resolve) => child.once('exit', resolve));
    await Promise.race([
      new Promise((resolve) => child.stdout.once('data', resolve)),
      exited.then((code) => Promise.reject(new Error(`the relay exited with ${code}`))),
    ]);
    const socket = net.connect(control);
    await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject));
    return new ChaosRelay(child, exited, socket);
  }

  constructor(child, exited, socket) {
    this.child = child;
    this.exited = exited;
    this.socket = socket;
    this.waiting = [];
    let rest = '';
    socket.on('data', (data) => {
      const lines = (rest + data).split('\n');
      rest = lines.pop();
      for (const line of lines) this.waiting.shift()?.(JSON.parse(line));
    });
  }

  /** Sends one line; resolves with its answer, throws when it was refused. */
  async ask(line) {
    const answer = await new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`the relay did not answer: ${line}`)), kAnswerTimeoutMs);
      this.waiting.push((value) => {
        clearTimeout(timer);
        resolve(value);
      });
      this.socket.write(`${line}\n`);
    });
    if (!answer.ok) throw new Error(`${line}: ${answer.error}`);
    return answer;
  }

  /** `settings` as tests/chaos/README.md names them, with `direction`, `flow`, `client` or `ufrag` to select. */
  set(settings) {
    return this.ask(`set ${words(settings)}`);
  }

  clear(selector = {}) {
    return this.ask(`clear ${words(selector)}`);
  }

  /** Clients get new ports towards the server, as when a NAT forgets. */
  rebind(selector = {}) {
    return this.ask(`rebind ${words(selector)}`);
  }

  blackout(ms, selector = {}) {
    return this.ask(`blackout ms=${ms} ${words(selector)}`);
  }

  async flows() {
    return (await this.ask('flows')).items;
  }

  stats() {
    return this.ask('stats');
  }

  async close() {
    this.socket.destroy();
    this.child.kill('SIGTERM');
    await this.exited;
  }
}

function words(settings) {
  return Object.entries(settings).map(([name, value]) => `${name}=${value}`).join(' ');
}
