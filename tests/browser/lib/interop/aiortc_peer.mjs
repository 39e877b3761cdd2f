// Debian's aiortc, a WebRTC of its own in Python: a process that is told what to do line by line.
import { spawn } from 'node:child_process';
import path from 'node:path';
import readline from 'node:readline';
import { fileURLToPath } from 'node:url';

const kScript = path.join(path.dirname(fileURLToPath(import.meta.url)), 'aiortc_peer.py');
const kPython = process.env.SYSTEM_PYTHON ?? '/usr/bin/python3';

export class AiortcPeer {
  /** @param authority PEM file of the server's authority */
  constructor(authority) {
    this.process = spawn(kPython, [kScript, authority], { stdio: ['pipe', 'pipe', 'inherit'] });
    this.lines = readline.createInterface({ input: this.process.stdout })[Symbol.asyncIterator]();
    this.exited = new Promise((resolve) => this.process.once('exit', resolve));
  }

  async #ask(command) {
    this.process.stdin.write(`${JSON.stringify(command)}\n`);
    const { value, done } = await this.lines.next();
    if (done) throw new Error(`aiortc ended during ${command.do}`);
    const answer = JSON.parse(value);
    if (answer.error) throw new Error(answer.error);
    return answer;
  }

  supports() {
    return true;
  }
  publish(request) {
    return this.#ask({ do: 'publish', ...request });
  }
  watch(request) {
    return this.#ask({ do: 'watch', ...request });
  }
  seen() {
    return this.#ask({ do: 'seen' });
  }
  async close(token) {
    await this.#ask({ do: 'close', token });
    this.process.stdin.end();
    await this.exited;
  }
}
