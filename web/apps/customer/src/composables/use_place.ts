// Where the customer is, asked once and only after a press that says why.
import { ref, type Ref } from 'vue';
import type { PlaceReport } from '@telewitness/client';

export type PlaceStatus = 'idle' | 'asking' | 'refused' | 'unavailable';

/** A phone indoors needs some seconds for its first fix. */
const kTimeoutMs = 15_000;
/** A fix this old still says where the customer is. */
const kMaximumAgeMs = 60_000;
const kPermissionDenied = 1;

export interface PlaceFinder {
  status: Ref<PlaceStatus>;
  /** The report, or undefined with `status` saying why there is none. */
  ask(): Promise<PlaceReport | undefined>;
}

export function usePlace(
  geolocation: Pick<Geolocation, 'getCurrentPosition'> | undefined = navigator.geolocation,
): PlaceFinder {
  const status = ref<PlaceStatus>('idle');

  function locate(): Promise<GeolocationPosition> {
    return new Promise((resolve, reject) => {
      if (!geolocation) return reject(new Error('No geolocation.'));
      const options = { enableHighAccuracy: true, timeout: kTimeoutMs, maximumAge: kMaximumAgeMs };
      geolocation.getCurrentPosition(resolve, reject, options);
    });
  }

  return {
    status,
    async ask() {
      status.value = 'asking';
      try {
        const { coords } = await locate();
        status.value = 'idle';
        return {
          status: 'given',
          latitude: coords.latitude,
          longitude: coords.longitude,
          ...(Number.isFinite(coords.accuracy) ? { accuracyM: Math.min(coords.accuracy, 1_000_000) } : {}),
        };
      } catch (error) {
        status.value = (error as GeolocationPositionError).code === kPermissionDenied ? 'refused' : 'unavailable';
        return undefined;
      }
    },
  };
}
