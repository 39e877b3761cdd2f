// One interview from the link to the composed film through both pages, and what can be measured of it.
import fs from 'node:fs';
import path from 'node:path';
import { AgentPage } from './agent_page.mjs';
import { avOffset, counterIn, probe } from './av_offset.mjs';
import { CustomerPage } from './customer_page.mjs';
import { Api } from './server.mjs';

/** Where the customer's picture lies in the composed film: inside the left half, away from captions and the mark. */
const kCustomerTile = '560:260:40:230';
const kCounterModulo = 2 ** 32;
const kCameraWidth = 1280;

export const kSections = [
  { kind: 'order', title: '订单', fields: [{ label: '订单号', value: 'LN-2026-000117' }, { label: '申请时间', value: '2026-11-20' }] },
  { kind: 'product', title: '产品', fields: [{ label: '名称', value: '个人经营贷' }, { label: '金额', value: '¥200,000.00' }, { label: '期限', value: '24 个月' }] },
  { kind: 'borrower', title: '借款人', fields: [{ label: '姓名', value: '王小明' }, { label: '证件尾号', value: '****1234' }] },
  { kind: 'guarantor', title: '担保人', fields: [{ label: '姓名', value: '李华' }] },
  { kind: 'company', title: '企业', fields: [{ label: '名称', value: '示例贸易有限公司' }] },
  { kind: 'corporate_guarantor', title: '企业担保', fields: [{ label: '名称', value: '示例担保有限公司' }] },
];

export async function createInterview(integrator, changes = {}) {
  const queue = (await integrator.call('GET', '/queues')).items[0];
  return integrator.call('POST', '/interviews', {
    businessId: 'LN-2026-000117', assistId: 'A-7', queueId: queue.id, companyName: '演示银行', nickName: 'wang-01', sections: kSections, ...changes,
  });
}

/** Goes the whole way and leaves everything in `folder`. Resolves with what was seen. */
export async function holdInterview({ server, demo, receiver, folder, talkMs, onStep = () => {} }) {
  const integrator = new Api(server.origin, demo.apiKey);
  const endpoint = await integrator.call('POST', '/webhook-endpoints', { url: receiver.url });
  receiver.secret = endpoint.secret;
  const created = await createInterview(integrator);
  const interviewId = created.interview.id;

  const [customer, agent] = await Promise.all([CustomerPage.open(), AgentPage.open()]);
  try {
    await agent.signIn(server.origin, demo.account, demo.agent);
    await agent.goOnline();
    onStep('the agent is online');
    await customer.queue(created.customerLink.url);
    onStep('the customer waits');
    await agent.answer();
    await customer.inCall();
    const answerToFirstFrameMs = await agent.answerToFirstFrameMs();
    onStep(`they see each other after ${answerToFirstFrameMs} ms`);

    const recording = customer.recordSource(talkMs);
    await new Promise((resolve) => setTimeout(resolve, talkMs / 2));
    await agent.seesWidth(kCameraWidth); // a busy sender begins with the small picture
    const clickedAt = await agent.takePhoto();
    onStep('a photo is there');
    await agent.page.screenshot({ path: path.join(folder, 'workbench-call.png') });
    await customer.page.screenshot({ path: path.join(folder, 'customer-call.png') });
    fs.writeFileSync(path.join(folder, 'source.webm'), await recording);
    await agent.conclude('passed');
    await customer.ended();
    await agent.finishWrapUp();
    onStep('passed');

    const ready = await receiver.waitFor('recording.ready', interviewId);
    onStep('the film is ready');
    const files = await fetchEverything(integrator, interviewId, folder);
    return { interviewId, answerToFirstFrameMs, clickedAt, webhook: ready, ...files };
  } finally {
    await Promise.all([customer.close(), agent.close()]);
  }
}

async function fetchEverything(integrator, interviewId, folder) {
  const interview = await integrator.call('GET', `/interviews/${interviewId}`);
  const recording = await integrator.call('GET', `/interviews/${interviewId}/recording`);
  const timeline = await integrator.call('GET', `/interviews/${interviewId}/timeline`);
  fs.writeFileSync(path.join(folder, 'interview.json'), JSON.stringify(interview, null, 2));
  fs.writeFileSync(path.join(folder, 'timeline.json'), JSON.stringify(timeline, null, 2));
  const saved = { composed: null, streams: [], originals: [], watermarked: [] };
  for (const file of recording.files) {
    const target = path.join(folder, file.name);
    await integrator.download(file.url, target);
    if (file.kind === 'composed') saved.composed = target;
    else saved.streams.push(target);
  }
  for (const photo of (await integrator.call('GET', `/interviews/${interviewId}/photos`)).items) {
    for (const variant of ['original', 'watermarked']) {
      const target = path.join(folder, `${photo.id}-${variant}.jpg`);
      await integrator.download(photo[`${variant}Url`], target);
      saved[variant === 'original' ? 'originals' : variant].push(target);
    }
  }
  return { interview, recording, timeline, saved };
}

/** Figures that are measured with tools that are not ours. */
export async function measure(seen, folder) {
  const composed = await avOffset(seen.saved.composed, kCustomerTile);
  const source = await avOffset(path.join(folder, 'source.webm'));
  const film = await probe(seen.saved.composed);
  const photo = (await probe(seen.saved.originals[0])).streams[0];
  const counter = await counterIn(seen.saved.originals[0]);
  return {
    composedOffset: composed,
    sourceOffset: source,
    avOffsetMs: Math.round((composed.medianMs - source.medianMs) * 10) / 10,
    filmDurationMs: Math.round(Number(film.format.duration) * 1000),
    photo: { width: photo.width, height: photo.height },
    photoBehindClickMs: (((counter - (seen.clickedAt % kCounterModulo)) % kCounterModulo) + kCounterModulo + kCounterModulo / 2) % kCounterModulo - kCounterModulo / 2,
  };
}
