// What a server does not have is said by name, so that a page can do something else instead.
import { ProblemError } from '../problem';

export type UnbuiltFeature = 'self_service' | 'assistance_customer' | 'assistance_agent' | 'contract' | 'faces';

export class UnsupportedError extends ProblemError {
  /** Everything that was asked for and is not there. */
  readonly features: readonly UnbuiltFeature[];

  constructor(problem: ProblemError) {
    super(problem);
    this.features = (problem.params['features'] ?? '').split(',').filter(Boolean) as UnbuiltFeature[];
  }
}

/** The server's refusal as its own type. */
export function asUnsupported(error: unknown): unknown {
  return error instanceof ProblemError && error.code === 'client.not_built' ? new UnsupportedError(error) : error;
}

/** A field that is wrong before anything was sent; `params.field` is its name as the caller spelt it. */
export function wrongField(field: string, detail: string): ProblemError {
  return new ProblemError({ code: 'field.invalid', status: 400, params: { field }, detail: `${field} ${detail}` });
}
