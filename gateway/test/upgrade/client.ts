import type { GraphqlBody } from '../app.ts';

export type Variables = Readonly<Record<string, unknown>>;

export interface Answer {
  readonly status: number;
  /** The parsed JSON, or the body as a string if it is not JSON. */
  readonly body: unknown;
}

/** A client for both APIs of one gateway. */
export interface GatewayClient {
  management(query: string, variables?: Variables, credential?: string): Promise<Answer>;
  project(ref: string, credential: string, query: string, variables?: Variables): Promise<Answer>;
  /** Returns the project's `schema.graphql` as the credential sees it. */
  printedSchema(ref: string, credential: string): Promise<Answer>;
}

/**
 * Creates a client for a running gateway.
 * @param origin the gateway's origin, such as `http://127.0.0.1:4000`
 */
export function createGatewayClient(origin: string): GatewayClient {
  const post = async (
    path: string,
    credential: string | undefined,
    body: { readonly query: string; readonly variables: Variables },
  ): Promise<Answer> => {
    const response = await fetch(`${origin}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...authorization(credential) },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(30_000),
    });
    return { status: response.status, body: await response.json() };
  };
  return {
    management: (query, variables = {}, credential) =>
      post('/graphql', credential, { query, variables }),
    project: (ref, credential, query, variables = {}) =>
      post(`/p/${ref}/graphql`, credential, { query, variables }),
    async printedSchema(ref, credential) {
      const response = await fetch(`${origin}/p/${ref}/schema.graphql`, {
        headers: authorization(credential),
        signal: AbortSignal.timeout(30_000),
      });
      return { status: response.status, body: await response.text() };
    },
  };
}

const authorization = (credential: string | undefined): Record<string, string> =>
  credential === undefined ? {} : { authorization: `Bearer ${credential}` };

/**
 * Returns the data of an operation that must succeed.
 * @throws Error with the response if the operation fails, which includes mutations that return an expected error
 */
export async function dataOf<Data>(answer: Promise<Answer>): Promise<Data> {
  const { status, body } = await answer;
  // Every GraphQL over HTTP response has this shape.
  const { data, errors } = body as GraphqlBody;
  const failed = Object.values(data ?? {}).some(
    (result) => typeof result === 'object' && result !== null && 'code' in result,
  );
  if (errors !== undefined || data === undefined || data === null || failed) {
    throw new Error(`The gateway answered ${status}: ${JSON.stringify(body, null, 2)}`);
  }
  // The caller's document selects these fields.
  return data as Data;
}

/** A request that has no effect on later requests, so that it can be repeated. */
export interface Request {
  readonly name: string;
  /** The error code with which the request must fail. */
  readonly refusal?: string;
  readonly send: (client: GatewayClient) => Promise<Answer>;
}
