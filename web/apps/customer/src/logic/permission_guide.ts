// Which steps put a device's trouble right in this browser: the key of a list of the catalogue.
import { isPhone, type Browser } from './browser';
import type { DeviceTrouble } from './device_trouble';

/** What can be refused. `both`: camera and microphone for the same reason. */
export type Asked = 'camera' | 'microphone' | 'both' | 'place';

/** Undefined where no step would help but another browser. */
export function guideOf(trouble: DeviceTrouble, browser: Browser): string | undefined {
  switch (trouble) {
    case 'denied':
      return `trouble.steps.denied.${deniedIn(browser)}`;
    case 'system':
      return `trouble.steps.${browser.app ? 'denied.app' : `system.${browser.system}`}`;
    case 'missing':
    case 'busy':
      return `trouble.steps.${trouble}${isPhone(browser) ? 'Phone' : 'Desktop'}`;
    case 'insecure':
    case 'unsupported':
      return undefined;
    default:
      return `trouble.steps.${trouble}`;
  }
}

function deniedIn({ app, name, system }: Browser): string {
  if (app) return 'app';
  if (system === 'ios') return name === 'safari' ? 'safariIos' : 'otherIos';
  if (system === 'android') {
    if (name === 'firefox') return 'firefoxAndroid';
    return name === 'other' ? 'otherAndroid' : 'chromeAndroid';
  }
  if (name === 'firefox') return 'firefox';
  if (name === 'safari') return 'safariMac';
  return name === 'other' ? 'other' : 'chrome';
}

/** WebKit remembers a "no" for as long as the page lives: asking again asks nobody. */
export function needsReload({ name, system }: Browser): boolean {
  return system === 'ios' || name === 'safari';
}

const kNames = { chrome: 'Chrome', edge: 'Edge', firefox: 'Firefox', safari: 'Safari' } as const;

/** As people know it; undefined for one without a name of its own here. */
export function nameOf({ name }: Browser): string | undefined {
  return name === 'other' ? undefined : kNames[name];
}

export interface TroubleGroup {
  asked: Asked;
  trouble: DeviceTrouble;
}

/** One page for both devices where the reason is the same. */
export function groupsOf(troubles: Partial<Record<'camera' | 'microphone', DeviceTrouble>>): TroubleGroup[] {
  const { camera, microphone } = troubles;
  if (camera !== undefined && camera === microphone) return [{ asked: 'both', trouble: camera }];
  const all: TroubleGroup[] = [];
  if (camera) all.push({ asked: 'camera', trouble: camera });
  if (microphone) all.push({ asked: 'microphone', trouble: microphone });
  return all;
}
