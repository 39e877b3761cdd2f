// Starts the real binary in a folder of its own on loopback and speaks to it as an integrator does.
import { execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import tls from 'node:tls';
import { fileURLToPath } from 'node:url';

export const kRoot = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../..');
const kBinary = process.env.TELEWITNESS_BINARY ?? path.join(kRoot, 'build/release/server/app/telewitness');
const kStartTimeoutMs = 20_000;

export class Server {
  /** @param folder for data, configuration and log; @param config extra TOML sections as {section: {key: value}} */
  constructor(folder, config = {}) {
    this.folder = folder;
    this.dataDir = path.join(folder, 'data');
    this.configFile = path.join(folder, 'telewitness.toml');
    const merged = {
      ...config,
      server: { listen: ['127.0.0.1', '::1'], port: 0, data_dir: this.dataDir, public_url: 'https://localhost:0', drain_timeout_s: 2, ...config.server },
      media: { addresses: ['127.0.0.1', '::1'], first_port: 0, ...config.media },
      metrics: { port: 0, ...config.metrics },
      recording: { reserve_mb: 64, ...config.recording },
    };
    fs.mkdirSync(folder, { recursive: true });
    fs.writeFileSync(this.configFile, toToml(merged));
  }

  async start() {
    const running = path.join(this.dataDir, 'run', 'server.json');
    fs.rmSync(running, { force: true });
    this.log = fs.openSync(path.join(this.folder, 'server.log'), 'a');
    this.process = spawn(kBinary, ['serve', '--config', this.configFile], { stdio: ['ignore', this.log, this.log] });
    this.exited = new Promise((resolve) => this.process.once('exit', (code, signal) => resolve({ code, signal })));
    await waitUntil(() => {
      if (this.process.exitCode !== null) throw new Error(`the server exited with ${this.process.exitCode}; see ${this.folder}/server.log`);
      return fs.existsSync(running) && fs.readFileSync(running, 'utf8').endsWith('}\n');
    }, kStartTimeoutMs, 'the server to start');
    this.running = JSON.parse(fs.readFileSync(running, 'utf8'));
    this.port = this.running.port;
    this.origin = `https://localhost:${this.port}`;
    tls.setDefaultCACertificates([...tls.getCACertificates('default'), fs.readFileSync(path.join(this.dataDir, 'tls', 'authority.pem'), 'utf8')]);
    // The port is known only now; a later start keeps it, so that pages find the server again.
    fs.writeFileSync(this.configFile, fs.readFileSync(this.configFile, 'utf8')
      .replace(/^port = 0$/m, `port = ${this.port}`).replace('https://localhost:0', this.origin)
      .replace(/^first_port = 0$/m, `first_port = ${this.running.mediaPort}`));
  }

  /** The demo tenant's sign-ins and API key, made when missing. */
  demoTenant() {
    return JSON.parse(execFileSync(kBinary, ['demo-tenant', '--config', this.configFile, '--json'], { encoding: 'utf8' }));
  }

  async stop(signal = 'SIGTERM') {
    if (!this.process || this.process.exitCode !== null) return { code: this.process?.exitCode };
    this.process.kill(signal);
    return this.exited;
  }
}

export async function waitUntil(condition, timeoutMs, what) {
  const end = Date.now() + timeoutMs;
  for (;;) {
    const value = await condition();
    if (value) return value;
    if (Date.now() > end) throw new Error(`waited ${timeoutMs} ms for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function toToml(config) {
  const value = (v) => (Array.isArray(v) ? `[${v.map(value).join(', ')}]` : typeof v === 'string' ? JSON.stringify(v) : String(v));
  return Object.entries(config)
    .map(([section, keys]) => `[${section}]\n${Object.entries(keys).map(([k, v]) => `${k} = ${value(v)}\n`).join('')}`)
    .join('\n');
}

/** A JSON client with a bearer token; throws on problems unless `allowProblem`. */
export class Api {
  constructor(origin, token) {
    this.origin = origin;
    this.token = token;
  }

  async call(method, route, body, { allowProblem = false, headers = {} } = {}) {
    const response = await fetch(`${this.origin}/api/v1${route}`, {
      method,
      headers: { ...(this.token ? { authorization: `Bearer ${this.token}` } : {}), ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await response.text();
    const json = text ? JSON.parse(text) : null;
    if (!response.ok && !allowProblem) throw new Error(`${method} ${route}: ${response.status} ${text}`);
    return allowProblem ? { status: response.status, body: json } : json;
  }

  async download(route, file) {
    const response = await fetch(`${this.origin}${route}`, { headers: { authorization: `Bearer ${this.token}` } });
    if (!response.ok) throw new Error(`${route}: ${response.status}`);
    fs.writeFileSync(file, Buffer.from(await response.arrayBuffer()));
  }
}
