// What a page is told when its customer's interview is over (the seeds' callback on exit).
import type { CustomerState, EndReason, OutcomeKind } from '@telewitness/protocol';

/**
 * Photos and recordings are told as addresses of the API, which the integrator's server reads with its API key: a
 * customer's page never holds them. The decision and its reason are there only where the company tells its customers each.
 *
 * It comes from the customer's browser, so by itself it proves nothing. Proof is `signed`, checked by the integrator's
 * server, or better the webhook `interview.exited`, which carries everything.
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
  /** Of comparisons; none are built, which `facesAvailable` says. */
  faceResults: readonly never[];
  facesAvailable: false;
  /** By what the customer names this interview to the company; empty from a server that gives none. */
  receiptNumber: string;
  /** End reason, time, place and receipt in the signed form of the return address; empty while the interview has not ended. */
  signed: string;
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
    facesAvailable: false,
    receiptNumber: state.receiptNumber ?? '',
    signed: state.signedExit ?? '',
    ...(state.outcome ? { outcome: state.outcome } : {}),
    ...(state.outcomeReason ? { reason: state.outcomeReason } : {}),
    returnUrl: state.returnUrl ?? '',
  };
}
