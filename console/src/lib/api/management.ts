import type { TypedDocumentString } from '#console/gql/graphql.ts';
import { session } from '#console/lib/session/session.ts';

import { postGraphql } from './post-graphql.ts';

type Variables<V> = V extends Record<string, never> ? [] : [variables: V];

/**
 * Asks the management API, as the signed-in user if there is one.
 * @throws ApiError with the first error's code
 */
export function request<R, V>(
  document: TypedDocumentString<R, V>,
  ...[variables]: Variables<V>
): Promise<R> {
  return session.authorized((accessToken) =>
    postGraphql<R>('/graphql', { document: document.toString(), variables, accessToken }),
  );
}
