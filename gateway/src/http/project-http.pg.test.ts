import { beforeAll, describe, expect, it } from 'vitest';

import { useApp } from '../../test/app.ts';
import { seedTenant, type SeededTenant } from '../../test/tenant.ts';
import { narrowKey, useTracker } from '../../test/project-api.ts';

const app = useApp();
const tracker = useTracker(app);

let neighbour: SeededTenant;
let reader: string;
let writer: string;
let bare: string;
let plain: string;
let owner: string;

beforeAll(async () => {
  neighbour = await seedTenant(app.db);
  reader = await narrowKey(app, tracker(), ['data.read:Board']);
  writer = await narrowKey(app, tracker(), ['data.write']);
  bare = await narrowKey(app, tracker(), ['schema.apply']);
  plain = await narrowKey(app, tracker(), ['data.read', 'data.write']);
  owner = await app.accessTokenFor(tracker().tenant.users.OWNER);
  await tracker().data(`mutation { createBoard(data: { key: "ONE", name: "One" }) { id } }`);
});

interface Seen {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Headers that differ from request to request. */
const ofTheMoment = new Set(['date', 'x-request-id', 'ratelimit-remaining', 'ratelimit-reset']);

async function see(response: Response): Promise<Seen> {
  const headers = [...response.headers].filter(([name]) => !ofTheMoment.has(name));
  const body = (await response.text()).replaceAll(/"requestId":"[^"]+"/g, '"requestId":"…"');
  return { status: response.status, headers: Object.fromEntries(headers), body };
}

interface Case {
  readonly name: string;
  readonly method?: string;
  /** The part of the URL after `/p/<ref>/graphql`. */
  readonly search?: (query: string) => string;
  readonly ref?: () => string;
  /** If null, no credential is sent. */
  readonly credential?: () => string | null;
  readonly headers?: Readonly<Record<string, string>>;
  readonly query?: string;
  /** Replaces the body `{ query }`. */
  readonly body?: (query: string) => string | Uint8Array<ArrayBuffer>;
  readonly expected: readonly [status: number, code: string | null];
  /** The expected body, for cases in which the status and code are not enough. */
  readonly answer?: string;
}

const boards = '{ boards { nodes { key name } } }';
const create = 'mutation { createBoard(data: { key: "ONE", name: "Again" }) { id } }';
const encoded = (query: string): string => `?query=${encodeURIComponent(query)}`;
const graphqlResponse = { accept: 'application/graphql-response+json' };
const legacy = { accept: 'application/json' };

const cases: readonly Case[] = [
  { name: 'a POST', expected: [200, null] },
  { name: 'a GET', method: 'GET', search: encoded, expected: [200, null] },
  {
    name: 'a GET with variables',
    method: 'GET',
    query: 'query B($n: Int) { boards(first: $n) { nodes { key } } }',
    search: (query) =>
      `${encoded(query)}&variables=${encodeURIComponent('{"n":1}')}&operationName=B`,
    expected: [200, null],
  },
  {
    name: 'a mutation by GET',
    method: 'GET',
    query: create,
    search: encoded,
    expected: [405, 'METHOD_NOT_ALLOWED'],
  },
  { name: 'a GET without a query', method: 'GET', expected: [400, 'BAD_REQUEST'] },
  { name: 'a PUT', method: 'PUT', expected: [405, 'METHOD_NOT_ALLOWED'] },
  { name: 'a DELETE', method: 'DELETE', expected: [405, 'METHOD_NOT_ALLOWED'] },
  { name: 'a preflight', method: 'OPTIONS', credential: () => null, expected: [204, null] },
  { name: 'the current media type', headers: graphqlResponse, expected: [200, null] },
  { name: 'the legacy media type', headers: legacy, expected: [200, null] },
  { name: 'any media type', headers: { accept: '*/*' }, expected: [200, null] },
  {
    name: 'another media type',
    headers: { accept: 'text/csv' },
    expected: [406, 'NOT_ACCEPTABLE'],
  },
  {
    name: 'a form',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    expected: [415, 'UNSUPPORTED_MEDIA_TYPE'],
  },
  {
    name: 'text',
    headers: { 'content-type': 'text/plain' },
    expected: [415, 'UNSUPPORTED_MEDIA_TYPE'],
  },
  {
    name: 'an explicit charset',
    headers: { 'content-type': 'application/json; charset=utf-8' },
    expected: [200, null],
  },
  {
    name: 'another charset',
    headers: { 'content-type': 'application/json; charset=latin1' },
    expected: [415, 'UNSUPPORTED_MEDIA_TYPE'],
  },
  {
    name: 'a compressed body',
    headers: { 'content-encoding': 'gzip' },
    expected: [415, 'UNSUPPORTED_MEDIA_TYPE'],
  },
  { name: 'bad JSON', body: () => '{"query":', expected: [400, 'BAD_REQUEST'] },
  {
    name: 'invalid UTF-8',
    body: () => Uint8Array.of(0x22, 0xff, 0x22),
    expected: [400, 'BAD_REQUEST'],
  },
  {
    name: 'a batch',
    body: (query) => JSON.stringify([{ query }, { query }]),
    expected: [400, 'BATCHING_NOT_SUPPORTED'],
  },
  { name: 'no query', body: () => '{}', expected: [400, 'BAD_REQUEST'] },
  {
    name: 'an unknown member',
    body: (query) => JSON.stringify({ query, id: 1 }),
    expected: [400, 'BAD_REQUEST'],
  },
  {
    name: 'variables that are not an object',
    body: (query) => JSON.stringify({ query, variables: [] }),
    expected: [400, 'BAD_REQUEST'],
  },
  {
    name: 'deeply nested variables',
    body: (query) =>
      `{"query":${JSON.stringify(query)},"variables":{"a":${'['.repeat(900)}${']'.repeat(900)}}}`,
    expected: [400, 'BAD_REQUEST'],
  },
  {
    name: 'a body that is too large',
    body: () => ' '.repeat(8 * 1024 * 1024 + 1),
    expected: [413, 'PAYLOAD_TOO_LARGE'],
  },
  {
    name: 'a large body',
    body: (query) => JSON.stringify({ query }) + ' '.repeat(3_000_000),
    expected: [200, null],
  },
  {
    name: 'an address that is too long',
    method: 'GET',
    search: () => `?query=${'x'.repeat(9_000)}`,
    expected: [414, 'URI_TOO_LONG'],
  },
  { name: 'invalid GraphQL', query: '{ boards {', expected: [400, 'GRAPHQL_PARSE_FAILED'] },
  {
    name: 'invalid GraphQL with the legacy media type',
    query: '{ boards {',
    headers: legacy,
    expected: [200, 'GRAPHQL_PARSE_FAILED'],
  },
  { name: 'an unknown field', query: '{ nothing }', expected: [400, 'GRAPHQL_VALIDATION_FAILED'] },
  {
    name: 'an unknown field with the legacy media type',
    query: '{ nothing }',
    headers: legacy,
    expected: [200, 'GRAPHQL_VALIDATION_FAILED'],
  },
  {
    name: 'an invalid variable',
    query: 'query ($n: Int!) { boards(first: $n) { nodes { key } } }',
    expected: [400, 'BAD_USER_INPUT'],
  },
  {
    name: 'an invalid argument',
    query: '{ boards(first: -1) { nodes { key } } }',
    expected: [400, 'BAD_USER_INPUT'],
  },
  {
    name: 'an invalid argument with the legacy media type',
    query: '{ boards(first: -1) { nodes { key } } }',
    headers: legacy,
    expected: [200, 'BAD_USER_INPUT'],
  },
  {
    name: 'a query that is too deep',
    query: `{ ${'boards { nodes { issues { nodes { board { '.repeat(12)} id ${'} } } } }'.repeat(12)} }`,
    expected: [400, 'QUERY_TOO_DEEP'],
  },
  { name: 'a conflict', query: create, expected: [200, 'UNIQUE_VIOLATION'] },
  {
    name: 'a conflict with the legacy media type',
    query: create,
    headers: legacy,
    expected: [200, 'UNIQUE_VIOLATION'],
  },
  {
    name: 'an ambiguous operation',
    query: 'query A { __typename } query B { __typename }',
    expected: [400, 'BAD_REQUEST'],
  },
  {
    name: 'one of two operations, selected by name',
    query: 'query A { a: __typename } query B { b: __typename }',
    body: (query) => JSON.stringify({ query, operationName: 'B' }),
    expected: [200, null],
    answer: '{"data":{"b":"Query"}}',
  },
  {
    name: 'an operation that does not exist',
    body: (query) => JSON.stringify({ query, operationName: 'B' }),
    expected: [400, 'BAD_REQUEST'],
  },
  { name: 'introspection', query: '{ __schema { queryType { name } } }', expected: [200, null] },
  {
    name: 'introspection without the scope',
    credential: () => plain,
    query: '{ __schema { queryType { name } } }',
    expected: [403, 'FORBIDDEN'],
  },
  { name: 'no credential', credential: () => null, expected: [401, 'UNAUTHENTICATED'] },
  {
    name: 'an unknown key',
    credential: () => `tsk_${'x'.repeat(49)}`,
    expected: [401, 'UNAUTHENTICATED'],
  },
  { name: 'an invalid token', credential: () => 'a.b.c', expected: [401, 'UNAUTHENTICATED'] },
  {
    name: 'two different credentials',
    headers: { 'x-api-key': `tsk_${'y'.repeat(49)}` },
    expected: [400, 'BAD_REQUEST'],
  },
  {
    name: 'a revoked key',
    credential: () => tracker().tenant.revokedKey.text,
    expected: [401, 'UNAUTHENTICATED'],
  },
  {
    name: 'an expired key',
    credential: () => tracker().tenant.expiredKey.text,
    expected: [401, 'UNAUTHENTICATED'],
  },
  {
    name: 'the key of another project of the tenant',
    credential: () => tracker().tenant.key.text,
    expected: [404, 'NOT_FOUND'],
  },
  {
    name: 'the key of another tenant',
    credential: () => neighbour.key.text,
    expected: [404, 'NOT_FOUND'],
  },
  {
    name: "another tenant's project",
    ref: () => neighbour.project.ref,
    expected: [404, 'NOT_FOUND'],
  },
  {
    name: "another tenant's project, for a member",
    ref: () => neighbour.project.ref,
    credential: () => owner,
    expected: [404, 'NOT_FOUND'],
  },
  { name: 'an unknown project', ref: () => '0'.repeat(16), expected: [404, 'NOT_FOUND'] },
  {
    name: 'an unknown project, for a member',
    ref: () => '0'.repeat(16),
    credential: () => owner,
    expected: [404, 'NOT_FOUND'],
  },
  {
    name: 'an invalid ref',
    ref: () => '%00%27',
    credential: () => owner,
    expected: [404, 'NOT_FOUND'],
  },
  { name: 'a member', credential: () => owner, expected: [200, null] },
  { name: 'a key for one model', credential: () => reader, expected: [200, null] },
  {
    name: 'a read of another model with a key for one model',
    credential: () => reader,
    query: '{ issues { nodes { id } } }',
    expected: [400, 'GRAPHQL_VALIDATION_FAILED'],
  },
  {
    name: 'a mutation with a read-only key',
    credential: () => reader,
    query: create,
    expected: [400, null],
  },
  {
    name: 'a write-only key',
    credential: () => writer,
    expected: [400, 'GRAPHQL_VALIDATION_FAILED'],
  },
  {
    name: 'a key that can only apply schemas',
    credential: () => bare,
    expected: [400, 'GRAPHQL_VALIDATION_FAILED'],
  },
  {
    name: 'a page from another origin with a secret key',
    headers: { origin: 'https://evil.example' },
    expected: [403, 'FORBIDDEN'],
  },
  {
    name: 'a cookie and no credential',
    headers: { cookie: '__Host-a=1' },
    credential: () => null,
    expected: [401, 'UNAUTHENTICATED'],
  },
];

/**
 * Returns the error code. A URL that is too long is rejected before routing, so its error has the format used outside
 * GraphQL.
 */
function codeOf({ body }: Seen): unknown {
  const { errors, error } = JSON.parse(body) as {
    readonly errors?: readonly { readonly extensions: { readonly code: string } }[];
    readonly error?: { readonly code: string };
  };
  return errors?.[0]?.extensions.code ?? error?.code;
}

let documents = 0;

async function send(each: Case, query: string): Promise<Seen> {
  const { method = 'POST', credential = () => tracker().key } = each;
  const text = credential();
  const ref = each.ref?.() ?? tracker().ref;
  const response = await fetch(`${app.url}/p/${ref}/graphql${each.search?.(query) ?? ''}`, {
    method,
    headers: {
      ...(method === 'GET' ? {} : { 'content-type': 'application/json' }),
      ...(text === null ? {} : { authorization: `Bearer ${text}` }),
      ...each.headers,
    },
    ...(method === 'POST' ? { body: each.body?.(query) ?? JSON.stringify({ query }) } : {}),
    signal: AbortSignal.timeout(20_000),
  });
  return see(response);
}

describe("a project's API over HTTP", () => {
  it.each(cases)(
    'returns the same response to the first request and to repeated requests: $name',
    async (each) => {
      documents += 1;
      const query = `${each.query ?? boards} # ${documents}`;
      const cold = await send(each, query);
      const [status, code] = each.expected;
      expect(cold, each.name).toMatchObject({ status });
      if (code !== null) expect(codeOf(cold)).toBe(code);
      if (each.answer !== undefined) expect(cold.body).toBe(each.answer);
      if (status === 200 && code === null) expect(cold.body).toMatch(/^\{"data":\{/);
      for (let again = 0; again < 3; again += 1) expect(await send(each, query)).toEqual(cold);
    },
  );
});
