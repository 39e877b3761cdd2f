// What the agent plays to everybody in the conversation: films, recorded prompts, spoken sentences.
import type { Http } from './http';

export type PlayerKind = 'video' | 'prompt' | 'music';

/** What plays now. */
export interface PlayerState {
  mediaId: string;
  title: string;
  kind: PlayerKind;
  state: 'playing' | 'paused';
  positionMs: number;
  durationMs: number;
  /** When the position was that. */
  at: string;
}

/** Something of the library that is ready to be played. */
export interface PlayableMedia {
  id: string;
  kind: PlayerKind;
  title: string;
  durationMs?: number;
}

/** Exactly one of `mediaId`, `promptId` and `text`. */
export interface NewPlay {
  mediaId?: string;
  promptId?: string;
  text?: string;
  /** Of the voice that speaks the text. */
  language?: 'zh-CN' | 'en';
}

export class PlayerControl {
  readonly #http: Http;

  constructor(http: Http) {
    this.#http = http;
  }

  async library(): Promise<PlayableMedia[]> {
    return (await this.#http.get<{ items: PlayableMedia[] }>('/agent/media')).items;
  }
  /** What was played before ends. */
  play(interviewId: string, what: NewPlay): Promise<PlayerState> {
    return this.#http.post<PlayerState>(of(interviewId), what);
  }
  pause(interviewId: string): Promise<PlayerState> {
    return this.#http.patch<PlayerState>(of(interviewId), { action: 'pause' });
  }
  goOn(interviewId: string): Promise<PlayerState> {
    return this.#http.patch<PlayerState>(of(interviewId), { action: 'play' });
  }
  /** Lands on the keyframe at or before, at most a second earlier. */
  seek(interviewId: string, positionMs: number): Promise<PlayerState> {
    return this.#http.patch<PlayerState>(of(interviewId), { action: 'seek', positionMs: Math.round(positionMs) });
  }
  stop(interviewId: string): Promise<void> {
    return this.#http.delete(of(interviewId));
  }
}

const of = (interviewId: string) => `/agent/interviews/${encodeURIComponent(interviewId)}/player`;
