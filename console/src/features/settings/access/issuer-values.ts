import * as z from 'zod/mini';

import type {
  IssuerAlgorithm,
  TrustedIssuerInput,
  TrustedIssuerWholeFragment,
} from '#console/gql/graphql.ts';

export type TrustedIssuer = TrustedIssuerWholeFragment;

/** In the order in which the gateway stores them. */
export const issuerAlgorithms = [
  'RS256',
  'ES256',
  'EdDSA',
] as const satisfies readonly IssuerAlgorithm[];

const required = (message: string) => z.string().check(z.trim(), z.minLength(1, message));

/**
 * The fields of the form for a trusted issuer. The gateway validates the rest.
 *
 * @param others the other issuers of the project. No two issuers have the same URL or find users by the same field.
 */
export const issuerSchema = (others: readonly TrustedIssuer[]) =>
  z.object({
    issuer: required('Enter the issuer.').check(
      z.refine(
        (text) => others.every(({ issuer }) => issuer !== text),
        'The project already trusts this issuer.',
      ),
    ),
    audience: required('Enter the audience.'),
    jwksUrl: z.string().check(z.trim()),
    /** Empty for all of them. */
    algorithms: z.array(z.enum(issuerAlgorithms)),
    userClaim: required('Enter the claim that identifies the user.'),
    userField: required('Choose the field that contains the value of the user claim.').check(
      z.refine(
        (text) => others.every(({ userField }) => userField !== text),
        'Another issuer already finds users by this field. Each issuer needs its own field.',
      ),
    ),
    claims: z.array(
      z.object({ name: required('Choose the claim.'), path: required('Enter the path.') }),
    ),
  });

export type IssuerValues = z.output<ReturnType<typeof issuerSchema>>;

/** The initial values of the form. */
export function issuerValues(issuer: TrustedIssuer | null): IssuerValues {
  if (issuer === null) {
    return {
      issuer: '',
      audience: '',
      jwksUrl: '',
      algorithms: [],
      userClaim: 'sub',
      userField: '',
      claims: [],
    };
  }
  const { jwksUrl, algorithms, claims } = issuer;
  return {
    ...issuer,
    jwksUrl: jwksUrl ?? '',
    algorithms: algorithms.length === issuerAlgorithms.length ? [] : algorithms,
    claims: claims.map(({ name, path }) => ({ name, path })),
  };
}

/** The values in the API's format. */
export const issuerInput = ({
  jwksUrl,
  algorithms,
  ...values
}: IssuerValues): TrustedIssuerInput => ({
  ...values,
  jwksUrl: jwksUrl === '' ? null : jwksUrl,
  algorithms: algorithms.length === 0 ? null : algorithms,
});
