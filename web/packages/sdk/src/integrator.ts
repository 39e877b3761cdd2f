// @telewitness/client/integrator: an integrator's own page logs in, starts an interview, and is told how it ended.
export { TelewitnessClient, linkTokenOf, type ClientOptions, type StartedInterview } from './integrator/client';
export { exitResultOf, type ExitResult } from './integrator/exit_result';
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
