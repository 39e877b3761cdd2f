// A customer and an agent without pages: they go through the API and the WebSocket until a call is on, for tests whose
// media comes from somebody else's client.
import { Api } from '../server.mjs';
import { createInterview } from '../whole_interview.mjs';

const kStepTimeoutMs = 20_000;

/** The one WebSocket; keeps the newest message of each type. */
class EventSocket {
  static async open(origin, token) {
    const socket = new WebSocket(`${origin.replace('https', 'wss')}/api/v1/ws`);
    const opened = new EventSocket(socket);
    await new Promise((resolve, reject) => {
      socket.onopen = resolve;
      socket.onerror = () => reject(new Error('the WebSocket did not open'));
    });
    socket.send(JSON.stringify({ v: 1, type: 'hello', token }));
    return opened;
  }

  constructor(socket) {
    this.socket = socket;
    this.newest = {};
    this.waiting = new Set();
    socket.onmessage = ({ data }) => {
      const message = JSON.parse(data);
      this.newest[message.type] = message;
      for (const check of this.waiting) check();
    };
  }

  /** What `find` gives of the newest message of a type, once it is something. */
  async wait(type, find) {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => finish(() => reject(new Error(`no ${type} as wanted: ${JSON.stringify(this.newest[type])}`))), kStepTimeoutMs);
      const finish = (settle) => {
        clearTimeout(timer);
        this.waiting.delete(check);
        settle();
      };
      const check = () => {
        const found = this.newest[type] && find(this.newest[type]);
        if (found) finish(() => resolve(found));
      };
      this.waiting.add(check);
      check();
    });
  }

  close() {
    this.socket.close();
  }
}

/** Both sides' media access in a call that was answered: `{ customer, agent, end }`. */
export async function talkWithoutPages(stage, changes = {}) {
  const created = await createInterview(stage.integrator, changes);
  const interviewId = created.interview.id;
  const agent = await stage.as(stage.demo.agent);
  const desk = await EventSocket.open(stage.server.origin, agent.token);
  await agent.call('PUT', '/agent/presence', { presence: 'online' });

  const customer = new Api(stage.server.origin);
  const session = await customer.call('POST', '/customer/sessions', { linkToken: created.customerLink.url.split('#t=')[1] });
  customer.token = session.token;
  const events = await EventSocket.open(stage.server.origin, customer.token);
  const text = session.state.consentTexts[0];
  await customer.call('POST', '/customer/consent', { accepted: true, textVersion: text.version, textSha256: text.sha256, language: text.language });
  await customer.call('POST', '/customer/place', { status: 'given', latitude: 31.2304, longitude: 121.4737, accuracyM: 20 });
  await customer.call('POST', '/customer/queue');

  const customerMedia = await events.wait('customer.state', (message) => message.state.status === 'ringing' && message.state.media);
  const answered = await agent.call('POST', `/agent/interviews/${interviewId}/answer`);
  const agentMedia = answered.media ?? (await agent.call('GET', `/agent/interviews/${interviewId}`)).media;
  return {
    interviewId,
    customer: customerMedia,
    agent: agentMedia,
    async end() {
      await customer.call('POST', '/customer/leave');
      await agent.call('POST', `/agent/interviews/${interviewId}/outcome`, { outcome: 'passed' }, { allowProblem: true });
      await agent.call('POST', '/agent/wrap-up/finish', undefined, { allowProblem: true });
      await agent.call('PUT', '/agent/presence', { presence: 'offline' }, { allowProblem: true });
      desk.close();
      events.close();
    },
  };
}
