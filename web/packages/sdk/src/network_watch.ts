// Tells when this device has another network than a moment ago: connections over the old one are worth nothing.
import { Emitter } from './emitter';

/** Several signs of one change arrive together; acting before the new network has an address gains nothing. */
const kSettleMs = 150;

export interface NetworkWatchEvents {
  changed: undefined;
}

/** The Network Information API where there is one (Chromium on phones tells the type; on desktops only its guesses of speed). */
interface NetworkInformation extends EventTarget {
  readonly type?: string | undefined;
}

export interface NetworkSources {
  window?: Pick<Window, 'addEventListener' | 'removeEventListener'> | undefined;
  connection?: NetworkInformation | undefined;
}

function browserSources(): NetworkSources {
  const { navigator } = globalThis as { navigator?: Navigator & { connection?: NetworkInformation } };
  return { window: globalThis.window, connection: navigator?.connection };
}

export class NetworkWatch extends Emitter<NetworkWatchEvents> {
  readonly #sources: NetworkSources;
  #type: string | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #users = 0;

  constructor(sources: NetworkSources = browserSources()) {
    super();
    this.#sources = sources;
  }

  /** Listens while somebody does; the returned function ends it. */
  watch(onChange: () => void): () => void {
    if (this.#users === 0) this.#begin();
    this.#users += 1;
    const stop = this.on('changed', onChange);
    let stopped = false;
    return () => {
      if (stopped) return;
      stopped = true;
      stop();
      this.#users -= 1;
      if (this.#users === 0) this.#end();
    };
  }

  #begin(): void {
    this.#type = this.#sources.connection?.type;
    this.#sources.window?.addEventListener('online', this.#soon);
    this.#sources.connection?.addEventListener?.('change', this.#onConnection);
  }
  #end(): void {
    clearTimeout(this.#timer);
    this.#sources.window?.removeEventListener('online', this.#soon);
    this.#sources.connection?.removeEventListener?.('change', this.#onConnection);
  }

  /** `change` comes for every new guess of the speed too; only another type is another network. */
  readonly #onConnection = (): void => {
    const type = this.#sources.connection?.type;
    if (type === this.#type) return;
    this.#type = type;
    if (type !== 'none') this.#soon();
  };

  readonly #soon = (): void => {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.emit('changed', undefined), kSettleMs);
  };
}

let shared: NetworkWatch | undefined;
/** One for the page, made when first asked for. */
export function pageNetwork(): NetworkWatch {
  return (shared ??= new NetworkWatch());
}
