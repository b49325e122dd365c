import type { TypedDocumentString } from '#console/gql/graphql.ts';
import { session } from '#console/lib/session/session.ts';

import { postGraphql } from './post-graphql.ts';

export interface RequestOptions {
  /** Ends the wait; what it throws then is the signal's reason. */
  readonly signal?: AbortSignal;
  /** For what may take longer than the answers of most. */
  readonly timeoutMs?: number;
}

type Arguments<V> =
  V extends Record<string, never>
    ? [variables?: undefined, options?: RequestOptions]
    : [variables: V, options?: RequestOptions];

/**
 * Asks the management API, as the signed-in user if there is one.
 * @throws ApiError with the first error's code
 */
export function request<R, V>(
  document: TypedDocumentString<R, V>,
  ...[variables, options]: Arguments<V>
): Promise<R> {
  const ask = { document: document.toString(), variables, ...options };
  return session.authorized((accessToken) => postGraphql<R>('/graphql', { ...ask, accessToken }));
}

/** Asks it as nobody: to become somebody, with whatever is left of a session out of the way. @throws ApiError */
export const requestAsNobody = <R, V>(
  document: TypedDocumentString<R, V>,
  variables: V,
): Promise<R> =>
  postGraphql<R>('/graphql', { document: document.toString(), variables, accessToken: null });
