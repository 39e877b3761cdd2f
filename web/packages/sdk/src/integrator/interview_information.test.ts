import { describe, expect, it } from 'vitest';
import { checkInformation, FaceType, type InterviewInformation, type UserInfo } from './interview_information';

const kLeast: InterviewInformation = { nickName: 'wang-01', queueId: 'que_1' };
const kJpeg = btoa('\xff\xd8\xff\xe0 picture');
const withUser = (user: UserInfo): InterviewInformation => ({ ...kLeast, userInfoList: [user] });

describe('the information of an interview', () => {
  it('needs a name and a queue, and is remote by itself', () => {
    expect(checkInformation(kLeast)).toEqual({ nickName: 'wang-01', queueId: 'que_1', mode: 'remote' });
  });

  it('takes both spellings of a person, and sends no picture', () => {
    const android = withUser({
      name: '王',
      idNumber: '3101',
      useFaceIdentification: true,
      useDefaultFaceImg: true,
      defaultComparisonSource: kJpeg,
    });
    const ios = withUser({ name: '王', idNo: '3101', useFaceIdentification: true, sourcePhotoStr: kJpeg });
    expect(checkInformation(android).people).toEqual(checkInformation(ios).people);
    expect(JSON.stringify(checkInformation(android))).not.toContain(kJpeg);
    expect(checkInformation(withUser({ faceVerifyResultType: 2 })).people).toEqual([
      { compareHere: false, faceResult: 'failed' },
    ]);
  });

  it.each<[string, InterviewInformation]>([
    ['nickName', { ...kLeast, nickName: '' }],
    ['queueId', { ...kLeast, queueId: '' }],
    ['mode', { ...kLeast, mode: 'hologram' as never }],
    ['userInfoList', { ...kLeast, userInfoList: Array.from({ length: 11 }, () => ({})) }],
    ['userInfoList[0].name', withUser({ useFaceIdentification: true, idNumber: '1' })],
    ['userInfoList[0].idNumber', withUser({ useFaceIdentification: true, name: '王' })],
    ['userInfoList[0].faceResult', withUser({ faceResult: 4 as never })],
    ['userInfoList[0].similarity', withUser({ similarity: '100.1' })],
    ['userInfoList[0].similarity', withUser({ similarity: 'high' })],
    ['userInfoList[0].defaultComparisonSource', withUser({ useDefaultFaceImg: true })],
    ['userInfoList[0].defaultComparisonSource', withUser({ defaultComparisonSource: '!' })],
    ['userInfoList[0].defaultComparisonSource', withUser({ defaultComparisonSource: btoa('GIF89a') })],
    [
      'userInfoList[0].defaultComparisonSource',
      withUser({ sourcePhotoStr: btoa(`\xff\xd8\xff${'x'.repeat(500 * 1024)}`) }),
    ],
  ])('is refused by the name of the wrong field: %s', (field, information) => {
    let failure: unknown;
    try {
      checkInformation(information);
    } catch (error) {
      failure = error;
    }
    expect(failure).toMatchObject({ code: 'field.invalid', params: { field } });
  });

  it('knows the modes by the names of the seeds', () => {
    expect(checkInformation({ ...kLeast, mode: FaceType.INTERVIEW_TYPE_SELF }).mode).toBe('self_service');
  });
});
