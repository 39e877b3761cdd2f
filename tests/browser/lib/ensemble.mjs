// Several people in one call: everybody small, with a colour and a tone of their own, in one browser behind one relay.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { launch } from './browser.mjs';
import { ChaosRelay, kBehindRelay } from './chaos.mjs';
import { PersonPage } from './person_page.mjs';
import { waitUntil } from './server.mjs';
import { Stage } from './stage.mjs';
import { createInterview } from './whole_interview.mjs';

const kSmall = { width: 640, height: 360, fps: 10 };
/** Tones are neither harmonics nor simple sums of each other. */
export const kCustomer = { name: 'customer', colour: '#2d5f8a', hz: 997, ...kSmall };
export const kAgent = { name: 'agent', colour: '#8a6a2d', hz: 619, ...kSmall };
export const kColleague = { name: 'colleague', colour: '#5b3f77', hz: 743, ...kSmall };
export const kGuest = { name: 'guest', colour: '#3f7753', hz: 1361, ...kSmall };
export const kSupervisor = { name: 'supervisor', colour: '#2d8a86', hz: 1787, ...kSmall };
/** The supervisor's tone from joining on, and the film's. */
export const kJoinedHz = 2551;
export const kFilmHz = 3203;
export const kScreenColour = '#7a2f2f';
/** One a second. */
export const kFilmColours = ['#c02020', '#20a040', '#2040c0', '#c0a020', '#a020a0', '#20a0a0', '#c02020', '#20a040'];
export const kFilmTitle = '风险提示';
const kPassword = 'correct horse battery';
const kPreparedWithinMs = 60_000;

export class Ensemble {
  static async open() {
    const ensemble = new Ensemble();
    ensemble.stage = await Stage.open({ media: kBehindRelay });
    ensemble.relay = await ChaosRelay.open(ensemble.stage);
    ensemble.shared = await launch();
    ensemble.administrator = await ensemble.stage.as(ensemble.stage.demo.administrator);
    await ensemble.#prepareLibrary();
    return ensemble;
  }

  people = [];

  async page(person) {
    const page = await PersonPage.open({ shared: this.shared, person });
    this.people.push(page);
    return page;
  }

  async signIn(page, user) {
    await page.signIn(this.stage.server.origin, this.stage.demo.account, user);
    await page.button('desk').waitFor();
  }

  /** One more agent, signed in, offline still. */
  async colleague(person, more = {}) {
    const queueIds = (await this.administrator.call('GET', '/admin/queues')).items.map((queue) => queue.id);
    const user = { name: person.name, password: kPassword };
    await this.administrator.call('POST', '/admin/users', { ...user, displayName: person.name, role: 'agent', queueIds, ...more });
    const page = await this.page(person);
    await this.signIn(page, user);
    return page;
  }

  newInterview() {
    return createInterview(this.stage.integrator);
  }

  /** A customer and an agent who see each other. */
  async talk() {
    const created = await this.newInterview();
    this.id = created.interview.id;
    [this.customer, this.agent] = await Promise.all([this.page(kCustomer), this.page(kAgent)]);
    this.customerWasTold = [];
    this.customer.page.on('websocket', (socket) => socket.on('framereceived', ({ payload }) => this.customerWasTold.push(String(payload))));
    await this.signIn(this.agent, this.stage.demo.agent);
    await this.agent.goOnline();
    await this.customer.queue(created.customerLink.url);
    await this.agent.answer();
    await this.customer.button('call-screen').waitFor();
    await this.agent.answerToFirstFrameMs();
  }

  async timeline() {
    return (await this.stage.integrator.call('GET', `/interviews/${this.id}/timeline`)).items;
  }
  async kinds() {
    return (await this.timeline()).map((entry) => entry.kind);
  }
  /** Data of the newest event of a kind. */
  async newest(kind) {
    return (await this.timeline()).filter((entry) => entry.kind === kind).at(-1)?.data;
  }

  /** The recording when it is ready, its files in a folder of their own. */
  async recorded(timeoutMs) {
    const { integrator } = this.stage;
    const recording = await waitUntil(async () => {
      const read = await integrator.call('GET', `/interviews/${this.id}/recording`);
      return (read.status === 'ready' || read.status === 'failed') && read;
    }, timeoutMs, 'the recording');
    const files = [];
    for (const file of recording.files) {
      const target = path.join(this.stage.folder, file.name);
      await integrator.download(file.url, target);
      files.push({ ...file, path: target });
    }
    return { ...recording, files };
  }

  /** A film of one colour a second with one tone, and the server's own music. */
  async #prepareLibrary() {
    const { server } = this.stage;
    const response = await fetch(`${server.origin}/api/v1/admin/media?title=${encodeURIComponent(kFilmTitle)}&kind=video`, {
      method: 'POST',
      headers: { authorization: `Bearer ${this.administrator.token}`, 'content-type': 'application/octet-stream' },
      body: fs.readFileSync(makeFilm(this.stage.folder)),
    });
    if (!response.ok) throw new Error(`the film was not taken: ${response.status} ${await response.text()}`);
    await waitUntil(async () => {
      const { items } = await this.administrator.call('GET', '/admin/media');
      return ['video', 'music'].every((kind) => items.some((item) => item.kind === kind && item.status === 'ready'));
    }, kPreparedWithinMs, 'the library');
  }

  async close() {
    for (const person of this.people) await person.close();
    await this.shared?.close();
    await this.relay?.close();
    await this.stage?.close();
  }
}

function makeFilm(folder) {
  const file = path.join(folder, 'film.mp4');
  const seconds = kFilmColours.length;
  const parts = kFilmColours.flatMap((colour) => ['-f', 'lavfi', '-i', `color=c=0x${colour.slice(1)}:s=320x180:r=25:d=1`]);
  execFileSync('ffmpeg', [
    '-v', 'error', '-y', ...parts, '-f', 'lavfi', '-i', `sine=frequency=${kFilmHz}:duration=${seconds}`,
    '-filter_complex', `${kFilmColours.map((_, i) => `[${i}:v]`).join('')}concat=n=${seconds}:v=1[v]`,
    '-map', '[v]', '-map', `${seconds}:a`, '-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-c:a', 'aac', file,
  ]);
  return file;
}
