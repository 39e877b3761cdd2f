// `startInterview`'s information as the seeds spell it, checked and put into the contract's words.
import type { ClientPerson, InterviewMode } from '@telewitness/protocol';
import { wrongField } from './unsupported';

/** The seeds' names of the modes beside ours. Only remote is built. */
export const FaceType = {
  INTERVIEW_TYPE_REMOTE: 'remote',
  INTERVIEW_TYPE_SELF: 'self_service',
  INTERVIEW_TYPE_ASSIST: 'assistance_customer',
  INTERVIEW_TYPE_ASSISTANCE_SERVICE: 'assistance_agent',
} as const satisfies Record<string, InterviewMode>;

/** A person of `userInfoList`; the iOS spellings of three fields are understood too. */
export interface UserInfo {
  name?: string;
  idNumber?: string;
  /** iOS: the same as `idNumber`. */
  idNo?: string;
  /** Compare this person's face; not built. Default no: the result is the integrator's own. */
  useFaceIdentification?: boolean;
  /** Go on after a comparison that failed. */
  nextFail?: boolean;
  /** Compare with `defaultComparisonSource` instead of the authority's picture. */
  useDefaultFaceImg?: boolean;
  /** Base64 of a JPG or PNG of at most 500 KB. */
  defaultComparisonSource?: string;
  /** iOS: the same as `defaultComparisonSource`. */
  sourcePhotoStr?: string;
  /** The integrator's result: 1 passed, 2 failed, 3 not done. */
  faceResult?: 1 | 2 | 3;
  /** iOS: the same as `faceResult`. */
  faceVerifyResultType?: 1 | 2 | 3;
  /** "0.0" to "100.0". */
  similarity?: string | number;
}

export interface InterviewInformation {
  /** Unique: the same name is the same customer. Required. */
  nickName: string;
  /** Where the customer waits. Required. */
  queueId: string;
  /** The contract to sign; not built. */
  signatureUrl?: string;
  userInfoList?: readonly UserInfo[];
  /** A film that the agent shows. (The seeds' spelling.) */
  remotelyRiskVoideUrl?: string;
  /** Default remote. */
  mode?: InterviewMode;
  voiceOnly?: boolean;
}

/** What of it is sent: everything but the pictures, which only a comparison would need. */
export interface CheckedInformation {
  nickName: string;
  queueId: string;
  mode: InterviewMode;
  contractUrl?: string;
  riskVideoUrl?: string;
  people?: ClientPerson[];
  voiceOnly?: boolean;
}

const kMostPictureBytes = 500 * 1024;
const kMostPeople = 10;
const kResults = { 1: 'passed', 2: 'failed', 3: 'not_done' } as const;
const kModes: readonly string[] = Object.values(FaceType);

/** Throws a `field.invalid` that names the field. */
export function checkInformation(information: InterviewInformation): CheckedInformation {
  const { nickName, queueId, mode = 'remote', signatureUrl, remotelyRiskVoideUrl, userInfoList = [] } = information;
  if (typeof nickName !== 'string' || nickName === '') throw wrongField('nickName', 'is required');
  if (typeof queueId !== 'string' || queueId === '') throw wrongField('queueId', 'is required');
  if (!kModes.includes(mode)) throw wrongField('mode', `is one of ${kModes.join(', ')}`);
  if (userInfoList.length > kMostPeople) throw wrongField('userInfoList', `holds at most ${kMostPeople} people`);
  return {
    nickName,
    queueId,
    mode,
    ...(signatureUrl ? { contractUrl: signatureUrl } : {}),
    ...(remotelyRiskVoideUrl ? { riskVideoUrl: remotelyRiskVoideUrl } : {}),
    ...(userInfoList.length > 0 ? { people: userInfoList.map((user, index) => checkUser(user, index)) } : {}),
    ...(information.voiceOnly ? { voiceOnly: true } : {}),
  };
}

function checkUser(user: UserInfo, index: number): ClientPerson {
  const at = (field: string) => `userInfoList[${index}].${field}`;
  const compareHere = user.useFaceIdentification ?? false;
  const idNumber = user.idNumber ?? user.idNo ?? '';
  const result = user.faceResult ?? user.faceVerifyResultType ?? 3;
  if (compareHere && !user.name) throw wrongField(at('name'), 'is needed to compare a face');
  if (compareHere && !idNumber) throw wrongField(at('idNumber'), 'is needed to compare a face');
  if (!(result in kResults)) throw wrongField(at('faceResult'), 'is 1, 2 or 3');
  const picture = user.defaultComparisonSource ?? user.sourcePhotoStr;
  if (user.useDefaultFaceImg && !picture) throw wrongField(at('defaultComparisonSource'), 'is missing');
  if (picture !== undefined) checkPicture(picture, at('defaultComparisonSource'));
  return {
    compareHere,
    faceResult: kResults[result],
    ...(user.name ? { name: user.name } : {}),
    ...(idNumber ? { idNumber } : {}),
    ...similarityOf(user.similarity, at('similarity')),
  };
}

function similarityOf(value: string | number | undefined, field: string): { similarity?: number } {
  if (value === undefined || value === '') return {};
  const similarity = Number(value);
  if (!(similarity >= 0 && similarity <= 100)) throw wrongField(field, 'is from 0.0 to 100.0');
  return { similarity };
}

function checkPicture(base64: string, field: string): void {
  let bytes: string;
  try {
    bytes = atob(base64);
  } catch {
    throw wrongField(field, 'is not base64');
  }
  if (bytes.length > kMostPictureBytes) throw wrongField(field, 'is larger than 500 KB');
  const isJpeg = bytes.startsWith('\xff\xd8\xff');
  const isPng = bytes.startsWith('\x89PNG\r\n\x1a\n');
  if (!isJpeg && !isPng) throw wrongField(field, 'is neither JPG nor PNG');
}
