// The one WebSocket of a page: says hello, hears numbered news, and comes back by itself after anything that can pass.
import { kEnvelopeVersion, type ClientMessage, type ServerMessage } from '@telewitness/protocol';
import { Backoff, kQuickReturn } from './backoff';
import { Emitter } from './emitter';

/** Close codes after which coming back makes no sense. */
export const kCloseNotSignedIn = 4401;
export const kCloseTakenOver = 4409;
export const kCloseInterviewOver = 4410;
const kFinalCodes = new Set([kCloseNotSignedIn, kCloseTakenOver, kCloseInterviewOver]);
const kCloseNormal = 1000;

/** Waits of an absence that lasts; the first are shorter, so that a server that was killed has its pages back within 5 s. */
const kFirstRetryMs = 250;
const kMostRetryMs = 2_000;
/** Socket, TLS, hello and welcome together. */
const kWelcomeTimeoutMs = 5_000;
/** The other side learns of a dead browser within 8 s; the page of a dead connection about as fast. */
const kPingEveryMs = 2_500;
const kSilenceMs = 7_000;
/** From a ping to its pong; a page in the background may run its timers once a minute, so silence alone proves nothing. */
const kPongTimeoutMs = 4_000;

export type SocketState = 'connecting' | 'connected' | 'reconnecting' | 'closed';

export interface SocketStatus {
  state: SocketState;
  /** With `closed`: the server's close code, or 1000 when this side closed. */
  code?: number;
  /** With `connected`: the server still knew what was seen; false after its restart or a long absence. */
  resumed?: boolean;
}

export interface EventSocketEvents {
  message: ServerMessage;
  status: SocketStatus;
}

export interface EventSocketOptions {
  token: () => string;
  /** Which page of the person this is: another one is at work until `connect(true)` takes over. */
  page?: string | undefined;
  /** Default `/api/v1/ws` of this origin. */
  url?: string | undefined;
  /** Default the browser's. */
  WebSocket?: typeof WebSocket | undefined;
  random?: (() => number) | undefined;
}

export class EventSocket extends Emitter<EventSocketEvents> {
  readonly #options: EventSocketOptions;
  readonly #backoff: Backoff;
  #status: SocketStatus = { state: 'connecting' };
  #socket: WebSocket | undefined;
  #lastSeq: number | undefined;
  #retryTimer: ReturnType<typeof setTimeout> | undefined;
  #watchTimer: ReturnType<typeof setTimeout> | undefined;
  #pingTimer: ReturnType<typeof setInterval> | undefined;
  #everConnected = false;
  #open = false;
  #takeOver = false;
  /** When the first ping went out that nothing has answered yet. */
  #askedAt: number | undefined;

  constructor(options: EventSocketOptions) {
    super();
    this.#options = options;
    this.#backoff = new Backoff({
      firstMs: kFirstRetryMs,
      mostMs: kMostRetryMs,
      quick: kQuickReturn,
      random: options.random,
    });
  }

  get status(): SocketStatus {
    return this.#status;
  }

  /** Connects and stays connected until `close` or a final close code. `takeOver`: instead of the person's other page. */
  connect(takeOver = false): void {
    if (this.#open) return;
    this.#takeOver = takeOver;
    this.#open = true;
    globalThis.addEventListener?.('online', this.#wake);
    globalThis.document?.addEventListener('visibilitychange', this.#wake);
    this.#setStatus({ state: this.#everConnected ? 'reconnecting' : 'connecting' });
    this.#dial();
  }

  close(): void {
    this.#finish(kCloseNormal);
  }

  /** Sends when connected; a report that cannot be sent now is old by the time it could. Says whether it was sent. */
  send(message: ClientMessage): boolean {
    if (this.#status.state !== 'connected' || this.#socket?.readyState !== kSocketOpen) return false;
    this.#socket.send(JSON.stringify(message));
    return true;
  }

  #dial(): void {
    clearTimeout(this.#retryTimer);
    this.#drop();
    const Constructor = this.#options.WebSocket ?? WebSocket;
    let socket: WebSocket;
    try {
      socket = new Constructor(this.#options.url ?? defaultSocketUrl());
    } catch {
      return this.#retry();
    }
    this.#socket = socket;
    this.#askedAt = undefined;
    this.#watch(kWelcomeTimeoutMs, () => this.#retry());
    socket.onopen = () => {
      const hello: ClientMessage = { v: kEnvelopeVersion, type: 'hello', token: this.#options.token() };
      if (this.#lastSeq !== undefined) hello.resumeFrom = this.#lastSeq;
      if (this.#options.page !== undefined) hello.page = this.#options.page;
      if (this.#takeOver) hello.takeOver = true;
      socket.send(JSON.stringify(hello));
    };
    socket.onmessage = (event) => this.#hear(event.data);
    socket.onclose = (event) => {
      if (kFinalCodes.has(event.code)) this.#finish(event.code);
      else this.#retry();
    };
  }

  #hear(data: unknown): void {
    const message = parseMessage(data);
    if (!message) return;
    this.#askedAt = undefined;
    this.#watch(kSilenceMs, () => this.#suspect());
    if (message.type === 'welcome') this.#welcome(message.seq, message.resumed ?? false);
    else if ('seq' in message) this.#lastSeq = message.seq;
    this.emit('message', message);
  }

  #welcome(seq: number, resumed: boolean): void {
    // What was missed follows a resumed welcome with its own numbers; a fresh start counts from the welcome.
    if (!resumed) this.#lastSeq = seq;
    this.#everConnected = true;
    this.#takeOver = false; // said once: who is taken over later does not take back by itself
    this.#backoff.reset();
    clearInterval(this.#pingTimer);
    this.#pingTimer = setInterval(() => this.#ping(), kPingEveryMs);
    this.#setStatus({ state: 'connected', resumed });
  }

  #watch(ms: number, act: () => void): void {
    clearTimeout(this.#watchTimer);
    this.#watchTimer = setTimeout(act, ms);
  }

  /** Nothing heard for long: the connection is dead if a question brings no answer, whatever the browser believes. */
  #suspect(): void {
    if (this.#askedAt === undefined && !this.#ping()) return this.#retry();
    const waited = Date.now() - (this.#askedAt ?? 0);
    if (waited >= kPongTimeoutMs) return this.#retry();
    this.#watch(kPongTimeoutMs - waited, () => this.#suspect());
  }

  #ping(): boolean {
    const sent = this.send({ v: kEnvelopeVersion, type: 'ping' });
    if (sent) this.#askedAt ??= Date.now();
    return sent;
  }

  #retry(): void {
    if (!this.#open) return;
    this.#drop();
    this.#setStatus({ state: this.#everConnected ? 'reconnecting' : 'connecting' });
    clearTimeout(this.#retryTimer);
    this.#retryTimer = setTimeout(() => this.#dial(), this.#backoff.nextMs());
  }

  /** The network is back or the page is looked at again: no reason to wait on. */
  readonly #wake = (): void => {
    if (!this.#open || globalThis.document?.visibilityState === 'hidden') return;
    if (this.#status.state === 'connected') {
      // A connection over the network of before looks alive until it is asked.
      this.#askedAt = undefined;
      return this.#suspect();
    }
    if (this.#socket?.readyState === kSocketConnecting) return;
    this.#backoff.reset();
    this.#dial();
  };

  #drop(): void {
    clearTimeout(this.#watchTimer);
    clearInterval(this.#pingTimer);
    const socket = this.#socket;
    this.#socket = undefined;
    if (!socket) return;
    socket.onopen = socket.onmessage = socket.onclose = socket.onerror = null;
    if (socket.readyState <= kSocketOpen) socket.close(kCloseNormal);
  }

  #finish(code: number): void {
    if (this.#status.state === 'closed') return;
    this.#open = false;
    clearTimeout(this.#retryTimer);
    this.#drop();
    globalThis.removeEventListener?.('online', this.#wake);
    globalThis.document?.removeEventListener('visibilitychange', this.#wake);
    this.#setStatus({ state: 'closed', code });
  }

  #setStatus(status: SocketStatus): void {
    if (status.state === this.#status.state && status.state !== 'connected') return;
    this.#status = status;
    this.emit('status', status);
  }
}

const kSocketConnecting = 0;
const kSocketOpen = 1;

function parseMessage(data: unknown): ServerMessage | undefined {
  if (typeof data !== 'string') return undefined;
  try {
    const message = JSON.parse(data) as Partial<ServerMessage> | null;
    if (message?.v !== kEnvelopeVersion || typeof message.type !== 'string') return undefined;
    return message as ServerMessage;
  } catch {
    return undefined;
  }
}

function defaultSocketUrl(): string {
  const url = new URL('/api/v1/ws', globalThis.location.href);
  url.protocol = url.protocol === 'http:' ? 'ws:' : 'wss:';
  return url.href;
}
