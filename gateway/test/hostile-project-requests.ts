/** A request that is refused, with the code of its error. */
export interface HostileRequest {
  readonly name: string;
  /** The body of a request, and the payload of a `subscribe` message. */
  readonly body: string;
  readonly code: string;
}

const withVariables = (value: string): string =>
  `{"query":"{ __typename }","variables":{"x":${value}}}`;
const zeros = (count: number): string => JSON.stringify(Array.from({ length: count }, () => 0));

/** Requests whose bodies are as large as the limits allow, or just beyond, or malformed, for the tracker's schema. */
export const hostileProjectRequests: readonly HostileRequest[] = [
  [
    '1 MB of brackets',
    withVariables(`${'['.repeat(500_000)}${']'.repeat(500_000)}`),
    'BAD_REQUEST',
  ],
  ['200 levels', withVariables(`${'['.repeat(200)}${']'.repeat(200)}`), 'BAD_REQUEST'],
  [
    'an object of 60,000 members',
    withVariables(
      JSON.stringify(Object.fromEntries(Array.from({ length: 60_000 }, (_, i) => [`k${i}`, 0]))),
    ),
    'PAYLOAD_TOO_LARGE',
  ],
  ['400,000 values', withVariables(zeros(400_000)), 'PAYLOAD_TOO_LARGE'],
  [
    'a page size in a variable',
    JSON.stringify({
      query: 'query ($n: Int) { issues(first: $n) { totalCount } }',
      variables: { n: 1_000_000_000 },
    }),
    'BAD_USER_INPUT',
  ],
  [
    'a list of 40,000 invalid values',
    JSON.stringify({
      query: 'query ($ids: [ID!]) { issues(where: { id: { in: $ids } }) { totalCount } }',
      variables: { ids: Array.from({ length: 40_000 }, () => ({})) },
    }),
    'BAD_USER_INPUT',
  ],
  ['no query', '{}', 'BAD_REQUEST'],
  ['a query that is not a text', '{"query":1}', 'BAD_REQUEST'],
  ['an empty query', '{"query":""}', 'BAD_REQUEST'],
  ['an unknown member', '{"query":"{ __typename }","id":1}', 'BAD_REQUEST'],
  ['variables that are a list', '{"query":"{ __typename }","variables":[]}', 'BAD_REQUEST'],
  ['extensions that are a text', '{"query":"{ __typename }","extensions":"x"}', 'BAD_REQUEST'],
  [
    'an operation name that is a number',
    '{"query":"{ __typename }","operationName":1}',
    'BAD_REQUEST',
  ],
  ['an unknown operation', '{"query":"{ __typename }","operationName":"X"}', 'BAD_REQUEST'],
  ['a document of comments', '{"query":"# nothing"}', 'GRAPHQL_PARSE_FAILED'],
  ['two operations', '{"query":"query A { __typename } query B { __typename }"}', 'BAD_REQUEST'],
].map(([name = '', body = '', code = '']) => ({ name, body, code }));
