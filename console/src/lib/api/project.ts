import { parseExactJson } from '#console/lib/exact-json.ts';
import { session } from '#console/lib/session/session.ts';

import { postGraphql } from './post-graphql.ts';

export interface ProjectOperation {
  readonly document: string;
  readonly variables?: Readonly<Record<string, unknown>>;
  readonly signal?: AbortSignal;
}

/**
 * Sends an operation to a project's API as the signed-in member. The schema depends on the project, so the caller
 * supplies the type of the result.
 * @throws ApiError if the request fails, with the code of the first error
 */
export function requestProject<R>(ref: string, operation: ProjectOperation): Promise<R> {
  return session.authorized((accessToken) =>
    postGraphql<R>(`/p/${ref}/graphql`, { ...operation, accessToken, parse: parseExactJson }),
  );
}
