// The customer's photos in an interview without a page of ours: those that the agent asks this device for, and those there are.
import type { CustomerPhoto, CustomerPhotos, CustomerState, PhotoRequest } from '@telewitness/protocol';
import type { OwnPhotos, PhotoRefusal, SendPhotoOptions } from '../own_photos';
import { ProblemError } from '../problem';
import { NoStillError, takeStill, type StillEnvironment } from '../still';

export interface AnswerPhotoOptions extends SendPhotoOptions {
  /** Shows the customer what was taken, before it is sent; with false nothing is sent, and the request stays open. */
  review?: ((jpeg: Blob) => boolean | Promise<boolean>) | undefined;
}

export interface HeadlessPhotosInputs {
  own: OwnPhotos;
  state: () => CustomerState;
  /** Of the stream that the page gave to `useMedia`. */
  camera: () => MediaStreamTrack | undefined;
  stills?: StillEnvironment | undefined;
}

/** `photoRequested` and `photoRequestOver` of the interview say when there is something to do. */
export class HeadlessPhotos {
  readonly #inputs: HeadlessPhotosInputs;

  constructor(inputs: HeadlessPhotosInputs) {
    this.#inputs = inputs;
  }

  /** What the agent asks for now. */
  get request(): PhotoRequest | undefined {
    return this.#inputs.state().photoRequest;
  }

  /** What the company lets its customers do with the photos of their interview. */
  get allowed(): CustomerPhotos {
    return this.#inputs.state().customerPhotos ?? 'none';
  }

  /** Those that are ready; none where the company does not show them. `state.photos` has the same. */
  list(): Promise<CustomerPhoto[]> {
    return this.#inputs.own.list();
  }

  /** The JPEG with its mark; 404 `photo.unknown` where the company does not show photos. */
  view(photoId: string, signal?: AbortSignal): Promise<Blob> {
    return this.#inputs.own.content(photoId, signal);
  }

  /** During the conversation; 403 `photo.not_allowed` where the company does not let customers delete. */
  delete(photoId: string): Promise<void> {
    return this.#inputs.own.delete(photoId);
  }

  /** A JPEG of the device's camera in its full size, not sent yet. Throws a NoStillError when the camera gives none. */
  async take(): Promise<Blob> {
    const camera = this.#inputs.camera();
    if (!camera) throw new NoStillError('There is no camera.');
    return takeStill(camera, this.#inputs.stills);
  }

  /**
   * Takes the photo that is asked for, has it looked at, and sends it. False when the customer wants another one. What
   * fails (NoStillError, and the problems of `send`) leaves the request open: answer again, or refuse with the reason.
   */
  async answer(options: AnswerPhotoOptions = {}): Promise<boolean> {
    const { photoId } = this.#asked();
    const jpeg = await this.take();
    if (options.review && !(await options.review(jpeg))) return false;
    await this.#inputs.own.send(photoId, jpeg, options);
    return true;
  }

  /**
   * A JPEG that the page has by itself, for what is asked now. 409 `photo.not_asked` (nothing is, or it came too late),
   * 413 `photo.too_large`, 415 `photo.not_jpeg`.
   */
  async send(jpeg: Blob, options: SendPhotoOptions = {}): Promise<void> {
    await this.#inputs.own.send(this.#asked().photoId, jpeg, options);
  }

  /** No picture will come; the agent sees why. */
  async refuse(reason: PhotoRefusal = 'refused'): Promise<void> {
    await this.#inputs.own.refuse(this.#asked().photoId, reason);
  }

  #asked(): PhotoRequest {
    const { request } = this;
    if (request) return request;
    throw new ProblemError({ code: 'photo.not_asked', status: 409 });
  }
}
