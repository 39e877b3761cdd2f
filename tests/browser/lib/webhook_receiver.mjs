// An integrator's webhook endpoint: https, checks signatures with the standardwebhooks package, and answers the first
// attempt of every message with 500, so that retries are seen.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import https from 'node:https';
import path from 'node:path';
import { Webhook } from 'standardwebhooks';

/** A certificate for localhost and the authority that the server must trust, as files. */
export function makeCertificate(folder) {
  const key = path.join(folder, 'receiver.key');
  const certificate = path.join(folder, 'receiver.pem');
  execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2',
    '-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1', '-addext', 'basicConstraints=critical,CA:TRUE', '-keyout', key, '-out', certificate],
  { stdio: 'ignore' });
  return { key, certificate };
}

export class WebhookReceiver {
  /** Messages whose signature held, in order of arrival: {id, attempts, event}. */
  messages = new Map();
  rejected = 0;
  orders = { allowed: true, sections: [] };
  /** Files that anybody may fetch, by path: {type, bytes}. */
  published = new Map();
  #waiting = [];

  constructor(folder) {
    this.files = makeCertificate(folder);
    this.secret = null;
  }

  async start() {
    this.server = https.createServer(
      { key: fs.readFileSync(this.files.key), cert: fs.readFileSync(this.files.certificate) },
      (request, response) => this.#answer(request, response),
    );
    await new Promise((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    this.port = this.server.address().port;
    this.url = `https://localhost:${this.port}/webhooks`;
    this.origin = `https://localhost:${this.port}`;
    this.backUrl = `${this.origin}/back`;
    this.orderUrl = `https://localhost:${this.port}/orders`;
  }

  stop() {
    this.server.closeAllConnections();
    this.server.close();
  }

  async #answer(request, response) {
    const parts = [];
    for await (const part of request) parts.push(part);
    const url = new URL(request.url, 'https://localhost');
    if (url.pathname === '/orders') {
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(this.orders));
      return;
    }
    const published = this.published.get(url.pathname);
    if (published) {
      response.writeHead(200, { 'content-type': published.type, 'content-length': published.bytes.length }).end(published.bytes);
      return;
    }
    if (url.pathname === '/back') {
      // Where people go back to: the integrator's own page.
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end('<!doctype html><title>Back</title><h1>Back at the integrator</h1>');
      return;
    }
    let event;
    try {
      event = new Webhook(this.secret).verify(Buffer.concat(parts).toString('utf8'), request.headers);
    } catch {
      this.rejected += 1;
      response.writeHead(401).end();
      return;
    }
    const id = request.headers['webhook-id'];
    const message = this.messages.get(id) ?? { id, attempts: 0, event, delivered: false };
    message.attempts += 1;
    message.delivered = message.attempts > 1;
    this.messages.set(id, message);
    response.writeHead(message.delivered ? 204 : 500).end();
    this.#waiting = this.#waiting.filter((check) => !check());
  }

  /** Resolves with the delivered message of this type for this interview. */
  waitFor(type, interviewId, timeoutMs = 120_000) {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`no ${type} webhook within ${timeoutMs} ms`)), timeoutMs);
      const check = () => {
        const found = [...this.messages.values()].find((m) => m.delivered && m.event.type === type && m.event.data.id === interviewId);
        if (!found) return false;
        clearTimeout(timer);
        resolve(found);
        return true;
      };
      if (!check()) this.#waiting.push(check);
    });
  }
}
