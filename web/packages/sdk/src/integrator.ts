// @telewitness/client/integrator: an integrator's own page logs in, starts an interview, and is told how it ended.
export { TelewitnessClient, linkTokenOf, type ClientOptions, type StartedInterview } from './integrator/client';
export { exitResultOf, type ExitResult } from './integrator/exit_result';
export { HeadlessPhotos, type AnswerPhotoOptions } from './integrator/headless_photos';
export { type PhotoRefusal, type SendPhotoOptions } from './own_photos';
export { NoStillError, type StillEnvironment } from './still';
export { ProblemError } from './problem';
export { HeadlessInterview, type HeadlessEvents, type HeadlessOptions } from './integrator/headless_interview';
export {
  checkInformation,
  FaceType,
  type InterviewInformation,
  type UserInfo,
} from './integrator/interview_information';
export { UnsupportedError, type UnbuiltFeature } from './integrator/unsupported';
export {
  openWitnessVideo,
  type WitnessVideoOptions,
  type WitnessVideoParameters,
  type WitnessVideoResult,
} from './integrator/witness_video';
