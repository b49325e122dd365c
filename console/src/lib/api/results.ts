import { ApiError, type InputIssue } from './errors.ts';

interface Result {
  readonly __typename?: string | undefined;
}

/** The member of a result union that is called so. */
type Success<R, Name extends string> = Extract<R, { __typename?: Name }>;

/**
 * The success out of a mutation's result union.
 *
 * @example expectSuccess(data.createProject, 'CreateProjectSuccess').project
 * @throws ApiError with the failure's `code`, `message` and `issues`, and all that was selected of it
 */
export function expectSuccess<R extends Result, Name extends NonNullable<R['__typename']>>(
  result: R | null | undefined,
  name: Name,
): Success<R, Name> {
  if (result == null) throw new ApiError('INTERNAL', 'The server gave no result.');
  // The discriminant was compared: the rest of the type follows.
  if (result.__typename === name) return result as Success<R, Name>;
  throw failureOf(result);
}

function failureOf(result: Result): ApiError {
  // Every other member of a result union implements `Error`; issues come with ValidationError alone.
  const failure = result as { code?: string; message?: string; issues?: readonly InputIssue[] };
  return new ApiError(failure.code ?? 'INTERNAL', failure.message ?? 'It was not done.', {
    issues: failure.issues ?? [],
    failure: { ...failure },
  });
}
