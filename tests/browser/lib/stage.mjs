// A server in a folder of its own with the demo tenant and an integrator: what most browser tests begin with.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Api, Server } from './server.mjs';
import { WebhookReceiver } from './webhook_receiver.mjs';

export class Stage {
  /** @param prepare what else is needed before the server starts, and the configuration that comes of it */
  static async open(config = {}, prepare = async (_folder, _certificates) => ({})) {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'telewitness-test-'));
    const receiver = new WebhookReceiver(folder);
    await receiver.start();
    const prepared = await prepare(folder, receiver.files);
    const server = new Server(folder, {
      ...config,
      ...prepared,
      outgoing: {
        extra_ca_file: receiver.files.certificate,
        ...config.outgoing,
        allow_private: [`localhost:${receiver.port}`, ...(config.outgoing?.allow_private ?? []), ...(prepared.outgoing?.allow_private ?? [])],
      },
    });
    const stage = new Stage(folder, receiver, server);
    await server.start();
    stage.demo = server.demoTenant();
    stage.integrator = new Api(server.origin, stage.demo.apiKey);
    return stage;
  }

  constructor(folder, receiver, server) {
    this.folder = folder;
    this.receiver = receiver;
    this.server = server;
  }

  /** An API client signed in as a user of the demo tenant. */
  async as(user) {
    const api = new Api(this.server.origin);
    const signedIn = await api.call('POST', '/auth/sign-in', { tenant: this.demo.account, ...user });
    return new Api(this.server.origin, signedIn.token);
  }

  async timelineKinds(interviewId) {
    return (await this.integrator.call('GET', `/interviews/${interviewId}/timeline`)).items.map((entry) => entry.kind);
  }

  async close() {
    await this.server.stop();
    this.receiver.stop();
    fs.rmSync(this.folder, { recursive: true, force: true });
  }
}
