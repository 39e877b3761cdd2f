// A place as people read it: address, coordinates, how exact; or why there is none.
import type { Place } from '@telewitness/desk';

export interface PlaceText {
  /** The address, or the coordinates where there is none, or the reason. */
  main: string;
  coordinates?: string;
  accuracy?: string;
  given: boolean;
}

const kDegreeDigits = 5; // about a metre

export function placeText(
  place: Place | undefined,
  t: (key: string, values?: Record<string, unknown>) => string,
): PlaceText {
  if (!place) return { main: t('records.place.none'), given: false };
  if (place.status !== 'given') {
    const main = t(`records.place.${place.status}`);
    if (!place.reason || place.reason === place.status) return { main, given: false };
    return {
      main: t('records.place.because', { main, why: t(`records.place.reasons.${place.reason}`) }),
      given: false,
    };
  }
  const coordinates =
    place.latitude !== undefined && place.longitude !== undefined
      ? `${place.latitude.toFixed(kDegreeDigits)}, ${place.longitude.toFixed(kDegreeDigits)}`
      : undefined;
  const accuracy =
    place.accuracyM !== undefined ? t('records.place.accuracy', { metres: Math.round(place.accuracyM) }) : undefined;
  return {
    main: place.address || coordinates || t('records.place.given'),
    given: true,
    ...(coordinates && place.address ? { coordinates } : {}),
    ...(accuracy ? { accuracy } : {}),
  };
}
