import { expect, it } from 'vitest';
import { createFirstFrameMeter, type FirstFrame } from './first_frame';

it('measures from the click to the first frame, once an answer', () => {
  const target = { document: { documentElement: { dataset: {} as DOMStringMap } } } as unknown as {
    document: Pick<Document, 'documentElement'>;
    __tw?: FirstFrame;
  };
  const data = target.document.documentElement.dataset;
  let nowMs = 50;
  const meter = createFirstFrameMeter(target, () => nowMs);
  meter.frame(60);
  expect(data['answerToFirstFrameMs']).toBeUndefined();
  nowMs = 100;
  meter.answered();
  meter.frame(412.6);
  meter.frame(999);
  expect(data['answerToFirstFrameMs']).toBe('313');
  expect(target.__tw).toEqual({ answerClickedAt: 100, firstFrameAt: 412.6 });
  nowMs = 2000;
  meter.answered();
  expect(data['answerToFirstFrameMs']).toBeUndefined();
});
