import { enableAutoUnmount, flushPromises } from '@vue/test-utils';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ref } from 'vue';
import type { Chimes } from '../composables/use_chime';
import { NoAnswer, Refused, type NetworkProbe } from '../logic/network_check';
import { byTest, show } from '../testing';
import BrowserApp from './BrowserApp.vue';
import LinkElsewhere from './LinkElsewhere.vue';
import NetworkCheckCard from './NetworkCheckCard.vue';
import SpeakerCheck from './SpeakerCheck.vue';
import TroubleView from './TroubleView.vue';

const kWechat =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 MicroMessenger/8.0.49';
const kSafari =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1';
const kChrome = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/126.0.0.0 Safari/537.36';

function browse(userAgent: string) {
  vi.spyOn(navigator, 'userAgent', 'get').mockReturnValue(userAgent);
}

enableAutoUnmount(afterEach);
/** The browser remembers the refusals that these tests are about. */
beforeEach(() => {
  vi.spyOn(navigator.permissions, 'query').mockImplementation(
    async () => Object.assign(new EventTarget(), { state: 'denied' }) as PermissionStatus,
  );
});
afterEach(() => void vi.restoreAllMocks());

describe('a browser that cannot hold an interview', () => {
  beforeEach(() => window.history.replaceState(null, '', '/i/'));

  it('in an app: its menu, and the whole link back in the address for it', () => {
    browse(kWechat);
    const page = show(BrowserApp, { lacks: ['devices'], linkToken: 'twl_1.x' });
    expect(page.find(byTest('browser-page')).attributes('data-way')).toBe('menu');
    expect(page.find('h1').text()).toContain('browser');
    expect(page.find(byTest('browser-steps')).text()).toContain('···');
    expect(page.text()).toContain('WeChat');
    expect(window.location.hash).toBe('#t=twl_1.x');
    expect((page.find(byTest('link-text')).element as HTMLTextAreaElement).value).toMatch(/\/i\/#t=twl_1\.x$/);
    expect(page.find(byTest('link-qr')).exists()).toBe(true);
  });

  it('an old one on a computer: another browser or the phone', () => {
    browse(kChrome);
    const page = show(BrowserApp, { lacks: ['calls'], linkToken: 'twl_1.x' });
    expect(page.find(byTest('browser-page')).attributes('data-way')).toBe('old');
    expect(page.find(byTest('browser-steps')).exists()).toBe(false);
    expect(page.find(byTest('link-copy')).exists()).toBe(true);
  });

  it('without https nothing but https helps', () => {
    browse(kWechat);
    const page = show(BrowserApp, { lacks: ['secure'], linkToken: 'twl_1.x' });
    expect(page.find(byTest('browser-page')).attributes('data-way')).toBe('insecure');
    expect(page.find(byTest('link-copy')).exists()).toBe(false);
  });

  it('in an integrator’s page it says so to that page, without the link', async () => {
    browse(kChrome);
    const told: unknown[] = [];
    const around = { postMessage: (message: unknown, origin: string) => told.push([origin, message]) };
    vi.stubGlobal('parent', around);
    window.history.replaceState(null, '', '/i/?embed=demo&origin=https%3A%2F%2Fbank.example');
    vi.resetModules(); // the frame is found once a page
    const { default: Framed } = await import('./BrowserApp.vue');
    show(Framed, { lacks: ['calls'], linkToken: 'twl_1.x' });
    expect(told).toMatchObject([
      ['https://bank.example', { source: 'telewitness', type: 'ready' }],
      ['https://bank.example', { source: 'telewitness', type: 'error', code: 'browser-unsupported' }],
    ]);
    expect(JSON.stringify(told)).not.toContain('twl_1');
  });

  it('without a link there is none to show', () => {
    browse(kSafari);
    const page = show(BrowserApp, { lacks: ['devices'], linkToken: undefined });
    expect(page.find(byTest('browser-page')).attributes('data-way')).toBe('paste');
    expect(page.find(byTest('link-text')).exists()).toBe(false);
    expect(window.location.hash).toBe('');
  });
});

describe('the link', () => {
  it('is copied, or selected for the person to copy', async () => {
    const copy = vi.fn(async () => true);
    const page = show(LinkElsewhere, { link: 'https://a.example/i/#t=x', better: 'Safari', copy });
    expect(page.find(byTest('link-result')).text()).toBe('');
    await page.find(byTest('link-copy')).trigger('click');
    await flushPromises();
    expect(copy).toHaveBeenCalledExactlyOnceWith('https://a.example/i/#t=x');
    expect(page.find(byTest('link-result')).text()).toContain('Safari');
    copy.mockResolvedValue(false);
    await page.find(byTest('link-copy')).trigger('click');
    await flushPromises();
    expect(page.find(byTest('link-result')).text()).toContain('Hold a finger');
  });
});

describe('refused devices', () => {
  const link = 'https://a.example/i/#t=x';

  it('both for one reason are one page; a press tries again without a reload', async () => {
    browse(kChrome);
    const page = show(TroubleView, { troubles: { camera: 'denied', microphone: 'denied' }, link });
    expect(page.findAll('h1').map((heading) => heading.text())).toEqual([
      'No permission for the camera and microphone',
    ]);
    expect(page.find(byTest('trouble-both')).text()).toContain('Camera and Microphone');
    expect(page.find(byTest('device-reload')).exists()).toBe(false);
    await page.find(byTest('device-again')).trigger('click');
    expect(page.emitted('again')).toHaveLength(1);
  });

  it('for two reasons: one heading of the page, both explained', () => {
    browse(kChrome);
    const page = show(TroubleView, { troubles: { camera: 'system', microphone: 'missing' }, link });
    expect(page.findAll('h1')).toHaveLength(1);
    expect(page.find(byTest('trouble-camera')).attributes('data-trouble')).toBe('system');
    expect(page.find(byTest('trouble-microphone')).attributes('data-trouble')).toBe('missing');
  });

  it('where the browser asks only once, a reload is offered first', async () => {
    browse(kSafari);
    const reload = vi.fn();
    const page = show(TroubleView, { troubles: { camera: 'denied' }, link, reload });
    expect(page.text()).toContain('Website Settings');
    await page.find(byTest('device-reload')).trigger('click');
    expect(reload).toHaveBeenCalledTimes(1);
  });

  it('in an app another browser is at hand at once', () => {
    browse(kWechat);
    const page = show(TroubleView, { troubles: { camera: 'denied' }, link });
    expect(page.find(byTest('other-device')).attributes('open')).toBeDefined();
    expect(page.text()).toContain('WeChat');
  });

  it('inside a page that keeps the devices: a window of its own', () => {
    browse(kChrome);
    const page = show(TroubleView, { troubles: { camera: 'policy', microphone: 'policy' }, link });
    expect(page.find(byTest('new-window')).attributes()).toMatchObject({ href: link, target: '_blank' });
  });

  it.each(['zh-CN', 'en'] as const)('nothing that is filled in is left open, in %s', (language) => {
    for (const userAgent of [kWechat, kSafari, kChrome])
      for (const trouble of ['denied', 'dismissed', 'system', 'policy', 'missing', 'busy', 'failed']) {
        browse(userAgent);
        const page = show(TroubleView, { troubles: { camera: trouble }, link }, language);
        expect([trouble, page.text().match(/\{\w+\}|trouble\.|elsewhere\./)]).toEqual([trouble, null]);
        page.unmount();
      }
  });
});

describe('the speaker', () => {
  const chimes = (heard: boolean) =>
    ({
      blocked: ref(!heard),
      prepare: vi.fn(),
      enable: vi.fn(),
      rest: vi.fn(),
      play: vi.fn(async () => heard),
    }) satisfies Chimes;

  it('plays, asks, and says what helps when it was not heard', async () => {
    const page = show(SpeakerCheck, { chimes: chimes(true) });
    const step = () => page.find(byTest('speaker-check')).attributes('data-step');
    await page.find(byTest('speaker-play')).trigger('click');
    await flushPromises();
    expect(step()).toBe('ask');
    await page.find(byTest('speaker-no')).trigger('click');
    expect(page.text()).toContain('volume');
    await page.find(byTest('speaker-play')).trigger('click');
    await flushPromises();
    await page.find(byTest('speaker-yes')).trigger('click');
    expect([step(), page.text()]).toEqual(['good', 'You can hear us']);
  });

  it('does not ask after a sound that the browser did not play', async () => {
    const page = show(SpeakerCheck, { chimes: chimes(false) });
    await page.find(byTest('speaker-play')).trigger('click');
    await flushPromises();
    expect(page.find(byTest('speaker-check')).attributes('data-step')).toBe('blocked');
    expect(page.find(byTest('speaker-yes')).exists()).toBe(false);
  });
});

describe('the network', () => {
  const quick: NetworkProbe = { ping: async () => undefined, send: async () => undefined };

  it('is measured by itself and told in words', async () => {
    const page = show(NetworkCheckCard, { probe: quick });
    expect(page.find(byTest('network-check')).attributes('data-level')).toBe('running');
    await vi.waitUntil(() => page.find(byTest('network-check')).attributes('data-level') === 'good');
    expect(page.find(byTest('network-facts')).text()).toMatch(/Round trip \d+ ms · about 0% lost · \d+ Mb\/s up/);
    expect(page.find(byTest('network-help')).exists()).toBe(false);
  });

  it('that brings nothing says what helps, and can be tried again', async () => {
    const probe = { ...quick, ping: vi.fn(() => Promise.reject(new NoAnswer())) };
    const page = show(NetworkCheckCard, { probe });
    await vi.waitUntil(() => page.find(byTest('network-check')).attributes('data-level') === 'none');
    expect(page.find(byTest('network-help')).text()).toContain('Check your network');
    expect(page.find(byTest('network-facts')).exists()).toBe(false);
    const before = probe.ping.mock.calls.length;
    await page.find(byTest('network-again')).trigger('click');
    expect(probe.ping.mock.calls.length).toBeGreaterThan(before);
  });

  it('a server that refuses says nothing bad of it', async () => {
    const page = show(NetworkCheckCard, { probe: { ...quick, ping: () => Promise.reject(new Refused()) } });
    await vi.waitUntil(() => page.find(byTest('network-check')).attributes('data-level') === 'unknown');
    expect(page.find(byTest('network-help')).exists()).toBe(false);
  });

  it('ends when the page is left', async () => {
    let signal: AbortSignal | undefined;
    const probe = {
      ...quick,
      ping: (given: AbortSignal) => {
        signal = given;
        return new Promise<void>(() => {});
      },
    };
    const page = show(NetworkCheckCard, { probe });
    page.unmount();
    expect(signal?.aborted).toBe(true);
  });
});
