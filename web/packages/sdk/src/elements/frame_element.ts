// What both elements are: a frame of the server's origin with a bar above it, in the colours of the page around it.
import { linkTokenOf, originOf } from '../integrator/client';
import { shadesOf } from '../brand';
import { frameUrl, isColour, type FrameAddress, type FrameLanguage } from './frame_address';
import { framed, readFramed, type FrameNews, type FrameWish } from './messages';

/** What the frame may use of the device; the person is asked by the browser for each. */
const kAllow = ['camera', 'microphone', 'geolocation', 'display-capture', 'fullscreen', 'autoplay', 'screen-wake-lock'];
/** It needs its scripts and its own storage; it must not lead this page elsewhere. */
const kSandbox = 'allow-scripts allow-same-origin allow-forms allow-popups allow-modals allow-downloads';
/** A page that may not be shown here says nothing: browsers tell nobody why a frame stays empty. */
export const kAnswerTimeoutMs = 20_000;

const kStyle = `
:host { display: flex; flex-direction: column; min-block-size: 480px; border: 1px solid #d5dbe4; border-radius: 8px; overflow: hidden; background: #fff }
:host([hidden]) { display: none }
.bar { display: flex; align-items: center; gap: 10px; padding: 8px 14px; color: #fff; background: var(--telewitness-accent, #1f5fbf); font: 600 15px/1.4 system-ui, sans-serif }
.bar[hidden] { display: none }
img { block-size: 28px; max-inline-size: 160px; object-fit: contain }
iframe { flex: 1; inline-size: 100%; border: 0 }
.trouble { margin: auto; padding: 24px; text-align: center; color: #16202e; font: 15px/1.6 system-ui, sans-serif }
.trouble[hidden] { display: none }`;

const kTrouble: Record<FrameLanguage, string> = {
  'zh-CN': '此页面暂时无法显示视频面签。请联系客服。',
  en: 'The video interview cannot be shown in this page. Please contact support.',
};

/** Where there is no DOM (rendering on a server), the module still loads; only defining the element needs a browser. */
const Base = (globalThis.HTMLElement ?? class {}) as typeof HTMLElement;

export abstract class FrameElement extends Base {
  static readonly observedAttributes = ['server', 'account', 'link', 'language', 'accent', 'logo', 'company'];
  #frame: HTMLIFrameElement | undefined;
  #ready = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #link = '';
  #planned = false;
  readonly #hear = (event: MessageEvent) => this.#onMessage(event);

  protected abstract readonly page: FrameAddress['page'];
  protected abstract readonly title_: Record<FrameLanguage, string>;

  /** The customer's or the agent's link. A property rather than an attribute: it is a secret, and markup is copied. */
  get link(): string {
    return this.#link || (this.getAttribute('link') ?? '');
  }
  set link(link: string) {
    this.#link = link;
    this.#plan();
  }

  /** Ends the interview from the page around it: the customer leaves the queue, or hangs up. */
  leave(): void {
    this.#post({ type: 'leave' });
  }

  connectedCallback(): void {
    globalThis.addEventListener('message', this.#hear);
    this.#plan();
  }
  disconnectedCallback(): void {
    globalThis.removeEventListener('message', this.#hear);
    this.#close();
  }
  attributeChangedCallback(_name: string, before: string | null, now: string | null): void {
    if (before !== now && this.isConnected) this.#plan();
  }

  get #language(): FrameLanguage {
    const asked = this.getAttribute('language') ?? document.documentElement.lang;
    return asked.toLowerCase().startsWith('en') ? 'en' : 'zh-CN';
  }

  /** Several attributes that change at once make one frame. */
  #plan(): void {
    if (this.#planned || !this.isConnected) return;
    this.#planned = true;
    queueMicrotask(() => {
      this.#planned = false;
      if (this.isConnected) this.#show();
    });
  }

  #show(): void {
    this.#close();
    const root = this.shadowRoot ?? this.attachShadow({ mode: 'open' });
    root.replaceChildren(this.#styleSheet(), this.#bar());
    if (!this.link) return; // it comes with the page's script
    let url: string;
    try {
      url = this.#address();
    } catch {
      return this.#fail('element.incomplete');
    }
    const frame = document.createElement('iframe');
    frame.title = this.title_[this.#language];
    frame.allow = kAllow.join('; ');
    frame.setAttribute('sandbox', kSandbox);
    frame.referrerPolicy = 'no-referrer';
    frame.src = url;
    this.#frame = frame;
    this.#timer = setTimeout(() => this.#fail('element.no_answer'), kAnswerTimeoutMs);
    root.append(frame);
  }

  #address(): string {
    const account = this.getAttribute('account');
    if (!account) throw new TypeError('account is needed');
    return frameUrl({
      server: originOf(this.getAttribute('server') ?? new URL(this.link).origin),
      page: this.page,
      account,
      parentOrigin: globalThis.location.origin,
      language: this.#language,
      accent: this.getAttribute('accent') ?? undefined,
      token: linkTokenOf(this.link),
    });
  }

  #styleSheet(): HTMLStyleElement {
    const style = document.createElement('style');
    style.textContent = kStyle;
    return style;
  }

  #bar(): HTMLElement {
    const bar = document.createElement('div');
    bar.className = 'bar';
    const accent = this.getAttribute('accent');
    if (isColour(accent)) bar.style.background = shadesOf(accent, 'light').header;
    const [logo, company] = [this.getAttribute('logo'), this.getAttribute('company')];
    if (logo) {
      const image = document.createElement('img');
      image.src = logo;
      image.alt = company ? '' : (this.getAttribute('account') ?? '');
      bar.append(image);
    }
    if (company) bar.append(company);
    bar.hidden = !logo && !company;
    return bar;
  }

  #onMessage(event: MessageEvent): void {
    const frame = this.#frame;
    if (!frame || event.source !== frame.contentWindow || event.origin !== new URL(frame.src).origin) return;
    const news = readFramed<FrameNews>(event.data, ['ready', 'state', 'ended', 'error']);
    if (!news) return;
    if (!this.#ready) {
      this.#ready = true;
      clearTimeout(this.#timer);
    }
    if (news.type === 'ready') this.#tell('ready', undefined);
    else if (news.type === 'state') this.#tell('state', { state: news.state });
    else if (news.type === 'ended') this.#tell('ended', news.result);
    else this.#tell('error', { code: news.code });
  }

  #post(wish: FrameWish): void {
    const frame = this.#frame;
    if (frame && this.#ready) frame.contentWindow?.postMessage(framed(wish), new URL(frame.src).origin);
  }

  #fail(code: string): void {
    this.#close();
    const trouble = document.createElement('p');
    trouble.className = 'trouble';
    trouble.setAttribute('role', 'alert');
    trouble.textContent = kTrouble[this.#language];
    this.shadowRoot?.append(trouble);
    this.#tell('error', { code });
  }

  #close(): void {
    clearTimeout(this.#timer);
    this.#frame?.remove();
    this.#frame = undefined;
    this.#ready = false;
  }

  #tell(name: string, detail: unknown): void {
    // Not bubbling, as media elements' events: a window's own `error` means something else.
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}
