import { describe, expect, it } from 'vitest';
import { betterBrowserOf, browserOf, isPhone } from './browser';

const kIphone = 'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)';
const kAndroid = 'Mozilla/5.0 (Linux; Android 14; V2309A) AppleWebKit/537.36 (KHTML, like Gecko)';
const kWindows = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)';
const kMac = 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko)';

describe('a browser is named', () => {
  it.each([
    [`${kIphone} Version/17.5 Mobile/15E148 Safari/604.1`, undefined, 'safari', 'ios'],
    [`${kIphone} CriOS/126.0 Mobile/15E148 Safari/604.1`, undefined, 'chrome', 'ios'],
    [`${kIphone} FxiOS/127.0 Mobile/15E148 Safari/605.1.15`, undefined, 'firefox', 'ios'],
    [`${kAndroid} Chrome/126.0.0.0 Mobile Safari/537.36`, undefined, 'chrome', 'android'],
    [`${kAndroid} Chrome/126.0.0.0 Mobile Safari/537.36 EdgA/126.0`, undefined, 'edge', 'android'],
    [`${kAndroid} SamsungBrowser/25.0 Chrome/121.0.0.0 Mobile Safari/537.36`, undefined, 'other', 'android'],
    ['Mozilla/5.0 (Android 14; Mobile; rv:127.0) Gecko/127.0 Firefox/127.0', undefined, 'firefox', 'android'],
    [`${kAndroid} Version/4.0 Chrome/109.0 MQQBrowser/14.9 Mobile Safari/537.36`, undefined, 'other', 'android'],
    [`${kWindows} Chrome/126.0.0.0 Safari/537.36 Edg/126.0`, undefined, 'edge', 'windows'],
    [`${kWindows} Chrome/126.0.0.0 Safari/537.36`, undefined, 'chrome', 'windows'],
    [`${kMac} Version/17.5 Safari/605.1.15`, undefined, 'safari', 'mac'],
    ['Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0', undefined, 'firefox', 'other'],
    ['', undefined, 'other', 'other'],
  ])('%s', (userAgent, app, name, system) =>
    expect(browserOf({ userAgent, touchPoints: 0 })).toEqual({ app, name, system }),
  );

  it('an iPad by its touch screen', () => {
    const userAgent = `${kMac} Version/17.5 Safari/605.1.15`;
    expect(browserOf({ userAgent, touchPoints: 5 }).system).toBe('ios');
  });
});

describe('an app around the page is named', () => {
  it.each([
    [`${kIphone} Mobile/15E148 MicroMessenger/8.0.49(0x1800312f) NetType/WIFI`, 'wechat'],
    [`${kAndroid} Chrome/116.0 MQQBrowser/6.2 TBS/046 Mobile Safari/537.36 MicroMessenger/8.0.49`, 'wechat'],
    [`${kIphone} Mobile/15E148 AlipayClient/10.6.0`, 'alipay'],
    [`${kIphone} Mobile/15E148 QQ/9.0.65.610 V1_IPH_SQ_9.0.65`, 'qq'],
    [`${kIphone} Mobile/15E148 AliApp(DingTalk/7.5.10)`, 'dingtalk'],
    [`${kIphone} Mobile/15E148 Weibo (iPhone14,2__weibo__14.6.0)`, 'weibo'],
    [`${kIphone} Mobile/15E148 [FBAN/FBIOS;FBAV/468.0.0.0]`, 'facebook'],
    [`${kIphone} Mobile/15E148`, 'webview'],
    ['Mozilla/5.0 (Linux; Android 14; V2309A; wv) AppleWebKit/537.36 Chrome/126.0 Mobile Safari/537.36', 'webview'],
  ])('%s', (userAgent, app) => expect(browserOf({ userAgent, touchPoints: 5 }).app).toBe(app));
});

it.each([
  ['ios', true, 'Safari'],
  ['android', true, 'Chrome'],
  ['windows', false, 'Edge'],
  ['mac', false, 'Chrome'],
] as const)('on %s people have a browser that can', (system, phone, better) => {
  const browser = { app: undefined, name: 'other', system } as const;
  expect([isPhone(browser), betterBrowserOf(browser)]).toEqual([phone, better]);
});
