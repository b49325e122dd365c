import type { TypedDocumentString } from '#console/gql/graphql.ts';
import { session } from '#console/lib/session/session.ts';

import { postGraphql } from './post-graphql.ts';

export interface RequestOptions {
  /** Aborts the request. The request then throws the signal's reason. */
  readonly signal?: AbortSignal;
  /** Overrides the default timeout. */
  readonly timeoutMs?: number;
}

type Arguments<V> =
  V extends Record<string, never>
    ? [variables?: undefined, options?: RequestOptions]
    : [variables: V, options?: RequestOptions];

/**
 * Sends an operation to the management API, as the signed-in user if there is one.
 * @throws ApiError if the request fails, with the code of the first error
 */
export function request<R, V>(
  document: TypedDocumentString<R, V>,
  ...[variables, options]: Arguments<V>
): Promise<R> {
  const ask = { document: document.toString(), variables, ...options };
  return session.authorized((accessToken) => postGraphql<R>('/graphql', { ...ask, accessToken }));
}

/** Sends an operation without an access token, to sign in or register. @throws ApiError */
export const requestAsNobody = <R, V>(
  document: TypedDocumentString<R, V>,
  variables: V,
): Promise<R> =>
  postGraphql<R>('/graphql', { document: document.toString(), variables, accessToken: null });
