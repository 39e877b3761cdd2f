import { ProblemError } from '@telewitness/client';
import { enableAutoUnmount, flushPromises } from '@vue/test-utils';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ref, shallowRef } from 'vue';
import type { Devices } from '../composables/use_devices';
import * as asking from '../logic/confirm';
import { byTest, customerState, show } from '../testing';
import { factsOfCustomer } from '../logic/call_facts';
import TroubleShort from '../components/TroubleShort.vue';
import CallView from './CallView.vue';
import ConsentView from './ConsentView.vue';
import DeviceView from './DeviceView.vue';
import EndView from './EndView.vue';
import OtherDeviceView from './OtherDeviceView.vue';
import PlaceView from './PlaceView.vue';
import ProblemView from './ProblemView.vue';
import QueueView from './QueueView.vue';
import RingView from './RingView.vue';

const idle = { busy: false, problem: undefined };
const fakeDevices = (more: Partial<Record<keyof Devices, unknown>> = {}) =>
  ({
    status: ref('ready'),
    stream: shallowRef(undefined),
    troubles: shallowRef({}),
    muted: ref(false),
    facing: ref('user'),
    mirrored: ref(true),
    canSwitchCamera: ref(false),
    start: vi.fn(async () => true),
    reopen: vi.fn(async () => true),
    switchCamera: vi.fn(),
    setMuted: vi.fn(),
    stop: vi.fn(),
    ...more,
  }) as unknown as Devices;

function answer(yes: boolean) {
  return vi.spyOn(asking, 'confirm').mockResolvedValue(yes);
}

enableAutoUnmount(afterEach);
/** The browser remembers the refusals that these tests are about. */
beforeEach(() => {
  vi.spyOn(navigator.permissions, 'query').mockImplementation(
    async () => Object.assign(new EventTarget(), { state: 'denied' }) as PermissionStatus,
  );
});

describe('every page', () => {
  it('puts the focus on its heading, so that a screen reader says where one is', () => {
    const page = show(ConsentView, { state: customerState(), ...idle });
    expect(document.activeElement).toBe(page.find('h1').element);
  });
});

describe('consent', () => {
  it.each([
    ['zh-CN', '3', '告知'],
    ['en', '4', 'Notice'],
  ] as const)('in %s is given to the text that was shown', async (language, version, text) => {
    const page = show(ConsentView, { state: customerState(), ...idle }, language);
    expect(page.find('article').text()).toContain(text);
    expect(page.find('article').text()).toContain(version);
    await page.find(byTest('consent-accept')).trigger('click');
    expect(page.emitted('answer')![0]).toMatchObject([true, { version, language }]);
  });

  it('is refused only after a question', async () => {
    const asked = answer(false);
    const page = show(ConsentView, { state: customerState(), ...idle });
    await page.find(byTest('consent-refuse')).trigger('click');
    await flushPromises();
    expect(asked).toHaveBeenCalledTimes(1);
    expect(page.emitted('answer')).toBeUndefined();
    asked.mockResolvedValue(true);
    await page.find(byTest('consent-refuse')).trigger('click');
    await flushPromises();
    expect(page.emitted('answer')![0]).toMatchObject([false, { version: '4' }]);
  });

  it('without a text cannot be given', () => {
    const page = show(ConsentView, { state: customerState({ consentTexts: [] }), ...idle });
    expect(page.find(byTest('consent-accept')).attributes('disabled')).toBeDefined();
  });

  it('that failed says why', () => {
    const problem = new ProblemError({ code: 'server.internal', status: 500, requestId: 'r7' });
    const page = show(ConsentView, { state: customerState(), busy: false, problem });
    expect(page.find('[role=alert]').text()).toContain('r7');
  });
});

describe('devices', () => {
  it('are switched on by themselves and confirmed by a press', async () => {
    const devices = fakeDevices({ status: ref('off') });
    const page = show(DeviceView, { devices, inProgress: false });
    expect(devices.start).toHaveBeenCalledTimes(1);
    expect(page.find(byTest('device-continue')).attributes('disabled')).toBeDefined();
    devices.status.value = 'ready';
    await flushPromises();
    await page.find(byTest('device-continue')).trigger('click');
    expect(page.emitted('continue')).toHaveLength(1);
  });

  it('trouble has a page of its own, loaded then, and is tried again by a press', async () => {
    const devices = fakeDevices({
      status: ref('trouble'),
      troubles: shallowRef({ camera: 'denied', microphone: 'busy' }),
    });
    const page = show(DeviceView, { devices, inProgress: false });
    await vi.waitUntil(() => page.find(byTest('trouble-page')).exists());
    expect(page.find(byTest('device-continue')).exists()).toBe(false);
    expect(page.find('h1').text()).toBe('No permission for the camera');
    await page.find(byTest('device-again')).trigger('click');
    expect(devices.start).toHaveBeenCalledTimes(1);
    devices.status.value = 'ready';
    await flushPromises();
    expect(page.find(byTest('trouble-page')).exists()).toBe(false);
    expect(page.find(byTest('device-continue')).attributes('disabled')).toBeUndefined();
  });

  it('the other checks keep nobody from going on, and a third party’s network is not tried', async () => {
    const page = show(DeviceView, { devices: fakeDevices(), inProgress: false });
    expect(page.find(byTest('device-continue')).attributes('disabled')).toBeUndefined();
    await vi.waitUntil(() => page.find(byTest('speaker-check')).exists());
    expect(page.find(byTest('network-check')).exists()).toBe(false);
    const again = show(DeviceView, { devices: fakeDevices(), inProgress: true });
    await flushPromises();
    expect(again.find(byTest('speaker-check')).exists()).toBe(false);
  });

  it('where their pages cannot be loaded, a sentence says what is wrong', async () => {
    const page = show(TroubleShort, { troubles: { camera: 'system', microphone: 'busy' } });
    expect(page.find(byTest('trouble-camera')).text()).toMatch(/system.*camera/is);
    expect(page.find(byTest('trouble-microphone')).text()).toMatch(/Another app.*microphone/s);
    await page.find(byTest('device-again')).trigger('click');
    expect(page.emitted('again')).toHaveLength(1);
  });
});

describe('the place', () => {
  const found = (accuracy: number) => ({ coords: { latitude: 31.2, longitude: 121.4, accuracy } });
  const tools = (answer: { code: number } | { coords: object }, permission = 'denied') => ({
    geolocation: {
      getCurrentPosition: (yes: (at: unknown) => void, no: (error: unknown) => void) =>
        'code' in answer ? no(answer) : yes(answer),
    },
    permissions: { query: async () => Object.assign(new EventTarget(), { state: permission }) },
  });
  async function press(page: ReturnType<typeof show>) {
    await page.find(byTest('place-allow')).trigger('click');
    await vi.waitUntil(() => page.emitted('report') || page.find(`${byTest('place-trouble')} h1`).exists());
  }

  it('can be left out where the tenant allows it', async () => {
    const page = show(PlaceView, { required: false, ...idle });
    await page.find(byTest('place-skip')).trigger('click');
    expect(page.emitted('report')).toEqual([[{ status: 'refused', reason: 'refused' }]]);
  });

  it.each([
    ['refused', { code: 1 }, 'denied', 'No permission for the location'],
    ['system', { code: 1 }, 'granted', 'The system does not allow the location'],
    ['unavailable', { code: 2 }, 'granted', 'Your place cannot be found'],
    ['timedOut', { code: 3 }, 'granted', 'Finding your place takes too long'],
  ])('%s where it is needed explains what to press', async (trouble, answer, permission, heading) => {
    const page = show(PlaceView, { required: true, ...idle, tools: tools(answer, permission) });
    await press(page);
    expect(page.find(byTest('place-trouble')).attributes('data-trouble')).toBe(trouble);
    expect(page.find('h1').text()).toBe(heading);
    expect(page.findAll(`${byTest('place-trouble')} li`).length).toBeGreaterThan(1);
    expect(page.find(byTest('place-skip')).exists()).toBe(false);
    expect(page.emitted('report')).toBeUndefined();
  });

  it('that is only rough is offered as it is, and a better one is taken at once', async () => {
    const page = show(PlaceView, { required: true, ...idle, tools: tools(found(3_400), 'granted') });
    await press(page);
    expect(page.find(byTest('place-trouble')).text()).toContain('3.4');
    await page.find(byTest('place-rough')).trigger('click');
    expect(page.emitted('report')![0]).toEqual([
      { status: 'given', latitude: 31.2, longitude: 121.4, accuracyM: 3_400 },
    ]);
    const exact = show(PlaceView, { required: true, ...idle, tools: tools(found(20), 'granted') });
    await press(exact);
    expect(exact.emitted('report')).toHaveLength(1);
    expect(exact.find(byTest('place-trouble')).exists()).toBe(false);
  });

  it('that was not found is told as such when it is left out', async () => {
    const page = show(PlaceView, { required: false, ...idle, tools: tools({ code: 3 }, 'granted') });
    await press(page);
    await page.find(byTest('place-skip')).trigger('click');
    expect(page.emitted('report')).toEqual([[{ status: 'unavailable', reason: 'timed_out' }]]);
  });

  it('that is too rough to give is told as such when it is left out', async () => {
    const page = show(PlaceView, { required: false, ...idle, tools: tools(found(3_400), 'granted') });
    await press(page);
    await page.find(byTest('place-skip')).trigger('click');
    expect(page.emitted('report')).toEqual([[{ status: 'refused', reason: 'inaccurate' }]]);
  });
});

describe('the queue', () => {
  const queued = (more = {}) =>
    customerState({ status: 'queued', queuedAt: '2026-01-01T00:00:00Z', agentsOnline: 2, position: 3, ...more });
  const at = Date.parse('2026-01-01T00:01:05Z');

  it('shows position, waiting time and agents, and says the position aloud', () => {
    const page = show(QueueView, { state: queued(), nowMs: at, ...idle });
    expect(page.find(byTest('queue-position')).text()).toBe('3');
    expect(page.find(byTest('queue-waited')).text()).toBe('1:05');
    expect(page.find(byTest('queue-agents')).text()).toBe('2');
    expect(page.find(byTest('queue-spoken')).text()).toBe(
      'You are number 3 in the queue, 2 ahead of you. Waited 1 min',
    );
    expect(page.find(byTest('queue-nobody')).exists()).toBe(false);
  });

  it('says the position once it changed, and does not talk all the time', async () => {
    const page = show(QueueView, { state: queued(), nowMs: at, ...idle });
    const spoken = () => page.find(byTest('queue-spoken')).text();
    const first = spoken();
    await page.setProps({ nowMs: at + 40_000 });
    expect(spoken()).toBe(first);
    await page.setProps({ state: queued({ position: 2 }), nowMs: at + 41_000 });
    expect(spoken()).toContain('number 2');
    await page.setProps({ state: queued({ position: 3 }), nowMs: at + 42_000 });
    expect(spoken()).toContain('number 2');
    await page.setProps({ state: queued({ position: 1 }), nowMs: at + 43_000 });
    expect(spoken()).toContain('You are next');
  });

  it('offers sound where the browser keeps silent, and asks whether one is still there', async () => {
    const page = show(QueueView, { state: queued(), nowMs: at, ...idle });
    expect(page.find(byTest('sound-blocked')).exists()).toBe(false);
    expect(page.find(byTest('still-there')).exists()).toBe(false);
    await page.setProps({ soundBlocked: true, asking: true });
    await page.find(byTest('sound-enable')).trigger('click');
    await page.find(byTest('still-here')).trigger('click');
    expect([page.emitted('enableSound')?.length, page.emitted('here')?.length]).toEqual([1, 1]);
    expect(page.find(byTest('still-there')).attributes('role')).toBe('alert');
    expect(page.emitted('leave')).toBeUndefined();
  });

  it('has its own words when nobody is online', () => {
    const page = show(QueueView, { state: queued({ agentsOnline: 0 }), nowMs: at, ...idle });
    expect(page.find(byTest('queue-nobody')).exists()).toBe(true);
  });

  it('has its own words after the agent was lost', () => {
    const page = show(QueueView, {
      state: queued({ reconnecting: true, position: 1, agentsOnline: 0 }),
      nowMs: at,
      ...idle,
    });
    expect(page.find('h1').text()).toContain('connection was lost');
    expect(page.find(byTest('queue-returning')).exists()).toBe(true);
    expect(page.find(byTest('queue-nobody')).exists()).toBe(false);
  });

  it('is left only after a question', async () => {
    const asked = answer(false);
    const page = show(QueueView, { state: queued(), nowMs: at, ...idle });
    await page.find(byTest('queue-leave')).trigger('click');
    await flushPromises();
    expect(page.emitted('leave')).toBeUndefined();
    asked.mockResolvedValue(true);
    await page.find(byTest('queue-leave')).trigger('click');
    await flushPromises();
    expect(page.emitted('leave')).toHaveLength(1);
  });

  it('that could not be entered can be tried again', async () => {
    const problem = new ProblemError({ code: 'network.unreachable', status: 0 });
    const page = show(QueueView, { state: customerState(), nowMs: at, busy: false, problem });
    await page.find(byTest('queue-retry')).trigger('click');
    expect(page.emitted('retry')).toHaveLength(1);
  });
});

it('the ring says when the own picture is ready', async () => {
  const page = show(RingView, { own: undefined, mirrored: true, callState: 'connecting' });
  const before = page.find('[role=status]').text();
  await page.setProps({ callState: 'connected' });
  expect(page.find('[role=status]').text()).not.toBe(before);
});

describe('the call', () => {
  const talking = (more = {}) =>
    customerState({
      status: 'talking',
      answeredAt: '2026-01-01T00:00:00Z',
      agentName: '李',
      agentConnection: 'connected',
      ...more,
    });
  const props = (more = {}) => ({
    facts: factsOfCustomer(talking()),
    devices: fakeDevices(),
    streams: [{ participant: 'agent', name: 'camera', stream: undefined, state: 'connected' }],
    sharing: false,
    levels: {},
    self: 'customer',
    callState: 'connected',
    socket: 'connected',
    nowMs: Date.parse('2026-01-01T00:02:03Z'),
    busy: false,
    ...more,
  });

  it('shows that it is recorded, and for how long', () => {
    const page = show(CallView, props());
    expect(page.find(byTest('rec-sign')).text()).toBe('REC');
    expect(page.find(byTest('call-elapsed')).text()).toBe('2:03');
    expect(page.find(byTest('call-overlay')).exists()).toBe(false);
    expect(page.find(byTest('switch-camera')).exists()).toBe(false);
  });

  it.each([
    ['lost', { callState: 'reconnecting' }],
    ['agent-lost', { facts: factsOfCustomer(talking({ agentConnection: 'lost' })) }],
    ['camera-lost', { devices: fakeDevices({ status: ref('trouble') }) }],
  ])('says over the picture: %s', (notice, more) => {
    const page = show(CallView, props(more));
    expect(page.find(byTest('call-overlay')).attributes('data-notice')).toBe(notice);
    expect(page.find(byTest('hang-up')).exists()).toBe(true);
  });

  it('says that one is on hold or handed over, and who came and went', async () => {
    const person = (participant: string, role: string, more = {}) => ({
      participant,
      role,
      displayName: 'Guarantor Li',
      streams: [{ name: 'camera', audio: true, video: true }],
      held: false,
      ...more,
    });
    const facts = (more = {}) => factsOfCustomer(talking(more));
    const page = show(CallView, props({ facts: facts({ held: true }) }));
    expect(page.find(byTest('held')).text()).toContain('music');
    await page.setProps({ facts: facts({ transferring: true, agentConnection: 'absent' }) });
    expect(page.find(byTest('transferring')).text()).toContain('another agent');
    expect(page.find(byTest('call-overlay')).exists()).toBe(false);
    await page.setProps({ facts: facts({ people: [person('gst_1', 'guest')] }) });
    expect(page.find(byTest('call-news')).text()).toContain('Guarantor Li joined');
    await page.setProps({ facts: facts({ people: [] }) });
    expect(page.find(byTest('call-news')).text()).toContain('Guarantor Li left');
  });

  it('shows a film large with its progress, and the own network in words when it is weak', async () => {
    const player = {
      participant: 'player',
      role: 'player',
      displayName: 'Risk notice',
      streams: [{ name: 'broadcast', audio: true, video: true }],
      held: false,
    };
    const film = { title: 'Risk notice', positionMs: 30_000, durationMs: 60_000, paused: false };
    const page = show(CallView, {
      ...props({ facts: factsOfCustomer(talking({ people: [player] })), levels: { customer: 2 }, film }),
      streams: [
        { participant: 'agent', name: 'camera', stream: undefined, state: 'connected' },
        { participant: 'player', name: 'broadcast', stream: undefined, state: 'connected' },
      ],
    });
    expect(page.find(byTest('people-stage')).attributes('data-mode')).toBe('focus');
    expect(page.find('[role="progressbar"]').attributes('aria-valuenow')).toBe('50');
    expect(page.find(byTest('network')).text()).toContain('weak');
    await page.setProps({ levels: { customer: 4 } });
    expect(page.find(byTest('network')).text()).not.toContain('good');
  });

  it('without pictures shows no own picture and asks for no camera', () => {
    const page = show(CallView, props({ facts: factsOfCustomer(talking({ voiceOnly: true })) }));
    expect(page.find(byTest('own-video')).exists()).toBe(false);
    const check = show(DeviceView, { devices: fakeDevices(), inProgress: false, voiceOnly: true });
    expect(check.find('video').exists()).toBe(false);
    expect(check.text()).not.toMatch(/Camera is/);
  });

  it('mutes, changes the camera, and hangs up after a question', async () => {
    const asked = answer(false);
    const devices = fakeDevices({ canSwitchCamera: ref(true) });
    const page = show(CallView, props({ devices }));
    await page.find(byTest('mute')).trigger('click');
    expect(devices.setMuted).toHaveBeenCalledWith(true);
    await page.find(byTest('switch-camera')).trigger('click');
    expect(devices.switchCamera).toHaveBeenCalledTimes(1);
    await page.find(byTest('hang-up')).trigger('click');
    await flushPromises();
    expect(page.emitted('hangUp')).toBeUndefined();
    asked.mockResolvedValue(true);
    await page.find(byTest('hang-up')).trigger('click');
    await flushPromises();
    expect(page.emitted('hangUp')).toHaveLength(1);
  });
});

describe('the end', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());
  const ended = (more = {}) => customerState({ status: 'ended', endReason: 'concluded', ...more });
  const url = 'https://bank.example/back?sign=1';

  it.each([
    'concluded',
    'hung_up',
    'left_queue',
    'queue_timeout',
    'no_answer',
    'connection_lost',
    'consent_refused',
    'expired',
  ])('says what happened: %s', (endReason) => {
    const page = show(EndView, { state: ended({ endReason }) });
    expect(page.find(byTest('end-page')).attributes('data-reason')).toBe(endReason);
    expect(page.find('h1').text()).not.toMatch(/^end\./);
    expect(page.text()).toContain('close this page');
  });

  it('goes back by itself after a countdown that can be seen', async () => {
    const go = vi.fn();
    const page = show(EndView, { state: ended({ returnUrl: url }), go });
    await vi.advanceTimersByTimeAsync(1000);
    expect(page.find(byTest('return-countdown')).text()).toContain('7');
    await vi.advanceTimersByTimeAsync(7000);
    expect(go).toHaveBeenCalledExactlyOnceWith(url);
  });

  it('goes back at once, or stays, as one presses', async () => {
    const go = vi.fn();
    const page = show(EndView, { state: ended({ returnUrl: url }), go });
    await vi.advanceTimersByTimeAsync(0);
    await page.find(byTest('return-stay')).trigger('click');
    await vi.advanceTimersByTimeAsync(20_000);
    expect(go).not.toHaveBeenCalled();
    await page.find(byTest('return-now')).trigger('click');
    expect(go).toHaveBeenCalledTimes(1);
  });

  it('does not go to what is no web address', async () => {
    const go = vi.fn();
    const page = show(EndView, { state: ended({ returnUrl: 'javascript:alert(1)' }), go });
    await vi.advanceTimersByTimeAsync(20_000);
    expect(page.find(byTest('return-now')).exists()).toBe(false);
    expect(go).not.toHaveBeenCalled();
  });
});

describe('problems', () => {
  it.each(['link-missing', 'expired', 'unknown', 'ended', 'not-allowed'])('%s is final', (problem) => {
    const page = show(ProblemView, { problem, message: undefined, busy: false });
    expect(page.find(byTest('problem-page')).attributes('data-problem')).toBe(problem);
    expect(page.find(byTest('retry')).exists()).toBe(false);
    window.dispatchEvent(new Event('online'));
    expect(page.emitted('retry')).toBeUndefined();
  });

  it.each(['busy', 'offline', 'limited', 'server-error'])(
    '%s is tried again by a press and when the network is back',
    async (problem) => {
      const onRetry = vi.fn();
      const page = show(ProblemView, { problem, message: undefined, busy: false, onRetry });
      await page.find(byTest('retry')).trigger('click');
      window.dispatchEvent(new Event('online'));
      expect(onRetry).toHaveBeenCalledTimes(2);
      page.unmount();
      window.dispatchEvent(new Event('online'));
      expect(onRetry).toHaveBeenCalledTimes(2);
    },
  );

  it('a server that cannot be reached is asked again by itself', async () => {
    vi.useFakeTimers();
    const onRetry = vi.fn();
    const page = show(ProblemView, { problem: 'offline', message: undefined, busy: false, onRetry });
    vi.advanceTimersByTime(4_000);
    expect(onRetry).toHaveBeenCalledTimes(1);
    await page.setProps({ busy: true });
    vi.advanceTimersByTime(8_000);
    expect(onRetry).toHaveBeenCalledTimes(1);
    vi.useRealTimers();
  });

  it('shows the words of the integrator as text', () => {
    const page = show(ProblemView, { problem: 'not-allowed', message: '<b>复核中</b>', busy: false });
    expect(page.text()).toContain('<b>复核中</b>');
  });

  it('another device is taken over by a press', async () => {
    const page = show(OtherDeviceView, { kind: 'otherDevice', busy: false, canTakeOver: true });
    await page.find(byTest('take-over')).trigger('click');
    expect(page.emitted('takeOver')).toHaveLength(1);
  });
});
