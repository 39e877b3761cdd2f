// What a page is told when its customer's interview is over (the seeds' callback on exit).
import type { CustomerState, EndReason, OutcomeKind } from '@telewitness/protocol';

/**
 * Photos and recordings are told as addresses of the API, which the integrator's server reads with its API key: a
 * customer's page never holds them. The decision and its reason are there only where the company tells its customers.
 */
export interface ExitResult {
  interviewId: string;
  businessId: string;
  endReason: EndReason | 'unknown';
  /** RFC 3339; empty while the server has not said it. */
  endedAt: string;
  /** "latitude,longitude" as the customer gave it; empty when they did not. */
  latitudeLongitude: string;
  /** The address, or the coordinates where there is none. */
  locationInformation: string;
  recording: string;
  photos: string;
  /** Of comparisons; none are built. */
  faceResults: readonly never[];
  outcome?: OutcomeKind;
  reason?: string;
  /** Where the customer is expected, signed; empty when the integrator gave no return address. */
  returnUrl: string;
}

export function exitResultOf(state: CustomerState): ExitResult {
  const given = state.place?.latitudeLongitude ?? '';
  const reference = `/api/v1/interviews/${state.interviewId}`;
  return {
    interviewId: state.interviewId,
    businessId: state.businessId ?? '',
    endReason: state.endReason ?? 'unknown',
    endedAt: state.endedAt ?? '',
    latitudeLongitude: given,
    locationInformation: state.place?.locationInformation ?? given,
    recording: `${reference}/recording`,
    photos: `${reference}/photos`,
    faceResults: [],
    ...(state.outcome ? { outcome: state.outcome } : {}),
    ...(state.outcomeReason ? { reason: state.outcomeReason } : {}),
    returnUrl: state.returnUrl ?? '',
  };
}
