import { parseExactJson } from '#console/lib/exact-json.ts';
import { session } from '#console/lib/session/session.ts';

import { postGraphql } from './post-graphql.ts';
import type { ViewAs } from './view-as.ts';

export interface ProjectOperation {
  readonly document: string;
  readonly variables?: Readonly<Record<string, unknown>>;
  readonly signal?: AbortSignal;
  /** As whom the member reads the project; null or absent for the member's own permissions. */
  readonly viewAs?: ViewAs | null;
}

/**
 * Sends an operation to a project's API as the signed-in member. The schema depends on the project, so the caller
 * supplies the type of the result.
 * @throws ApiError if the request fails, with the code of the first error
 */
export function requestProject<R>(
  ref: string,
  { viewAs = null, ...operation }: ProjectOperation,
): Promise<R> {
  const headers: Record<string, string> = viewAs === null ? {} : { 'x-view-as': viewAs };
  return session.authorized((accessToken) =>
    postGraphql<R>(`/p/${ref}/graphql`, {
      ...operation,
      headers,
      accessToken,
      parse: parseExactJson,
    }),
  );
}
