// From the answer click to the customer's first frame on the screen: measured on every answer, kept on the document.
export interface FirstFrameMeter {
  answered(): void;
  frame(presentedAt: number): void;
}

export interface FirstFrame {
  answerClickedAt: number;
  firstFrameAt?: number;
}

declare global {
  interface Window {
    __tw?: FirstFrame;
  }
}

export function createFirstFrameMeter(
  target: { document: Pick<Document, 'documentElement'>; __tw?: FirstFrame } = window,
  now: () => number = () => performance.now(),
): FirstFrameMeter {
  return {
    answered() {
      target.__tw = { answerClickedAt: now() };
      delete target.document.documentElement.dataset['answerToFirstFrameMs'];
    },
    frame(presentedAt) {
      const measured = target.__tw;
      if (!measured || measured.firstFrameAt !== undefined) return;
      measured.firstFrameAt = presentedAt;
      const tookMs = Math.round(presentedAt - measured.answerClickedAt);
      target.document.documentElement.dataset['answerToFirstFrameMs'] = String(tookMs);
    },
  };
}

/** One for the page: buttons tell it of the click, the stage of the frame. */
let shared: FirstFrameMeter | undefined;
export function firstFrameMeter(): FirstFrameMeter {
  shared ??= createFirstFrameMeter();
  return shared;
}
