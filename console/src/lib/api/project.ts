import { session } from '#console/lib/session/session.ts';

import { postGraphql } from './post-graphql.ts';

export interface ProjectOperation {
  readonly document: string;
  readonly variables?: Readonly<Record<string, unknown>>;
  readonly signal?: AbortSignal;
}

/**
 * Asks a project's own API as the signed-in member. Its schema is the project's, so the caller says what
 * comes back.
 * @throws ApiError with the first error's code
 */
export function requestProject<R>(ref: string, operation: ProjectOperation): Promise<R> {
  return session.authorized((accessToken) =>
    postGraphql<R>(`/p/${ref}/graphql`, { ...operation, accessToken }),
  );
}
