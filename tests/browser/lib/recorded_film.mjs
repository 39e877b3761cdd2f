// A conversation that was recorded, for tests that begin with its film.
import { waitUntil } from './server.mjs';
import { startTalking } from './talk.mjs';

const kFilmWithinMs = 60_000;

const talked = (agent, leastS) => agent.page.waitForFunction((seconds) => {
  const [minutes, rest] = document.querySelector('[data-testid="call-time"]').textContent.split(':').map(Number);
  return minutes * 60 + rest >= seconds;
}, leastS);

/** Long enough to seek in, with a photo in the middle. Resolves when the film is ready. */
export async function recordFilm(stage, { shared, businessId, talkS = 12 }) {
  const { agent, customer, interviewId } = await startTalking(stage, { businessId }, { shared });
  await talked(agent, talkS / 2);
  await agent.takePhoto();
  await talked(agent, talkS);
  await agent.conclude('passed');
  await customer.ended();
  await customer.close();
  await agent.finishWrapUp();
  await agent.close();
  const recording = await waitUntil(async () => {
    const read = await stage.integrator.call('GET', `/interviews/${interviewId}/recording`);
    return read.status === 'ready' && read;
  }, kFilmWithinMs, 'the film');
  return { interviewId, recording };
}
