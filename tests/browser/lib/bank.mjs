// examples/bank-demo as a process of its own, connected to a server as `make run` does it.
import { execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { kRoot, waitUntil } from './server.mjs';

const kRun = path.join(kRoot, 'examples/bank-demo/run.py');
const kPython = path.join(kRoot, '.env/python/bin/python');
const kStartTimeoutMs = 20_000;

export class Bank {
  /** Before the server: it must be told that it may call the bank. `certificates` is the file it trusts; ours is added. */
  static async start(folder, certificates) {
    const bank = new Bank(path.join(folder, 'bank'));
    const running = path.join(bank.folder, 'running.json');
    bank.process = spawn(kPython, [kRun, 'serve', '--folder', bank.folder, '--port', '0'], { stdio: 'ignore' });
    await waitUntil(() => fs.existsSync(running) && fs.readFileSync(running, 'utf8').endsWith('}\n'), kStartTimeoutMs, 'the bank to start');
    const facts = JSON.parse(fs.readFileSync(running, 'utf8'));
    bank.origin = facts.origin;
    fs.appendFileSync(certificates, fs.readFileSync(facts.certificate));
    return bank;
  }

  constructor(folder) {
    this.folder = folder;
  }

  setUp(stage) {
    execFileSync(kPython, [kRun, 'set-up', '--folder', this.folder, '--server', stage.server.origin, '--authority', path.join(stage.server.dataDir, 'tls/authority.pem')],
      { input: JSON.stringify(stage.demo) });
  }

  stop() {
    this.process.kill('SIGTERM');
  }
}
