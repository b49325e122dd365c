import type { TrustedIssuerInput } from '#console/gql/graphql.ts';
import { ApiError, type InputIssue } from '#console/lib/api/errors.ts';

/**
 * Rewrites the paths of issues, which lead to a place in the whole list of issuers, for the form of one issuer:
 * `['issuers', '1', 'audience']` becomes `['audience']`. Issues of other issuers get an empty path, and their message
 * names the issuer.
 *
 * @param issuers the list that was sent
 * @param edited the position of the issuer in the form; null if there is no form
 */
export function issuesOfForm(
  issues: readonly InputIssue[],
  issuers: readonly TrustedIssuerInput[],
  edited: number | null,
): readonly InputIssue[] {
  return issues.map(({ path: [, position, ...rest], message }) => {
    const index = position === undefined ? null : Number(position);
    if (index === null) return { path: [], message };
    const issuer = issuers[index];
    const form = edited === null ? undefined : issuers[edited];
    if (index === edited || isSameValue(issuer, form, rest)) return { path: rest, message };
    return { path: [], message: issuer === undefined ? message : `${issuer.issuer}: ${message}` };
  });
}

/** Whether two issuers have the same value where each needs its own. The gateway reports the one that comes later. */
function isSameValue(
  one: TrustedIssuerInput | undefined,
  other: TrustedIssuerInput | undefined,
  [member]: readonly string[],
): boolean {
  if (one === undefined || other === undefined) return false;
  return (
    (member === 'issuer' && one.issuer === other.issuer) ||
    (member === 'userField' && one.userField === other.userField)
  );
}

/** Returns the error of a request that sent a list of issuers, with its issues rewritten by `issuesOfForm`. */
export function errorOfForm(
  error: unknown,
  issuers: readonly TrustedIssuerInput[],
  edited: number | null,
): unknown {
  if (!(error instanceof ApiError) || error.issues.length === 0) return error;
  const { code, message, requestId } = error;
  const issues = issuesOfForm(error.issues, issuers, edited);
  return new ApiError(code, message, { requestId, issues, cause: error });
}
