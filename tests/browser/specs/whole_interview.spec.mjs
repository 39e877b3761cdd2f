// The main job through both pages, measured with tools that are not ours.
import fs from 'node:fs';
import { expect, test } from '@playwright/test';
import { probe } from '../lib/av_offset.mjs';
import { Stage } from '../lib/stage.mjs';
import { holdInterview, measure } from '../lib/whole_interview.mjs';

let stage;
test.beforeAll(async () => {
  stage = await Stage.open();
});
test.afterAll(async () => stage?.close());

test('an interview is held, recorded, photographed and concluded', async ({}, info) => {
  const folder = info.outputPath('interview');
  fs.mkdirSync(folder, { recursive: true });
  const seen = await holdInterview({ server: stage.server, demo: stage.demo, receiver: stage.receiver, folder, talkMs: 22_000 });

  await test.step('what the integrator reads', () => {
    expect(seen.interview).toMatchObject({ status: 'ended', endReason: 'concluded', outcome: { kind: 'passed', businessId: 'LN-2026-000117', assistId: 'A-7' } });
    expect(seen.interview.outcome.recordingPath).toBe(seen.recording.path);
    expect(seen.interview.outcome.place.latitudeLongitude).toContain('31.2304');
    expect(seen.interview.outcome).not.toHaveProperty('reason');
    expect(seen.webhook).toMatchObject({ delivered: true, attempts: 2 });
    expect(stage.receiver.rejected).toBe(0);
  });
  await test.step('the timeline is a chain', () => {
    const { items } = seen.timeline;
    items.forEach((entry, index) => {
      expect(entry.number).toBe(index + 1);
      expect(entry.previousHash).toBe(index === 0 ? '0'.repeat(64) : items[index - 1].hash);
    });
  });
  await test.step('the files', async () => {
    expect(seen.saved.streams).toHaveLength(2);
    for (const stream of seen.saved.streams) {
      const codecs = (await probe(stream)).streams.map((s) => s.codec_name);
      expect(codecs.sort()).toEqual(['opus', 'vp8']);
    }
    const film = (await probe(seen.saved.composed)).streams;
    // The text track that players read chapters from is neither sound nor picture.
    expect(film.filter((s) => s.codec_type !== 'data').map((s) => s.codec_name).sort()).toEqual(['aac', 'h264']);
    expect(film.find((s) => s.codec_type === 'video')).toMatchObject({ width: 1280, height: 720 });
  });
  await test.step('the figures', async () => {
    const figures = await measure(seen, folder);
    info.annotations.push({ type: 'figures', description: JSON.stringify({ ...figures, answerToFirstFrameMs: seen.answerToFirstFrameMs }) });
    expect(figures.composedOffset.pairs).toBeGreaterThanOrEqual(10);
    expect(Math.abs(figures.avOffsetMs)).toBeLessThanOrEqual(40);
    expect(Math.abs(figures.filmDurationMs - seen.interview.durationMs)).toBeLessThanOrEqual(1000);
    expect(figures.photo).toEqual({ width: 1280, height: 720 });
    expect(Math.abs(figures.photoBehindClickMs)).toBeLessThanOrEqual(500);
    expect(seen.answerToFirstFrameMs).toBeLessThanOrEqual(1000);
  });
});
