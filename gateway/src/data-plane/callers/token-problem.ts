import { RequestError } from '../../platform/errors/request-error.ts';

/** Why a user's token is not accepted. Also the labels of the metric. */
const problems = {
  malformed: 'It is not a signed JSON Web Token.',
  issuer: 'The project does not trust its issuer (iss).',
  algorithm: 'Its algorithm (alg) is not allowed for its issuer.',
  key: 'Its key id (kid) is missing, or is not the id of a key of its issuer.',
  signature: 'Its signature is wrong.',
  audience: 'Its audience (aud) is not the one that the project requires.',
  expired: 'It has expired, or its expiry (exp) is missing.',
  not_yet_valid: 'It is not valid yet (nbf).',
  user: 'It does not contain the claim that identifies the user.',
  email:
    'Its email address identifies the user, but the issuer has not verified it (email_verified).',
} as const;

export type TokenProblem = keyof typeof problems;

/** The result of a check of a user's token. `unavailable`: the keys of its issuer could not be fetched. */
export type TokenCheck = 'cached' | 'verified' | 'unavailable' | TokenProblem;

/** A user's token that is not accepted. RFC 6750, section 3.1. */
export class UserTokenError extends RequestError<'UNAUTHENTICATED'> {
  readonly problem: TokenProblem;

  constructor(problem: TokenProblem) {
    super('UNAUTHENTICATED', `The user token is not valid. ${problems[problem]}`, {
      headers: { 'www-authenticate': 'Bearer realm="tessera", error="invalid_token"' },
    });
    this.problem = problem;
  }
}
