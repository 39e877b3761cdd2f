// A screen, window or tab as a stream: asked for, and noticed when the person ends it by the browser's own button.
import { Emitter } from './emitter';

/** Text must be readable, movement need not be smooth. */
const kFrameRate: ConstrainDouble = { ideal: 10, max: 15 };
const kWidth: ConstrainULong = { max: 1920 };
const kHeight: ConstrainULong = { max: 1080 };

export type ScreenState = 'off' | 'asking' | 'on';
/** `denied`: the person closed the browser's question, or the system forbids it. */
export type ScreenTrouble = 'denied' | 'failed';

export interface ScreenShareEvents {
  state: ScreenState;
}

export type DisplaySource = Pick<MediaDevices, 'getDisplayMedia'>;

function browserSource(): DisplaySource | undefined {
  const devices = globalThis.navigator?.mediaDevices as Partial<MediaDevices> | undefined;
  return typeof devices?.getDisplayMedia === 'function' ? (devices as DisplaySource) : undefined;
}

/** Phones have no such thing: show no button there. */
export function canShareScreen(): boolean {
  return browserSource() !== undefined;
}

export class ScreenShare extends Emitter<ScreenShareEvents> {
  readonly #source: DisplaySource | undefined;
  #state: ScreenState = 'off';
  #stream: MediaStream | undefined;

  constructor(source: DisplaySource | undefined = browserSource()) {
    super();
    this.#source = source;
  }

  get state(): ScreenState {
    return this.#state;
  }
  get stream(): MediaStream | undefined {
    return this.#stream;
  }

  /** Asks what to share; undefined when it is shared. Call it from a press: browsers want one. */
  async start(): Promise<ScreenTrouble | undefined> {
    if (this.#state !== 'off') return undefined;
    if (!this.#source) return 'failed';
    this.#set('asking');
    let stream: MediaStream;
    try {
      stream = await this.#source.getDisplayMedia({
        video: { frameRate: kFrameRate, width: kWidth, height: kHeight },
        audio: false, // what the tab plays would come back to everybody as an echo
      });
    } catch (error) {
      this.#set('off');
      return (error as DOMException).name === 'NotAllowedError' ? 'denied' : 'failed';
    }
    const [track] = stream.getVideoTracks();
    if (!track) {
      this.#set('off');
      return 'failed';
    }
    track.contentHint = 'detail';
    track.onended = () => this.stop();
    this.#stream = stream;
    this.#set('on');
    return undefined;
  }

  stop(): void {
    for (const track of this.#stream?.getTracks() ?? []) {
      track.onended = null;
      track.stop();
    }
    this.#stream = undefined;
    this.#set('off');
  }

  #set(state: ScreenState): void {
    if (state === this.#state) return;
    this.#state = state;
    this.emit('state', state);
  }
}
