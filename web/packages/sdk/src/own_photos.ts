// Photos from the customer's side: sending what the agent asked for, saying no, seeing and deleting those of the own interview.
import type { CustomerPhoto, CustomerPhotoList } from '@telewitness/protocol';
import { Backoff, delay } from './backoff';
import type { Http } from './http';
import { ProblemError } from './problem';

/** The server waits two minutes for an upload that has begun. */
const kTries = 5;
const kFirstRetryMs = 500;
const kMostRetryMs = 4_000;

export type PhotoRefusal = 'refused' | 'no_camera' | 'upload_failed';

export interface SendPhotoOptions {
  /** From 0 to 1. */
  onProgress?: ((share: number) => void) | undefined;
  signal?: AbortSignal | undefined;
}

export class OwnPhotos {
  readonly #http: Http;
  constructor(http: Http) {
    this.#http = http;
  }

  /**
   * Sends the JPEG that was asked for, with its SHA-256; again after failures of the network.
   * 409 `photo.not_asked` when it comes too late, 413 `photo.too_large`, 415 `photo.not_jpeg`.
   */
  async send(photoId: string, jpeg: Blob, options: SendPhotoOptions = {}): Promise<void> {
    const headers = { 'content-type': 'image/jpeg', 'content-digest': await digestOf(jpeg) };
    const backoff = new Backoff({ firstMs: kFirstRetryMs, mostMs: kMostRetryMs });
    for (let attempt = 1; ; attempt += 1) {
      try {
        await this.#http.upload(`${photo(photoId)}/original`, jpeg, { ...options, headers });
        return;
      } catch (error) {
        if (!(error instanceof ProblemError)) throw error;
        // The answer to an upload that had arrived was lost: the server has it.
        if (attempt > 1 && error.code === 'photo.not_asked') return;
        // The one before is still being noticed as broken off.
        const again = error.isNetwork || error.code === 'photo.being_uploaded' || error.code === 'http.malformed';
        if (!again || attempt >= kTries) throw error;
        await delay(backoff.nextMs(), options.signal);
      }
    }
  }

  /** No picture will come. */
  refuse(photoId: string, code: PhotoRefusal): Promise<void> {
    return this.#http.post(`${photo(photoId)}/refusal`, { code }, { repeatable: true });
  }

  /** Those that are ready, where the company shows them. */
  async list(): Promise<CustomerPhoto[]> {
    return (await this.#http.get<CustomerPhotoList>('/customer/photos')).items;
  }

  /** The JPEG with its mark. */
  content(photoId: string, signal?: AbortSignal): Promise<Blob> {
    return this.#http.blob(`${photo(photoId)}/watermarked`, { signal });
  }

  /** 403 `photo.not_allowed` where the company does not let customers delete. */
  delete(photoId: string): Promise<void> {
    return this.#http.delete(photo(photoId));
  }
}

const photo = (photoId: string) => `/customer/photos/${encodeURIComponent(photoId)}`;

/** Content-Digest of RFC 9530. */
async function digestOf(jpeg: Blob): Promise<string> {
  const hash = new Uint8Array(await globalThis.crypto.subtle.digest('SHA-256', await jpeg.arrayBuffer()));
  return `sha-256=:${btoa(String.fromCharCode(...hash))}:`;
}
