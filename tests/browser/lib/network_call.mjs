// A call over the relay, and what both ends and the recording say of it.
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { AgentPage } from './agent_page.mjs';
import { ChaosRelay, kBehindRelay } from './chaos.mjs';
import { CustomerPage } from './customer_page.mjs';
import { waitUntil } from './server.mjs';
import { Stage } from './stage.mjs';
import { createInterview } from './whole_interview.mjs';

const run = promisify(execFile);
const kMaxOutput = 64 * 1024 * 1024;
const kCounterModulo = 2 ** 32;
const kOpusPacketMs = 20;
const kReadyTimeoutMs = 240_000;
const kSettledMs = 1000;

/** Runs in the page before its scripts: remembers its connections, so that their statistics can be read. */
const kRememberPeers = `(() => {
  window.__peers = [];
  const Native = window.RTCPeerConnection;
  window.RTCPeerConnection = class extends Native {
    constructor(...args) { super(...args); window.__peers.push(this); }
  };
  window.__sums = async () => {
    const sums = { at: Date.now(), framesSent: 0, framesSentLarge: 0, sentBps: 0, width: 0, framesDecoded: 0, framesReceived: 0, concealed: 0, samples: 0, soundLost: 0, soundReceived: 0, soundDiscarded: 0, pictureLost: 0, nacks: 0, plis: 0, codecs: [] };
    for (const peer of window.__peers.filter((p) => p.connectionState === 'connected')) {
      let sent = 0;
      const report = await peer.getStats();
      for (const s of report.values()) {
        if (s.type === 'outbound-rtp' && s.kind === 'video') {
          sent = Math.max(sent, s.framesSent ?? 0);
          if (s.rid !== 'l') sums.framesSentLarge += s.framesSent ?? 0;
        }
        if (s.type === 'candidate-pair' && s.nominated) sums.sentBps = Math.max(sums.sentBps, s.availableOutgoingBitrate ?? 0);
        if (s.type === 'inbound-rtp' && s.kind === 'video') {
          sums.framesDecoded += s.framesDecoded ?? 0;
          sums.framesReceived += s.framesReceived ?? 0;
          sums.width = Math.max(sums.width, s.frameWidth ?? 0);
          sums.pictureLost += s.packetsLost ?? 0;
          sums.nacks += s.nackCount ?? 0;
          sums.plis += s.pliCount ?? 0;
        }
        if (s.type === 'inbound-rtp' && s.kind === 'audio') {
          sums.concealed += s.concealedSamples ?? 0;
          sums.samples += s.totalSamplesReceived ?? 0;
          sums.soundLost += s.packetsLost ?? 0;
          sums.soundReceived += s.packetsReceived ?? 0;
          sums.soundDiscarded += s.packetsDiscarded ?? 0;
        }
        if (s.type === 'codec') sums.codecs.push(s.mimeType);
      }
      sums.framesSent += sent;
    }
    return sums;
  };
})();`;

export class NetworkCall {
  /** Two browsers in a call whose every packet passes the relay, on a good network so far. */
  static async open({ seed = 1, config = {}, shared = null } = {}) {
    const stage = await Stage.open({ ...config, media: { ...kBehindRelay, ...config.media } });
    const relay = await ChaosRelay.open(stage, { seed });
    const call = new NetworkCall(stage, relay);
    await call.#begin(shared);
    return call;
  }

  constructor(stage, relay) {
    this.stage = stage;
    this.relay = relay;
  }

  async #begin(shared) {
    const { stage } = this;
    const created = await createInterview(stage.integrator);
    this.interviewId = created.interview.id;
    [this.customer, this.agent] = await Promise.all([CustomerPage.open({ shared }), AgentPage.open({ shared })]);
    await Promise.all([this.customer, this.agent].map((person) => person.context.addInitScript({ content: kRememberPeers })));
    await this.agent.signIn(stage.server.origin, stage.demo.account, stage.demo.agent);
    await this.agent.goOnline();
    await this.customer.queue(created.customerLink.url);
    await this.agent.answer();
    await this.customer.inCall();
    await this.agent.answerToFirstFrameMs().catch(async (error) => {
      const [customer, agent, relay] = await Promise.all([this.sums(this.customer), this.sums(this.agent), this.relay.stats()]);
      throw new Error(`the agent saw no picture: ${JSON.stringify({ customer, agent, relay })}`, { cause: error });
    });
  }

  sums(person) {
    return person.page.evaluate(() => window.__sums());
  }

  /** What passed from the customer to the agent, and of sound to the customer, in `ms` from now on. */
  async watch(ms) {
    const read = async () => {
      const [customer, agent] = await Promise.all([this.sums(this.customer), this.sums(this.agent)]);
      return { customer, agent };
    };
    const before = await read();
    await new Promise((resolve) => setTimeout(resolve, ms));
    const after = await read();
    const grown = (person, name) => after[person][name] - before[person][name];
    return {
      from: before.customer.at,
      to: after.customer.at,
      framesSent: grown('customer', 'framesSent'),
      framesDecoded: grown('agent', 'framesDecoded'),
      framesSentLarge: grown('customer', 'framesSentLarge'),
      estimateKbps: Math.round(after.customer.sentBps / 1000),
      width: after.agent.width,
      decodedShare: grown('agent', 'framesDecoded') / grown('customer', 'framesSent'),
      concealedAtAgent: grown('agent', 'concealed') / grown('agent', 'samples'),
      concealedAtCustomer: grown('customer', 'concealed') / grown('customer', 'samples'),
      soundLostAtAgent: grown('agent', 'soundLost'),
      nacks: grown('agent', 'nacks'),
      plis: grown('agent', 'plis'),
      codecs: [...new Set([...after.agent.codecs, ...after.customer.codecs])],
    };
  }

  /** The ICE name of the connection by which a person receives, as the relay selects it. */
  receivingUfrag(person) {
    return person.page.evaluate(() => {
      const peer = window.__peers.find((p) => p.connectionState === 'connected' && p.getTransceivers().some((t) => t.currentDirection === 'recvonly'));
      return /a=ice-ufrag:(\S+)/.exec(peer.localDescription.sdp)[1];
    });
  }

  /** Waits until the agent's picture of the customer has this width. */
  async agentSees(width, timeoutMs) {
    await waitUntil(async () => (await this.sums(this.agent)).width === width, timeoutMs, `a picture ${width} wide`);
  }

  /** Waits until the agent had to ask for nothing again for a second: what a change of the network lost has come or is given up. */
  async agentHasSettled(timeoutMs) {
    await waitUntil(async () => {
      const seen = await this.watch(kSettledMs);
      return seen.framesDecoded > 0 && seen.nacks === 0 && seen.plis === 0;
    }, timeoutMs, 'a second in which the agent asked for nothing again');
  }

  /** Ends the call and resolves with the customer's recorded stream and the recording's description. */
  async recorded() {
    await this.agent.conclude('passed');
    await this.customer.ended();
    const { integrator, folder } = this.stage;
    const recording = await waitUntil(async () => {
      const read = await integrator.call('GET', `/interviews/${this.interviewId}/recording`);
      return (read.status === 'ready' || read.status === 'failed') && read;
    }, kReadyTimeoutMs, 'the recording');
    const file = recording.files.find((f) => f.kind !== 'composed' && f.name.includes('-customer'));
    const target = path.join(folder, file.name);
    await integrator.download(file.url, target);
    return { recording, file: target };
  }

  /**
   * How long the agent's picture of the customer stood still at most: `act` begins the trouble, and the picture is
   * watched for `ms` from then on. Infinity when it never moved again.
   */
  async longestFreezeMs(act, ms) {
    await this.agent.page.evaluate(() => {
      window.__frameTimes = [performance.now()];
      clearInterval(window.__frameTimer);
      const video = () => document.querySelector('[data-testid="customer-video"] video, video[data-testid="customer-video"]');
      let shown = video()?.getVideoPlaybackQuality().totalVideoFrames ?? 0;
      window.__frameTimer = setInterval(() => {
        const now = video()?.getVideoPlaybackQuality().totalVideoFrames ?? 0;
        if (now !== shown) window.__frameTimes.push(performance.now());
        shown = now;
      }, 20);
    });
    await act();
    await new Promise((resolve) => setTimeout(resolve, ms));
    return this.agent.page.evaluate(() => {
      clearInterval(window.__frameTimer);
      const times = window.__frameTimes;
      if (times.length < 2) return Number.POSITIVE_INFINITY;
      const steps = [...times.slice(1), performance.now()].map((time, i) => time - times[i]);
      return Math.round(Math.max(...steps));
    });
  }

  async close() {
    await Promise.all([this.customer?.close(), this.agent?.close()]);
    await this.relay.close();
    await this.stage.close();
  }
}

/** The counters that customer_source.js burned into the pictures of a file, in order. */
export async function countersIn(file) {
  const { stdout } = await run(
    'ffmpeg',
    ['-v', 'error', '-i', file, '-map', '0:v:0', '-vf', 'crop=iw:ih/18:0:0,scale=32:1:flags=area,format=gray', '-fps_mode', 'passthrough', '-f', 'rawvideo', '-'],
    { maxBuffer: kMaxOutput, encoding: 'buffer' },
  );
  const counters = [];
  for (let start = 0; start + 32 <= stdout.length; start += 32) {
    let value = 0;
    for (let bit = 0; bit < 32; bit += 1) value = value * 2 + (stdout[start + bit] > 127 ? 1 : 0);
    counters.push(value);
  }
  return counters;
}

/** The sizes of the pictures that a file holds, in order: a size that comes back is there again. */
export async function sizesIn(file) {
  const { stdout } = await run('ffprobe', ['-v', 'error', '-select_streams', 'v', '-show_entries', 'frame=width,height', '-of', 'csv=p=0:s=x', file], { maxBuffer: kMaxOutput });
  const sizes = stdout.trim().split('\n').map((line) => line.replace(/x$/, ''));
  return sizes.filter((size, at) => size !== sizes[at - 1]);
}

/** How many different pictures of between two times of the customer's clock a file holds. */
export async function picturesBetween(file, from, to) {
  const first = from % kCounterModulo;
  const inside = (await countersIn(file)).filter((counter) => counter >= first && counter < first + (to - from));
  return new Set(inside).size;
}

/** The share of sound packets that a stream file lacks between its first and its last. */
export async function soundMissing(file) {
  const { stdout } = await run('ffprobe', ['-v', 'error', '-select_streams', 'a:0', '-show_entries', 'packet=pts_time', '-of', 'csv=p=0', file], { maxBuffer: kMaxOutput });
  const times = stdout.trim().split('\n').map((line) => Number.parseFloat(line)).filter((t) => !Number.isNaN(t));
  const expected = Math.round(((times.at(-1) - times[0]) * 1000) / kOpusPacketMs) + 1;
  return 1 - times.length / expected;
}
