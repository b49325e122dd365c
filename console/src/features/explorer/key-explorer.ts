import { firstQuery } from '#console/domain/models/first-query.ts';
import {
  introspectionQuery,
  type IntrospectionAnswer,
} from '#console/domain/models/introspection.ts';
import { readModels } from '#console/domain/models/read-models.ts';
import { isApiError } from '#console/lib/api/errors.ts';
import { postGraphql } from '#console/lib/api/post-graphql.ts';

import type { Send } from './project-fetcher.ts';

/** A project's API, opened with a key. */
export interface OpenedApi {
  readonly send: Send;
  /** The initial operation. */
  readonly query: string;
  /** Whether the key can introspect the API. */
  readonly hasSchema: boolean;
}

/**
 * Opens a project's API with a key or an access token, which is kept only in memory.
 * @throws ApiError `UNAUTHENTICATED` if the key is not valid
 */
export async function openApi(ref: string, key: string): Promise<OpenedApi> {
  const send: Send = (operation) =>
    postGraphql(`/p/${ref}/graphql`, { ...operation, accessToken: key });
  try {
    // The result has the shape of the query.
    const answer = (await send({ document: introspectionQuery })) as unknown as IntrospectionAnswer;
    const [first] = readModels(answer);
    return { send, query: first === undefined ? nothing : firstQuery(first), hasSchema: true };
  } catch (error) {
    if (!isApiError(error) || !withoutSchema.has(error.code)) throw error;
    return { send, query: nothing, hasSchema: false };
  }
}

const nothing = '{ __typename }';

/** The codes of the errors for a key that works, but that cannot introspect the API. */
const withoutSchema: ReadonlySet<string> = new Set(['FORBIDDEN', 'GRAPHQL_VALIDATION_FAILED']);
