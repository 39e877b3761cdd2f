// Whose browser this is. It chooses words only ("tap … in the corner"): what a browser can do is asked of the browser, in capability.ts.

/** Apps that show pages in a browser of their own; `webview` is one that does not say its name. */
export type AppName = 'wechat' | 'alipay' | 'qq' | 'dingtalk' | 'weibo' | 'facebook' | 'webview';
export type BrowserName = 'chrome' | 'edge' | 'firefox' | 'safari' | 'other';
export type SystemName = 'ios' | 'android' | 'mac' | 'windows' | 'other';

export interface Browser {
  app: AppName | undefined;
  name: BrowserName;
  system: SystemName;
}

export interface BrowserFacts {
  userAgent: string;
  /** An iPad says that it is a Mac; no Mac has a touch screen. */
  touchPoints: number;
}

/** First match wins: WeChat's browser for Android also names QQ's. */
const kApps: readonly (readonly [RegExp, AppName])[] = [
  [/MicroMessenger/i, 'wechat'],
  [/AlipayClient/i, 'alipay'],
  [/DingTalk/i, 'dingtalk'],
  [/Weibo/i, 'weibo'],
  [/\sQQ\//, 'qq'], // not MQQBrowser, which is a whole browser
  [/\bFB(AN|AV|_IAB)\b/, 'facebook'],
];

/** Edge names Chrome and Safari too, Chrome names Safari: the most particular first. */
const kNames: readonly (readonly [RegExp, BrowserName])[] = [
  [/\bEdg(e|A|iOS)?\//, 'edge'],
  [/\b(Firefox|FxiOS)\//, 'firefox'],
  [/\b(SamsungBrowser|OPR|MQQBrowser|UCBrowser|MiuiBrowser|HuaweiBrowser|VivoBrowser|HeyTapBrowser)\//, 'other'],
  [/\b(Chrome|Chromium|CriOS)\//, 'chrome'],
  [/\bVersion\/[\d.]+.*\bSafari\//, 'safari'],
];

export function browserOf({ userAgent, touchPoints }: BrowserFacts): Browser {
  const first = <Value>(table: readonly (readonly [RegExp, Value])[]) =>
    table.find(([pattern]) => pattern.test(userAgent))?.[1];
  const system = systemOf(userAgent, touchPoints);
  return { app: first(kApps) ?? unnamedApp(userAgent, system), name: first(kNames) ?? 'other', system };
}

function systemOf(userAgent: string, touchPoints: number): SystemName {
  if (/iPhone|iPad|iPod/.test(userAgent)) return 'ios';
  if (/Android|HarmonyOS/.test(userAgent)) return 'android';
  if (/Macintosh/.test(userAgent)) return touchPoints > 1 ? 'ios' : 'mac';
  return /Windows/.test(userAgent) ? 'windows' : 'other';
}

/** A browser for iOS says "Safari/" at its end, an app's view does not; one of Android says "wv". */
function unnamedApp(userAgent: string, system: SystemName): AppName | undefined {
  if (system === 'ios' && /AppleWebKit/.test(userAgent) && !/Safari\//.test(userAgent)) return 'webview';
  return system === 'android' && /; wv\)/.test(userAgent) ? 'webview' : undefined;
}

export function isPhone({ system }: Browser): boolean {
  return system === 'ios' || system === 'android';
}

/** The browser that such a device has for certain, by its own name. */
export function betterBrowserOf({ system }: Browser): string {
  if (system === 'ios') return 'Safari';
  return system === 'windows' ? 'Edge' : 'Chrome';
}

export function thisBrowser(target: Pick<Navigator, 'userAgent' | 'maxTouchPoints'> = navigator): Browser {
  return browserOf({ userAgent: target.userAgent, touchPoints: target.maxTouchPoints });
}
