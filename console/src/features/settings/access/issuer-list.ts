import { hashKey } from '@tanstack/react-query';

import type { TrustedIssuerInput } from '#console/gql/graphql.ts';
import { ApiError } from '#console/lib/api/errors.ts';

import type { TrustedIssuer } from './issuer-values.ts';

/** The complete list of a project's trusted issuers, as it is sent. */
export interface IssuerList {
  readonly issuers: TrustedIssuerInput[];
  /** The position of the issuer in the form; null if there is no form. */
  readonly edited: number | null;
}

/**
 * Adds an issuer to the list, or replaces one.
 *
 * @param current the list that is stored now
 * @param edited the entry to replace, as it was when the form was opened; null for a new entry
 * @throws ApiError if another member has changed or removed the entry
 */
export function withIssuer(
  current: readonly TrustedIssuer[],
  issuer: TrustedIssuerInput,
  edited: TrustedIssuer | null,
): IssuerList {
  if (edited === null) return { issuers: [...current, issuer], edited: current.length };
  const position = current.findIndex((each) => each.issuer === edited.issuer);
  const stored = current[position];
  if (stored === undefined) {
    throw new ApiError('NOT_FOUND', 'Another member has removed this issuer. Add it again.');
  }
  if (hashKey([stored]) !== hashKey([edited])) {
    throw new ApiError(
      'STALE',
      'Another member has changed this issuer since you opened it. Cancel, and edit it again.',
    );
  }
  const issuers = current.map((each, index) => (index === position ? issuer : each));
  return { issuers, edited: position };
}
