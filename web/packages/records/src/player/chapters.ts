// The chapters of a film: from where to where each goes, which one plays, and where "next" and "previous" lead.
import type { Recording } from '@telewitness/desk';

export type RecordingChapter = NonNullable<Recording['chapters']>[number];

export interface Chapter {
  atMs: number;
  endMs: number;
  kind: string;
  /** As in the file, in both languages; for kinds a page has no words for. */
  title: string;
}

/** Within so much of a chapter's beginning, "previous" leads to the one before it; later to its own beginning. */
export const kBeginningMs = 3_000;

/** In order, within the film, each up to the next. */
export function chaptersOf(chapters: readonly RecordingChapter[], durationMs: number): Chapter[] {
  const inOrder = chapters
    .filter((chapter) => chapter.atMs >= 0 && (durationMs <= 0 || chapter.atMs < durationMs))
    .sort((a, b) => a.atMs - b.atMs);
  return inOrder.map((chapter, index) => ({
    ...chapter,
    endMs: inOrder[index + 1]?.atMs ?? Math.max(durationMs, chapter.atMs),
  }));
}

/** -1 before the first one. */
export function chapterIndexAt(chapters: readonly Chapter[], positionMs: number): number {
  return chapters.findLastIndex((chapter) => chapter.atMs <= positionMs);
}

export function nextChapterMs(chapters: readonly Chapter[], positionMs: number): number | undefined {
  return chapters.find((chapter) => chapter.atMs > positionMs)?.atMs;
}

export function previousChapterMs(chapters: readonly Chapter[], positionMs: number): number {
  return chapters.findLast((chapter) => chapter.atMs <= positionMs - kBeginningMs)?.atMs ?? 0;
}
