import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openFrame, storageKeyInFrame } from '../frame';
import { defineElements } from './elements';
import { frameSettingsOf, frameUrl } from './frame_address';
import { kAnswerTimeoutMs } from './frame_element';
import { framed } from './messages';

const kServer = 'https://sign.bank.example:8443';
const kLink = `${kServer}/i#t=twl_1`;

// Frames are looked at, not loaded.
const browser = (window as unknown as { happyDOM?: { settings: { disableIframePageLoading: boolean } } }).happyDOM;
if (browser) browser.settings.disableIframePageLoading = true;

defineElements();
beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
  document.body.replaceChildren();
});

async function shown(
  attributes: Record<string, string> = {},
  name: 'telewitness-customer' | 'telewitness-agent' = 'telewitness-customer',
) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries({ account: 'demo', ...attributes })) element.setAttribute(key, value);
  element.link = kLink;
  const events: [string, unknown][] = [];
  for (const type of ['ready', 'state', 'ended', 'error']) {
    element.addEventListener(type, (event) => events.push([type, (event as CustomEvent).detail]));
  }
  document.body.append(element);
  await Promise.resolve();
  const frame = () => element.shadowRoot?.querySelector('iframe') ?? null;
  const say = (data: unknown, from: { origin?: string; source?: unknown } = {}) =>
    window.dispatchEvent(
      Object.assign(new Event('message'), { data, origin: kServer, source: frame()?.contentWindow, ...from }),
    );
  return { element, events, frame, say };
}

describe('the elements', () => {
  it.each([
    ['telewitness-customer', '/i/'],
    ['telewitness-agent', '/workbench/'],
  ] as const)('%s shows our page in a frame that may use devices and lead nowhere', async (name, page) => {
    const { frame } = await shown({ language: 'en', accent: '#0b6b4f' }, name);
    const url = new URL(frame()!.src);
    expect([url.origin, url.pathname, url.hash]).toEqual([kServer, page, '#t=twl_1']);
    expect(Object.fromEntries(url.searchParams)).toEqual({
      embed: 'demo',
      origin: location.origin,
      lang: 'en',
      accent: '0b6b4f',
    });
    expect(frame()!.getAttribute('allow')).toContain('camera; microphone; geolocation; display-capture; fullscreen');
    expect(frame()!.getAttribute('sandbox')).not.toContain('allow-top-navigation');
    expect(frame()!.title).not.toBe('');
  });

  it('believe only their own frame, and only from its server', async () => {
    const { events, say } = await shown();
    say(framed({ type: 'ready' }), { origin: 'https://evil.example' });
    say(framed({ type: 'ready' }), { source: window });
    say({ type: 'ready' });
    say({ source: 'telewitness', version: 2, type: 'ready' });
    say(framed({ type: 'navigate', to: 'https://evil.example' }));
    say(null);
    expect(events).toEqual([]);
    say(framed({ type: 'ready' }));
    say(framed({ type: 'state', state: 'queued' }));
    say(framed({ type: 'ended', result: { interviewId: 'itv_1' } }));
    say(framed({ type: 'error', code: 'link-expired' }));
    expect(events).toEqual([
      ['ready', null],
      ['state', { state: 'queued' }],
      ['ended', { interviewId: 'itv_1' }],
      ['error', { code: 'link-expired' }],
    ]);
  });

  it('say so when the page may not be shown here', async () => {
    const { element, events, frame } = await shown({ language: 'en' });
    vi.advanceTimersByTime(kAnswerTimeoutMs);
    expect(events).toEqual([['error', { code: 'element.no_answer' }]]);
    expect(frame()).toBeNull();
    expect(element.shadowRoot?.querySelector('[role=alert]')?.textContent).toContain('cannot be shown');
  });

  it('do not say so of a page that answered', async () => {
    const { events, say } = await shown();
    say(framed({ type: 'ready' }));
    vi.advanceTimersByTime(kAnswerTimeoutMs * 2);
    expect(events.map(([type]) => type)).toEqual(['ready']);
  });

  it.each([
    ['no account', { account: '' }],
    ['a server that is none', { server: 'javascript:alert(1)' }],
  ])('need what they need: %s', async (_name, attributes) => {
    const { events, frame } = await shown(attributes);
    expect(events).toEqual([['error', { code: 'element.incomplete' }]]);
    expect(frame()).toBeNull();
  });

  it('wait for their link', async () => {
    const element = document.createElement('telewitness-customer');
    element.setAttribute('account', 'demo');
    const failed = vi.fn();
    element.addEventListener('error', failed);
    document.body.append(element);
    await Promise.resolve();
    vi.advanceTimersByTime(kAnswerTimeoutMs);
    expect(failed).not.toHaveBeenCalled();
    element.link = kLink;
    await Promise.resolve();
    expect(element.shadowRoot?.querySelector('iframe')).not.toBeNull();
  });

  it('make one frame of several changes, and none after they were taken away', async () => {
    const { element, frame } = await shown();
    const first = frame();
    element.setAttribute('language', 'en');
    element.setAttribute('company', '演示银行');
    await Promise.resolve();
    expect(frame()).not.toBe(first);
    expect(element.shadowRoot?.querySelectorAll('iframe')).toHaveLength(1);
    expect(element.shadowRoot?.querySelector('.bar')?.textContent).toBe('演示银行');
    element.remove();
    expect(frame()).toBeNull();
  });

  it('post a wish to the server’s origin only, and not before the page is there', async () => {
    const { element, frame, say } = await shown();
    const post = vi.fn();
    Object.defineProperty(frame()!, 'contentWindow', { value: { postMessage: post } });
    element.leave();
    expect(post).not.toHaveBeenCalled();
    say(framed({ type: 'ready' }), { source: frame()!.contentWindow });
    element.leave();
    expect(post).toHaveBeenCalledExactlyOnceWith(framed({ type: 'leave' }), kServer);
  });
});

describe('a page of ours in a frame', () => {
  function pageAt(search: string, framedIn = true) {
    const told: unknown[][] = [];
    const parent = { postMessage: (...values: unknown[]) => told.push(values) };
    const target = new EventTarget() as unknown as Window & { parent: unknown };
    Object.assign(target, {
      parent: framedIn ? parent : target,
      location: { search },
      document,
    });
    return { target, parent, told };
  }
  const kSearch = '?embed=demo&origin=https%3A%2F%2Fbank.example&accent=0b6b4f';

  it('speaks to the origin it was given, and hears only that one', () => {
    const { target, parent, told } = pageAt(kSearch);
    const frame = openFrame(target)!;
    frame.tell({ type: 'ready' });
    expect(told).toEqual([[framed({ type: 'ready' }), 'https://bank.example']]);
    const wishes: unknown[] = [];
    const stop = frame.onWish((wish) => wishes.push(wish));
    const hear = (origin: string, source: unknown, data: unknown = framed({ type: 'leave' })) =>
      target.dispatchEvent(Object.assign(new Event('message'), { data, origin, source }));
    hear('https://evil.example', parent);
    hear('https://bank.example', {});
    hear('https://bank.example', parent, { type: 'leave' });
    expect(wishes).toEqual([]);
    hear('https://bank.example', parent);
    stop();
    hear('https://bank.example', parent);
    expect(wishes).toEqual([framed({ type: 'leave' })]);
    expect(document.getElementById('tw-colour-of-frame')?.textContent).toContain('--tw-primary:#0b6b4f;');
  });

  it.each([
    ['by itself', kSearch, false],
    ['without parameters', '', true],
    ['with half an origin', '?embed=demo&origin=bank.example', true],
    ['with a path', '?embed=demo&origin=https%3A%2F%2Fbank.example%2Fpath', true],
    ['with a script', '?embed=demo&origin=javascript%3Aalert(1)', true],
    ['without a company', '?origin=https%3A%2F%2Fbank.example', true],
  ])('is in none %s', (_name, search, framedIn) => {
    expect(openFrame(pageAt(search, framedIn).target)).toBeUndefined();
  });

  it('keeps what it keeps apart from the page by itself', () => {
    const frame = openFrame(pageAt(kSearch).target);
    expect(storageKeyInFrame('key', frame)).not.toBe('key');
    expect(storageKeyInFrame('key', undefined)).toBe('key');
  });
});

describe('an address of a frame', () => {
  it('is read as it was written, and drops what is no colour', () => {
    const address = {
      server: kServer,
      page: '/i/' as const,
      account: 'demo',
      parentOrigin: 'https://bank.example',
      token: 'twl_1',
    };
    expect(frameSettingsOf(new URL(frameUrl({ ...address, accent: '#0B6B4F' })).search)).toEqual({
      account: 'demo',
      parentOrigin: 'https://bank.example',
      accent: '#0B6B4F',
    });
    expect(new URL(frameUrl({ ...address, accent: 'red;x' })).searchParams.has('accent')).toBe(false);
    expect(frameSettingsOf('?embed=demo&origin=https://bank.example&accent=url(x)')?.accent).toBeUndefined();
  });
});
