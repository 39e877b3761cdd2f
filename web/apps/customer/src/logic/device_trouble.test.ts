import { describe, expect, it } from 'vitest';
import { beforeZhCN } from '../locales/before.zh-CN';
import type { Browser } from './browser';
import { isKeptByFrame, troubleOf, type DeviceTrouble, type Refusal } from './device_trouble';
import { groupsOf, guideOf, nameOf, needsReload } from './permission_guide';

describe('what is wrong is told apart', () => {
  it.each<[Partial<Refusal>, DeviceTrouble]>([
    [{ name: 'NotAllowedError', message: 'Permission denied', permission: 'denied' }, 'denied'],
    [{ name: 'NotAllowedError', message: 'Permission denied', permission: undefined }, 'denied'],
    [{ name: 'NotAllowedError', message: 'Permission denied by system', permission: 'prompt' }, 'system'],
    [{ name: 'NotAllowedError', message: 'not allowed by the platform', permission: 'granted' }, 'system'],
    [{ name: 'NotAllowedError', message: 'Permission dismissed', permission: 'prompt' }, 'dismissed'],
    [{ name: 'NotAllowedError', message: 'Permission denied', framed: true }, 'policy'],
    [{ name: 'SecurityError' }, 'denied'],
    [{ name: 'NotFoundError' }, 'missing'],
    [{ name: 'OverconstrainedError' }, 'missing'],
    [{ name: 'NotReadableError', message: 'Device in use' }, 'busy'],
    [{ name: 'AbortError' }, 'busy'],
    [{ name: 'TypeError' }, 'failed'],
  ])('%j is %s', (facts, trouble) =>
    expect(troubleOf({ name: '', message: '', permission: undefined, framed: false, ...facts })).toBe(trouble),
  );

  it('a frame that keeps a device is noticed where the browser tells', () => {
    expect(isKeptByFrame('camera', {})).toBe(false);
    expect(isKeptByFrame('camera', { featurePolicy: { allowsFeature: (name) => name !== 'camera' } })).toBe(true);
    expect(isKeptByFrame('microphone', { featurePolicy: { allowsFeature: (name) => name !== 'camera' } })).toBe(false);
  });
});

const kSystems = ['ios', 'android', 'mac', 'windows', 'other'] as const;
const kNames = ['chrome', 'edge', 'firefox', 'safari', 'other'] as const;
const kTroubles: DeviceTrouble[] = [
  'denied',
  'dismissed',
  'system',
  'policy',
  'missing',
  'busy',
  'insecure',
  'unsupported',
  'failed',
];
const everyBrowser: Browser[] = kSystems.flatMap((system) =>
  kNames.flatMap((name) => [undefined, 'wechat' as const].map((app) => ({ app, name, system }))),
);

describe('what to press', () => {
  it.each<[DeviceTrouble, Partial<Browser>, string]>([
    ['denied', { name: 'chrome', system: 'android' }, 'denied.chromeAndroid'],
    ['denied', { name: 'firefox', system: 'android' }, 'denied.firefoxAndroid'],
    ['denied', { name: 'other', system: 'android' }, 'denied.otherAndroid'],
    ['denied', { name: 'safari', system: 'ios' }, 'denied.safariIos'],
    ['denied', { name: 'chrome', system: 'ios' }, 'denied.otherIos'],
    ['denied', { name: 'edge', system: 'windows' }, 'denied.chrome'],
    ['denied', { name: 'firefox', system: 'windows' }, 'denied.firefox'],
    ['denied', { name: 'safari', system: 'mac' }, 'denied.safariMac'],
    ['denied', { app: 'wechat', name: 'chrome', system: 'android' }, 'denied.app'],
    ['system', { name: 'chrome', system: 'mac' }, 'system.mac'],
    ['system', { app: 'wechat', system: 'ios' }, 'denied.app'],
    ['busy', { system: 'android' }, 'busyPhone'],
    ['missing', { system: 'windows' }, 'missingDesktop'],
  ])('%s in %j', (trouble, browser, key) =>
    expect(guideOf(trouble, { app: undefined, name: 'other', system: 'other', ...browser })).toBe(
      `trouble.steps.${key}`,
    ),
  );

  it('is written for every trouble in every browser, but where only another browser helps', () => {
    const listAt = (key: string) =>
      key.split('.').reduce<unknown>((at, part) => (at as Record<string, unknown>)?.[part], beforeZhCN);
    for (const browser of everyBrowser)
      for (const trouble of kTroubles) {
        const key = guideOf(trouble, browser);
        if (key === undefined) expect(['insecure', 'unsupported']).toContain(trouble);
        else expect([key, Array.isArray(listAt(key))]).toEqual([key, true]);
      }
  });

  it('a reload where asking again asks nobody', () => {
    expect(needsReload({ app: undefined, name: 'safari', system: 'mac' })).toBe(true);
    expect(needsReload({ app: undefined, name: 'chrome', system: 'ios' })).toBe(true);
    expect(needsReload({ app: undefined, name: 'chrome', system: 'android' })).toBe(false);
  });

  it('by the name that people know', () => {
    expect(nameOf({ app: undefined, name: 'edge', system: 'windows' })).toBe('Edge');
    expect(nameOf({ app: undefined, name: 'other', system: 'android' })).toBeUndefined();
  });
});

it('both devices share a page where the reason is the same, and only there', () => {
  expect(groupsOf({ camera: 'denied', microphone: 'denied' })).toEqual([{ asked: 'both', trouble: 'denied' }]);
  expect(groupsOf({ camera: 'denied', microphone: 'busy' })).toEqual([
    { asked: 'camera', trouble: 'denied' },
    { asked: 'microphone', trouble: 'busy' },
  ]);
  expect(groupsOf({ microphone: 'missing' })).toEqual([{ asked: 'microphone', trouble: 'missing' }]);
  expect(groupsOf({})).toEqual([]);
});
