import { once } from 'node:events';
import { request as openRequest, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';

import { GraphQLError } from 'graphql';
import { describe, expect, it } from 'vitest';

import { post, readGraphql, schemaOf, useHttpServer } from '../../test/http-server.ts';
import { errors as controlPlaneErrors } from '../control-plane/errors/errors.ts';
import { requestErrors } from '../platform/errors/request-errors.ts';

const schema = schemaOf(
  `type Query {
    hello(name: String!): String
    required: String!
    crash: String
    crashEverything: String!
    forbidden: String
    expected: String
    wrongType: Int
    deliberate: String
    absent: String
  }
  input Person { name: String!, password: String, age: Int }
  type Mutation { greet(person: Person!): String }`,
  {
    hello: (_root, { name }: { name?: unknown }) => `Hello, ${String(name)}`,
    required: () => null,
    crash: () => {
      throw new Error('connection to 10.0.0.7 failed: password "hunter2"');
    },
    crashEverything: () => {
      throw new TypeError('deep inside');
    },
    forbidden: () => {
      throw requestErrors.rateLimited(7);
    },
    expected: () => {
      throw controlPlaneErrors.invalid('name', 'This is too long.');
    },
    wrongType: () => 'internal text',
    deliberate: () => {
      throw new GraphQLError('Invalid argument.', { extensions: { code: 'BAD_USER_INPUT' } });
    },
    absent: () => null,
    greet: () => 'greeted',
  },
);
const server = useHttpServer({ schema, bodyLimits: { bytes: 1_048_576, milliseconds: 300 } });
const smallServer = useHttpServer({
  schema,
  bodyLimits: { bytes: 1_048_576, milliseconds: 60_000 },
  bodyBudget: { total: 60_000, perHolder: 60_000 },
});
const json = { 'content-type': 'application/json' };
const graphqlResponse = { accept: 'application/graphql-response+json' };

describe('a GraphQL request', () => {
  it('gets a response', async () => {
    const answer = await post(server.url, {
      query: 'query Q($n: String!) { hello(name: $n) }',
      variables: { n: 'Ada' },
      operationName: 'Q',
      extensions: {},
    });
    expect(answer).toMatchObject({ status: 200, data: { hello: 'Hello, Ada' }, errors: [] });
    expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8');
  });

  it('can use GET for queries but not for mutations', async () => {
    const query = encodeURIComponent('query ($n: String!) { hello(name: $n) }');
    const variables = encodeURIComponent('{"n":"Ada"}');
    const answer = await fetch(`${server.url}/graphql?query=${query}&variables=${variables}`);
    expect(await readGraphql(answer)).toMatchObject({ data: { hello: 'Hello, Ada' } });
    const change = encodeURIComponent('mutation { greet(person: { name: "x" }) }');
    const refused = await fetch(`${server.url}/graphql?query=${change}`);
    expect(refused.headers.get('allow')).toBe('POST');
    expect(await readGraphql(refused)).toMatchObject({ status: 405, code: 'METHOD_NOT_ALLOWED' });
  });

  it('can use HEAD, which returns the headers of GET without the body', async () => {
    const address = `${server.url}/graphql?query=${encodeURIComponent('{ __typename }')}`;
    const got = await fetch(address);
    const answer = await fetch(address, { method: 'HEAD' });
    expect(answer.status).toBe(200);
    expect(await answer.text()).toBe('');
    for (const name of ['content-type', 'content-length']) {
      expect(answer.headers.get(name)).toBe(got.headers.get(name));
    }
    const change = encodeURIComponent('mutation { greet(person: { name: "x" }) }');
    const refused = await fetch(`${server.url}/graphql?query=${change}`, { method: 'HEAD' });
    expect(refused.status).toBe(405);
  });

  it.each(['PUT', 'DELETE', 'PATCH'])('is rejected with method %s', async (method) => {
    const answer = await fetch(`${server.url}/graphql`, { method });
    expect(answer.headers.get('allow')).toBe('GET, HEAD, POST, OPTIONS');
    expect(await readGraphql(answer)).toMatchObject({ status: 405, code: 'METHOD_NOT_ALLOWED' });
  });

  it.each([
    ['a form', 'application/x-www-form-urlencoded', 'query=%7B__typename%7D'],
    ['a file upload', 'multipart/form-data; boundary=x', '--x--'],
    ['plain text', 'text/plain', '{"query":"{__typename}"}'],
    ['GraphQL text', 'application/graphql', '{__typename}'],
    ['another charset', 'application/json; charset=utf-16', '{"query":"{__typename}"}'],
  ])('is rejected as %s', async (_what, contentType, body) => {
    const answer = await post(server.url, body, { 'content-type': contentType });
    expect(answer).toMatchObject({ status: 415, code: 'UNSUPPORTED_MEDIA_TYPE' });
  });

  it('is rejected if it is compressed', async () => {
    const answer = await post(server.url, '{}', { 'content-encoding': 'gzip' });
    expect(answer).toMatchObject({ status: 415, code: 'UNSUPPORTED_MEDIA_TYPE' });
    expect(answer.headers.get('accept-encoding')).toBe('identity');
  });

  it('is rejected as a batch', async () => {
    const batch = Array.from({ length: 1_000 }, () => ({ query: '{ __typename }' }));
    expect(await post(server.url, batch)).toMatchObject({
      status: 400,
      code: 'BATCHING_NOT_SUPPORTED',
    });
  });

  it.each([
    ['broken JSON', '{"query":'],
    ['a string instead of an object', '"{ __typename }"'],
    ['null', 'null'],
    ['no query', '{}'],
    ['an empty query', '{"query":""}'],
    ['a number as the query', '{"query":1}'],
    ['a list as the variables', '{"query":"{__typename}","variables":[]}'],
    ['a string as the variables', '{"query":"{__typename}","variables":"{}"}'],
    ['an unknown member', '{"query":"{__typename}","quarry":1}'],
    [
      'overly deep nesting',
      `{"query":"{__typename}","variables":{"a":${'['.repeat(9_000)}${']'.repeat(9_000)}}}`,
    ],
  ])('is rejected with %s', async (_what, body) => {
    expect(await post(server.url, body)).toMatchObject({ status: 400, code: 'BAD_REQUEST' });
  });

  it('is rejected if it is not valid UTF-8', async () => {
    const body = Buffer.concat([Buffer.from('{"query":"'), Buffer.of(0xff), Buffer.from('"}')]);
    const answer = await fetch(`${server.url}/graphql`, { method: 'POST', headers: json, body });
    expect(await readGraphql(answer)).toMatchObject({ status: 400, code: 'BAD_REQUEST' });
  });

  it.each([
    ['an unknown operation name', 'B', 'query A { __typename }'],
    [
      'no operation name for several operations',
      null,
      'query A { __typename } query B { __typename }',
    ],
  ])('is rejected if the operation is ambiguous: %s', async (_what, operationName, query) => {
    const answer = await post(server.url, { query, operationName });
    expect(answer).toMatchObject({ status: 400, code: 'BAD_REQUEST' });
  });

  it('is rejected if the Accept header allows no supported media type', async () => {
    const answer = await post(server.url, { query: '{ __typename }' }, { accept: 'text/csv' });
    expect(answer).toMatchObject({ status: 406, code: 'NOT_ACCEPTABLE' });
  });
});

describe('the media type of a response', () => {
  it.each([
    ['application/json', 'application/json'],
    ['application/graphql-response+json', 'application/graphql-response+json'],
    [
      'application/json;q=0.5, application/graphql-response+json',
      'application/graphql-response+json',
    ],
    ['application/graphql-response+json;q=0.5, application/json', 'application/json'],
    [
      'application/graphql-response+json; charset=utf-8, application/json',
      'application/graphql-response+json',
    ],
    ['text/html, */*;q=0.1', 'application/json'],
  ])('for Accept %s is %s', async (accept, expected) => {
    const answer = await post(server.url, { query: '{ __typename }' }, { accept });
    expect(answer.headers.get('content-type')).toBe(`${expected}; charset=utf-8`);
  });

  it('determines whether the response to an invalid document has status 200', async () => {
    const status = async (accept: string) =>
      (await post(server.url, { query: '{ nope }' }, { accept })).status;
    expect(await status('application/json')).toBe(200);
    expect(await status('application/graphql-response+json')).toBe(400);
    expect(await status('*/*')).toBe(400);
  });

  it('does not change the status of a limit error to 200', async () => {
    const query = `{ ${'__typename '.repeat(300)} }`;
    const answer = await post(server.url, { query }, { accept: 'application/json' });
    expect(answer).toMatchObject({ status: 400, code: 'QUERY_TOO_COMPLEX' });
  });
});

describe('a request body', () => {
  it('is rejected before it is sent if Content-Length is too large', async () => {
    const request = openRequest(`${server.url}/graphql`, {
      method: 'POST',
      headers: { ...json, 'content-length': 20_000_000 },
    });
    request.on('error', () => undefined).flushHeaders();
    // The first argument of the event is the response.
    const [answer] = (await once(request, 'response')) as [IncomingMessage];
    expect(answer.statusCode).toBe(413);
    expect(answer.headers.connection).toBe('close');
    expect(await text(answer)).toContain('PAYLOAD_TOO_LARGE');
    request.destroy();
  });

  it('of 20 MB is rejected, and the client can read the error', async () => {
    const answer = await post(server.url, JSON.stringify({ query: 'x'.repeat(20_000_000) }));
    expect(answer).toMatchObject({ status: 413, code: 'PAYLOAD_TOO_LARGE' });
  });

  it('of unknown length is rejected once it exceeds the limit', async () => {
    const request = openRequest(`${server.url}/graphql`, { method: 'POST', headers: json });
    request.on('error', () => undefined);
    const megabytes = Array.from({ length: 13 }, () => Buffer.alloc(1_048_576, ' '));
    Readable.from(megabytes).pipe(request);
    const [answer] = (await once(request, 'response')) as [IncomingMessage];
    expect(answer.statusCode).toBe(413);
    expect(await text(answer)).toContain('PAYLOAD_TOO_LARGE');
  });

  it('is rejected while other bodies use all the memory reserved for bodies', async () => {
    const query = `{ hello(name: "${'x'.repeat(20_000)}") }`;
    const send = async () => (await post(smallServer.url, { query })).code ?? 'none';
    const socket = connect(Number(new URL(smallServer.url).port), '127.0.0.1');
    socket.write(
      'POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 60000\r\n\r\n' +
        ' '.repeat(50_000),
    );
    await expect.poll(send).toBe('OVERLOADED');
    socket.destroy();
    await expect.poll(send).not.toBe('OVERLOADED');
    // The memory is released after each request, even if the request was rejected.
    for (let i = 0; i < 20; i += 1) expect(await send()).not.toBe('OVERLOADED');
  });

  it('is rejected with a timeout if it does not arrive in time', async () => {
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
    socket.write(
      'POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{',
    );
    // The client never finishes sending its body. The server responds with a timeout error, and the client then closes
    // the connection.
    const [answer] = (await once(socket, 'data')) as [Buffer];
    socket.destroy();
    expect(answer.toString()).toMatch(/^HTTP\/1\.1 408 [^]*connection: close[^]*REQUEST_TIMEOUT/i);
  });
});

describe('an operation that cannot be determined', () => {
  const query = 'query A { hello(name: "x") } query B { hello(name: "y") }';
  const graphqlResponse = 'application/graphql-response+json';
  it.each([
    ['several operations', {}, 'application/json', 200],
    ['several operations', {}, graphqlResponse, 400],
    ['several operations', {}, '*/*', 400],
    ['an unknown name', { operationName: 'C' }, 'application/json', 200],
    ['an unknown name', { operationName: 'C' }, graphqlResponse, 400],
  ])('because of %s %o with Accept %s has the status %i', async (_why, named, accept, status) => {
    const answer = await post(server.url, { query, ...named }, { accept });
    expect(answer).toMatchObject({ status, code: 'BAD_REQUEST', data: undefined });
  });
});

describe('an error', () => {
  it('in the document has a code and a location', async () => {
    const answer = await post(server.url, { query: '{\n  nope\n}' });
    expect(answer.errors).toEqual([
      {
        message: 'Cannot query field "nope" on type "Query".',
        locations: [{ line: 2, column: 3 }],
        extensions: { code: 'GRAPHQL_VALIDATION_FAILED' },
      },
    ]);
  });

  it('in the variables reports the location but not the values', async () => {
    const query = 'mutation ($p: Person!) { greet(person: $p) }';
    const person = { name: 'Ada', password: 'correct horse', age: 'young', nickname: 'x' };
    const answer = await post(server.url, { query, variables: { p: person } }, graphqlResponse);
    expect(answer).toMatchObject({ status: 400, code: 'BAD_USER_INPUT', data: undefined });
    expect(answer.errors.map(({ message }) => message)).toEqual([
      expect.stringContaining('"$p.age"'),
      expect.stringContaining('"nickname"'),
    ]);
    expect(JSON.stringify(answer.errors)).not.toContain('correct horse');
  });

  it.each([
    ['missing', {}],
    ['null', { p: null }],
    [
      '60,000 characters long with a hundred mistakes',
      {
        p: Object.fromEntries([
          ['name', 'x'.repeat(60_000)],
          ...Array.from({ length: 100 }, (_, i) => [`wrong${i}`, 1] as const),
        ]) as Record<string, unknown>,
      },
    ],
  ])('reports a required variable that is %s', async (_what, variables) => {
    const query = 'mutation ($p: Person!) { greet(person: $p) }';
    const answer = await post(server.url, { query, variables }, graphqlResponse);
    expect(answer).toMatchObject({ status: 400, code: 'BAD_USER_INPUT' });
    expect(JSON.stringify(answer.errors).length).toBeLessThan(10_000);
  });

  it('in an argument is a client error if the variable is null', async () => {
    const query = 'query ($n: String = "x") { hello(name: $n) }';
    const answer = await post(server.url, { query, variables: { n: null } });
    expect(answer).toMatchObject({ status: 400, code: 'BAD_USER_INPUT' });
  });

  it('that refuses every field determines the status, and the response has no data', async () => {
    const alone = await post(server.url, { query: '{ forbidden }' });
    expect(alone).toMatchObject({ status: 429, code: 'RATE_LIMITED', data: undefined });
    expect(alone.headers.get('retry-after')).toBe('7');
    const beside = await post(server.url, { query: '{ forbidden hello(name: "x") }' });
    expect(beside).toMatchObject({ status: 200, code: 'RATE_LIMITED' });
    expect(beside.errors[0]).toMatchObject({ path: ['forbidden'] });
    const besideNull = await post(server.url, { query: '{ forbidden absent }' });
    expect(besideNull).toMatchObject({ status: 200, data: { forbidden: null, absent: null } });
  });

  it('that is expected includes its issues', async () => {
    const answer = await post(server.url, { query: '{ expected }' });
    expect(answer).toMatchObject({
      status: 200,
      code: 'VALIDATION_FAILED',
      data: { expected: null },
    });
    expect(answer.errors[0]?.extensions.issues).toEqual([
      { path: ['name'], message: 'This is too long.' },
    ]);
  });

  it('with a code passes through unchanged', async () => {
    const answer = await post(server.url, { query: '{ deliberate }' });
    expect(answer).toMatchObject({ status: 400, code: 'BAD_USER_INPUT' });
    expect(answer.errors[0]?.message).toBe('Invalid argument.');
  });

  it.each([
    ['crash', 'hunter2'],
    ['crashEverything', 'deep inside'],
    ['wrongType', 'internal text'],
    ['required', 'non-nullable'],
  ])('that is unexpected is masked and logged once: %s', async (field, secret) => {
    const requestId = `surprise-${field}`;
    const answer = await post(server.url, { query: `{ ${field} }` }, { 'x-request-id': requestId });
    expect(answer).toMatchObject({ status: 500, code: 'INTERNAL_SERVER_ERROR', data: undefined });
    expect(answer.errors[0]?.extensions).toEqual({ code: 'INTERNAL_SERVER_ERROR', requestId });
    expect(answer.errors[0]?.message).not.toContain(secret);
    const logged = server.logged().filter((line) => line.requestId === requestId && 'err' in line);
    expect(logged).toHaveLength(1);
    expect(JSON.stringify(logged)).toContain('stack');
  });

  it('is not repeated for each of many invalid fields', async () => {
    const query = `{ ${Array.from({ length: 150 }, (_, i) => `n${i}`).join(' ')} }`;
    const answer = await post(server.url, { query });
    expect(answer.errors.length).toBeLessThan(30);
  });
});
