// `make demo`: one whole interview by itself. Prints as its last line one JSON object; everything stays in demo-output/.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { kRoot, Server } from './lib/server.mjs';
import { WebhookReceiver } from './lib/webhook_receiver.mjs';
import { holdInterview, measure } from './lib/whole_interview.mjs';

const kTalkMs = 24_000;

const folder = path.join(kRoot, 'demo-output');
fs.rmSync(folder, { recursive: true, force: true });
fs.mkdirSync(folder, { recursive: true });
const work = fs.mkdtempSync(path.join(os.tmpdir(), 'telewitness-demo-'));
const relative = (file) => path.relative(kRoot, file);

const receiver = new WebhookReceiver(work);
await receiver.start();
const server = new Server(work, { outgoing: { allow_private: [`localhost:${receiver.port}`], extra_ca_file: receiver.files.certificate } });
let failed = false;
try {
  await server.start();
  const demo = server.demoTenant();
  const seen = await holdInterview({ server, demo, receiver, folder, talkMs: kTalkMs, onStep: (step) => console.log(`- ${step}`) });
  const figures = await measure(seen, folder);
  console.log(`- flash to beep: film ${figures.composedOffset.medianMs} ms over ${figures.composedOffset.pairs} pairs, source ${figures.sourceOffset.medianMs} ms over ${figures.sourceOffset.pairs}`);
  console.log(`- photo ${figures.photo.width}×${figures.photo.height}, its counter ${figures.photoBehindClickMs} ms after the click; film ${figures.filmDurationMs} ms`);
  const { interview } = seen;
  console.log(JSON.stringify({
    interview: { id: interview.id, businessId: interview.businessId, outcome: interview.outcome.kind, endReason: interview.endReason, waitMs: interview.waitMs, durationMs: interview.durationMs },
    recording: { composed: relative(seen.saved.composed), streams: seen.saved.streams.map(relative), durationMs: seen.recording.durationMs, avOffsetMs: figures.avOffsetMs, sourceAvOffsetMs: figures.sourceOffset.medianMs },
    photos: [...seen.saved.originals, ...seen.saved.watermarked].map(relative),
    webhook: { delivered: seen.webhook.delivered, attempts: seen.webhook.attempts },
    timing: { answerToFirstFrameMs: seen.answerToFirstFrameMs },
  }));
} catch (error) {
  failed = true;
  console.error(error);
} finally {
  await server.stop();
  receiver.stop();
  fs.copyFileSync(path.join(work, 'server.log'), path.join(folder, 'server.log'));
  fs.rmSync(work, { recursive: true, force: true });
}
process.exit(failed ? 1 : 0);
