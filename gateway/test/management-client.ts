import type { GraphqlBody } from './app.ts';

/**
 * Sends an operation to a gateway that runs as a separate process.
 * @param origin the gateway's origin, such as `http://127.0.0.1:4000`
 */
export async function askGateway(
  origin: string,
  query: string,
  variables: Readonly<Record<string, unknown>> = {},
  credential: string | null = null,
): Promise<{ readonly status: number; readonly body: GraphqlBody }> {
  const response = await fetch(`${origin}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(credential === null ? {} : { authorization: `Bearer ${credential}` }),
    },
    body: JSON.stringify({ query, variables }),
    signal: AbortSignal.timeout(30_000),
  });
  // Every GraphQL over HTTP response has this shape.
  return { status: response.status, body: (await response.json()) as GraphqlBody };
}
