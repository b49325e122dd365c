import { ApiError, type InputIssue } from './errors.ts';

interface Result {
  readonly __typename?: string | undefined;
}

/** The member with this type name in a result union. */
type Success<R, Name extends string> = Extract<R, { __typename?: Name }>;

/**
 * Returns the success member of a mutation's result union.
 *
 * @example expectSuccess(data.createProject, 'CreateProjectSuccess').project
 * @throws ApiError with the `code`, `message`, `issues` and all other selected fields of the failure
 */
export function expectSuccess<R extends Result, Name extends NonNullable<R['__typename']>>(
  result: R | null | undefined,
  name: Name,
): Success<R, Name> {
  if (result == null) throw new ApiError('INTERNAL', 'The server returned no result.');
  // `__typename` is the discriminant of the union, so the cast is safe.
  if (result.__typename === name) return result as Success<R, Name>;
  throw failureOf(result);
}

function failureOf(result: Result): ApiError {
  // All other members of a result union implement `Error`. Only ValidationError has issues.
  const failure = result as { code?: string; message?: string; issues?: readonly InputIssue[] };
  return new ApiError(failure.code ?? 'INTERNAL', failure.message ?? 'The operation failed.', {
    issues: failure.issues ?? [],
    failure: { ...failure },
  });
}
