// Where the customer is, asked once and only after a press that says why.
import { ref, type Ref } from 'vue';
import type { PlaceReport } from '@telewitness/client';
import { isKeptByFrame } from '../logic/device_trouble';

/**
 * `refused`: by the person, and remembered; `dismissed`: closed without an answer; `system`: the browser may, the system
 * does not let it; `kept`: by the page around this one.
 */
export type PlaceTrouble = 'refused' | 'dismissed' | 'system' | 'kept' | 'unavailable' | 'timedOut' | 'unsupported';
export type PlaceStatus = 'idle' | 'asking' | PlaceTrouble;

/** The words of the contract for why there is no place. */
const kReasons: Record<PlaceTrouble, NonNullable<PlaceReport['reason']>> = {
  refused: 'refused',
  dismissed: 'dismissed',
  system: 'system',
  kept: 'frame',
  unavailable: 'unavailable',
  timedOut: 'timed_out',
  unsupported: 'unsupported',
};
/** Nobody's will: a place that was wanted and not found. */
const kMissing: readonly PlaceStatus[] = ['unavailable', 'timedOut', 'unsupported'];

/** What is reported by who goes on without a place; `rough`: there was one, but only the town. */
export function withoutPlace(status: PlaceStatus, rough: boolean): PlaceReport {
  if (rough) return { status: 'refused', reason: 'inaccurate' };
  const reason = status === 'idle' || status === 'asking' ? 'refused' : kReasons[status];
  return { status: kMissing.includes(status) ? 'unavailable' : 'refused', reason };
}

/** A phone indoors needs some seconds for its first fix. */
const kTimeoutMs = 15_000;
/** A fix this old still says where the customer is; who asks again wants a better one. */
const kMaximumAgeMs = 60_000;
/** GeolocationPositionError's codes. */
const kPermissionDenied = 1;
const kTimeout = 3;
/** Above it a place says the town, not where somebody is: phones with "precise location" off. */
export const kRoughM = 1_000;

export interface PlaceFinder {
  status: Ref<PlaceStatus>;
  /** The report, or undefined with `status` saying why there is none. */
  ask(): Promise<PlaceReport | undefined>;
}

export interface PlaceTools {
  geolocation: Pick<Geolocation, 'getCurrentPosition'> | undefined;
  permissions: Pick<Permissions, 'query'> | undefined;
}

export function browserPlace(): PlaceTools {
  return {
    geolocation: navigator.geolocation as Geolocation | undefined,
    permissions: navigator.permissions as Permissions | undefined,
  };
}

export function usePlace({ geolocation, permissions }: PlaceTools = browserPlace()): PlaceFinder {
  const status = ref<PlaceStatus>('idle');
  let asked = false;

  function locate(): Promise<GeolocationPosition> {
    return new Promise((resolve, reject) => {
      if (!geolocation) return reject(new Error('No geolocation.'));
      const options = { enableHighAccuracy: true, timeout: kTimeoutMs, maximumAge: asked ? 0 : kMaximumAgeMs };
      geolocation.getCurrentPosition(resolve, reject, options);
    });
  }

  async function troubleOf(code: number): Promise<PlaceTrouble> {
    if (code !== kPermissionDenied) return code === kTimeout ? 'timedOut' : 'unavailable';
    if (isKeptByFrame('geolocation')) return 'kept';
    try {
      const state = (await permissions?.query({ name: 'geolocation' }))?.state;
      return state === 'granted' ? 'system' : state === 'prompt' ? 'dismissed' : 'refused';
    } catch {
      return 'refused';
    }
  }

  return {
    status,
    async ask() {
      status.value = 'asking';
      const found = locate();
      asked = true;
      try {
        const { coords } = await found;
        status.value = 'idle';
        return {
          status: 'given',
          latitude: coords.latitude,
          longitude: coords.longitude,
          ...(Number.isFinite(coords.accuracy) ? { accuracyM: Math.min(coords.accuracy, 1_000_000) } : {}),
        };
      } catch (error) {
        status.value = geolocation ? await troubleOf((error as GeolocationPositionError).code) : 'unsupported';
        return undefined;
      }
    },
  };
}
