import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';

import { getIntrospectionQuery } from 'graphql';
import { beforeAll, describe, expect, it } from 'vitest';

import { useApp } from '../../../test/app.ts';
import { connectRaw, type RawClient, type ServerMessage } from '../../../test/live-client.ts';
import { liveTransports, openConnection } from '../../../test/live/live-connection.ts';
import { makeProject, readTracker, type TestProject } from '../../../test/project-api.ts';

// Unusual requests on connections that stay open, each with the answer that it must have.

const app = useApp();
let project: TestProject;
let foreignCursor = '';

beforeAll(async () => {
  const tracker = await readTracker();
  const sdl = tracker.replaceAll(/^type (?!Label)(\w+) @model/gm, 'type $1 @model @live');
  project = await makeProject(app, sdl);
  const other = await makeProject(app, sdl);
  await other.data('mutation { createBoard(data: { key: "AB", name: "x" }) { id } }');
  foreignCursor = String((await other.data('{ changesCursor }'))['changesCursor']);
});

const refused = 'GRAPHQL_VALIDATION_FAILED';
const count = { issues: { totalCount: 0 } };
const withFirst = (type: string, value?: unknown) => ({
  query: `subscription ($n: ${type}) { issues(first: $n) { totalCount } }`,
  variables: { n: value },
});
const counting = (more: object) => ({ query: 'subscription { issues { totalCount } }', ...more });
const two = 'subscription A { issues { totalCount } } query B { boards { totalCount } }';
const id = '0198c5f2-7a3b-7c41-9d0e-5b6f1a2c3d4e';
const byIds = (length: number) => ({
  query: 'subscription ($i: [ID!]) { issues(where: { id: { in: $i } }) { totalCount } }',
  variables: { i: Array.from({ length }, () => id) },
});

/** The payload of a request, and the code of its error or the data of its first result. */
type Case = readonly [name: string, payload: () => object, expected: string | object];

const written = (query: string) => () => ({ query });
const cases: readonly Case[] = [
  [
    'a fragment on Subscription',
    written('subscription { ...F } fragment F on Subscription { issues { totalCount } }'),
    count,
  ],
  [
    'an inline fragment',
    written('subscription { ... on Subscription { issues { totalCount } } }'),
    count,
  ],
  ['aliases', written('subscription { x: issues { n: totalCount } }'), { x: { n: 0 } }],
  [
    'one field in two parts',
    written('subscription { issues { totalCount } issues { nodes { id } } }'),
    { issues: { totalCount: 0, nodes: [] } },
  ],
  [
    'two root fields',
    written('subscription { a: issues { totalCount } b: issues { totalCount } }'),
    refused,
  ],
  [
    '@skip at the root',
    written('subscription { issues @skip(if: false) { totalCount } }'),
    refused,
  ],
  [
    '@include with a variable at the root',
    () => ({
      query: 'subscription ($x: Boolean!) { issues @include(if: $x) { totalCount } }',
      variables: { x: true },
    }),
    refused,
  ],
  [
    '@skip at a fragment of the root',
    written(
      'subscription { ...F @skip(if: true) } fragment F on Subscription { issues { totalCount } }',
    ),
    refused,
  ],
  [
    '@skip below the root',
    () => ({
      query: 'subscription ($x: Boolean!) { issues { totalCount @skip(if: $x) nodes { id } } }',
      variables: { x: true },
    }),
    { issues: { nodes: [] } },
  ],
  ['only __typename', written('subscription { __typename }'), refused],
  ['introspection', written('subscription { __schema { queryType { name } } }'), refused],
  ['an unknown directive', written('subscription @live { issues { totalCount } }'), refused],
  ['@defer', written('subscription { issues { ... @defer { totalCount } } }'), refused],
  ['a field of Mutation', written('subscription { deleteIssues { count } }'), refused],
  ['a field of Query', written('subscription { changesCursor }'), refused],
  ['no selection', written('subscription { }'), 'GRAPHQL_PARSE_FAILED'],
  ['a variable of another type', () => withFirst('Int', 'x'), 'BAD_USER_INPUT'],
  ['a variable with a fraction', () => withFirst('Int', 1.5), 'BAD_USER_INPUT'],
  ['a variable without a value', () => withFirst('Int!'), 'BAD_USER_INPUT'],
  ['a huge page', () => withFirst('Int', 1e9), 'BAD_USER_INPUT'],
  [
    'a negative page',
    written('subscription { issues(first: -1) { nodes { id } } }'),
    'BAD_USER_INPUT',
  ],
  [
    'NUL in a text',
    written('subscription { issues(where: { title: { eq: "\\u0000" } }) { totalCount } }'),
    'BAD_USER_INPUT',
  ],
  [
    'a cursor of another project',
    () => ({ query: `subscription { issueChanges(after: "${foreignCursor}") { cursor } }` }),
    'CURSOR_EXPIRED',
  ],
  [
    'the cursor of a stream in a list',
    () => ({ query: `subscription { issues(after: "${foreignCursor}") { nodes { id } } }` }),
    'BAD_USER_INPUT',
  ],
  [
    'a malformed cursor',
    written('subscription { issueChanges(after: "x") { cursor } }'),
    'BAD_USER_INPUT',
  ],
  [
    'an empty cursor',
    written('subscription { issueChanges(after: "") { cursor } }'),
    'BAD_USER_INPUT',
  ],
  [
    'a number as a cursor',
    written('subscription { issueChanges(after: 1) { cursor } }'),
    'BAD_USER_INPUT',
  ],
  [
    'no operations',
    written('subscription { issueChanges(operations: []) { cursor } }'),
    'BAD_USER_INPUT',
  ],
  [
    'only RESET',
    written('subscription { issueChanges(operations: [RESET]) { cursor } }'),
    'BAD_USER_INPUT',
  ],
  ['a patch that is a text', () => counting({ extensions: { live: { patch: 'yes' } } }), count],
  ['live that is null', () => counting({ extensions: { live: null } }), count],
  ['live that is a list', () => counting({ extensions: { live: [true] } }), count],
  ['extensions that are null', () => counting({ extensions: null }), count],
  ['extensions that are a list', () => counting({ extensions: [] }), 'BAD_REQUEST'],
  ['another operation name', () => counting({ operationName: 'B' }), 'BAD_REQUEST'],
  ['an empty operation name', () => counting({ operationName: '' }), 'BAD_REQUEST'],
  ['no operation name', () => counting({ operationName: null }), count],
  ['the name of the subscription', () => ({ query: two, operationName: 'A' }), count],
  [
    'the name of the query',
    () => ({ query: two, operationName: 'B' }),
    { boards: { totalCount: 0 } },
  ],
  ['several operations without a name', written(two), 'BAD_REQUEST'],
  [
    'a relation that is not live',
    written('subscription { issues { nodes { labels { totalCount } } } }'),
    'NOT_LIVE',
  ],
  [
    'a filter in a variable that is not live',
    () => ({
      query: 'subscription ($w: IssueWhereInput) { issues(where: $w) { totalCount } }',
      variables: { w: { labels: { some: { name: { eq: 'a' } } } } },
    }),
    'NOT_LIVE',
  ],
  [
    'a long document',
    written(`subscription { issues { totalCount } } #${'x'.repeat(6_100)}`),
    'QUERY_TOO_LARGE',
  ],
  ['long variables', () => byIds(1_000), count],
  ['variables that are too long', () => byIds(2_000), 'PAYLOAD_TOO_LARGE'],
];

const codeIn = (payload: unknown): unknown => {
  // Errors of the API have this form: as a list, or as a member of a result.
  const errors = (Array.isArray(payload) ? payload : (payload as { errors?: unknown[] }).errors) as
    readonly { readonly extensions: { readonly code: unknown } }[] | undefined;
  return errors?.[0]?.extensions.code;
};

describe.each(liveTransports)('%s answers', (transport) => {
  it.each(cases)('%s', async (_name, payload, expected) => {
    const connection = await openConnection(
      transport,
      project.endpoint,
      { apiKey: project.key },
      payload(),
    );
    await expect.poll(() => connection.results.length, { timeout: 20_000 }).toBeGreaterThan(0);
    const [first] = connection.results;
    if (typeof expected === 'string') expect(codeIn(first)).toBe(expected);
    else expect(first).toEqual({ data: expected });
    connection.close();
  });
});

/** Sends a message, and returns the first answer or the code with which the connection was closed. */
async function answerTo(send: (client: RawClient) => void): Promise<ServerMessage | number> {
  const client = await connectRaw(project.endpoint);
  await client.init({ apiKey: project.key });
  send(client);
  try {
    return await client.next();
  } catch {
    return (await client.closed).code;
  } finally {
    client.socket.terminate();
  }
}

/** The TCP socket of a client, to send frames that its library would not send. */
const transportOf = ({ socket }: RawClient): Socket =>
  (socket as unknown as { readonly _socket: Socket })._socket;

describe('a message', () => {
  const answered = (of: string) => ({
    id: of,
    type: 'next',
    payload: { data: { __typename: 'Query' } },
  });
  it.each<readonly [string, string, object | number]>([
    [
      'with two ids',
      '{"id":"1","id":"2","type":"subscribe","payload":{"query":"{ __typename }"}}',
      answered('2'),
    ],
    [
      'with two queries',
      '{"id":"1","type":"subscribe","payload":{"query":"{ a }","query":"{ __typename }"}}',
      answered('1'),
    ],
    [
      'with the id __proto__',
      '{"id":"__proto__","type":"subscribe","payload":{"query":"{ __typename }"}}',
      answered('__proto__'),
    ],
    [
      'with an emoji as id',
      '{"id":"😀","type":"subscribe","payload":{"query":"{ __typename }"}}',
      answered('😀'),
    ],
    ['with other members', '{"type":"ping","x":[1,{"a":"}]"}]}', { type: 'pong' }],
    ['with a byte order mark', '\ufeff{"type":"ping"}', 4400],
    ['without a character', '', 4400],
    ['that is null', 'null', 4400],
    ['with a trailing comma', '{"type":"ping",}', 4400],
    ['with a comment', '{"type":"ping"}//', 4400],
    ['with a payload that is null', '{"id":"1","type":"subscribe","payload":null}', 4400],
    ['with a second connection_init', '{"type":"connection_init","payload":null}', 4429],
    ['with a token that is a number', '{"type":"ping","payload":{"userToken":1}}', 4400],
  ])('%s', async (_name, message, expected) => {
    expect(await answerTo((client) => client.send(message))).toEqual(expected);
  });

  it('that completes an unknown operation, or is a pong, is ignored', async () => {
    const answer = await answerTo((client) => {
      client.send({ id: 'unknown', type: 'complete' });
      client.send({ type: 'pong', payload: { a: 1 } });
      client.send({ type: 'ping' });
    });
    expect(answer).toEqual({ type: 'pong' });
  });

  it.each([
    // A text of two bytes that are not UTF-8, with a mask of zeros.
    ['is not UTF-8', [0x81, 0x82, 0, 0, 0, 0, 0xff, 0xfe], 1007],
    ['has reserved bits', [0xf1, 0x80, 0, 0, 0, 0], 1002],
    ['is not masked', [0x81, 0x01, 0x41], 1002],
    ['has an unknown opcode', [0x83, 0x80, 0, 0, 0, 0], 1002],
    ['is a long ping', [0x89, 0xfe, 0x01, 0x00, 0, 0, 0, 0], 1002],
    ['is longer than any body', [0x81, 0xff, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0], 1009],
  ])('whose frame %s closes the connection', async (_name, bytes, code) => {
    expect(await answerTo((client) => transportOf(client).write(Buffer.from(bytes)))).toBe(code);
  });

  it('can introspect the schema', async () => {
    const client = await connectRaw(project.endpoint);
    await client.init({ apiKey: project.key });
    const [result] = await client.run(getIntrospectionQuery());
    expect(JSON.stringify(result)).toContain('"subscriptionType":{"name":"Subscription"');
    client.socket.terminate();
  });
});

describe('an HTTP request', () => {
  const query = encodeURIComponent('subscription { issues { totalCount } }');
  const upgrade = [
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Protocol: graphql-transport-ws',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
  ];

  function send(
    method: string,
    search: string,
    headers: readonly string[],
    version = '1.1',
  ): Socket {
    const { port, hostname, pathname } = new URL(project.endpoint);
    const socket = connect(Number(port), hostname);
    socket.on('error', () => undefined);
    const lines = [`${method} ${pathname}${search} HTTP/${version}`, 'Host: tessera.test'];
    socket.write([...lines, `X-API-Key: ${project.key}`, ...headers, '', ''].join('\r\n'));
    return socket;
  }

  const subscriptions = () => app.liveStats().queries;
  const noSubscriptions = () => expect.poll(subscriptions, { timeout: 5_000 }).toBe(0);
  const accept = 'Accept: text/event-stream';

  it.each(['1.1', '1.0'])('GET with HTTP/%s is answered with an event stream', async (version) => {
    const socket = send('GET', `?query=${query}`, [accept], version);
    let received = '';
    socket.setEncoding('utf8').on('data', (part: string) => (received += part));
    await expect.poll(() => received).toContain('data: {"data":{"issues":{"totalCount":0}}}');
    expect(received).toMatch(/^HTTP\/1.1 200 OK/);
    expect(received.includes('Transfer-Encoding: chunked')).toBe(version === '1.1');
    socket.destroy();
    await noSubscriptions();
  });

  it('HEAD is answered without a body, and runs nothing', async () => {
    const socket = send('HEAD', `?query=${query}`, [accept, 'Connection: close']);
    expect(await text(socket)).toMatch(/^HTTP\/1.1 200 OK[^]*text\/event-stream[^]*\r\n\r\n$/);
    await noSubscriptions();
  });

  it('that its client half-closes ends', async () => {
    const socket = send('GET', `?query=${query}`, [accept]);
    socket.end();
    await text(socket);
    await noSubscriptions();
  });

  it('GET with a mutation gets the error of HTTP', async () => {
    const mutation = encodeURIComponent('mutation { deleteIssues(where: {}) { count } }');
    const socket = send('GET', `?query=${mutation}`, [accept, 'Connection: close']);
    expect(await text(socket)).toContain('"code":"METHOD_NOT_ALLOWED"');
  });

  it('for a WebSocket that its client half-closes ends', async () => {
    const socket = send('GET', '', upgrade);
    await once(socket, 'data');
    socket.end();
    await once(socket, 'close');
  });

  it.each([
    ['another version', 'GET', upgrade.map((line) => line.replace('13', '7')), 400],
    ['a malformed key', 'GET', upgrade.map((line) => line.replace('dGhlIHN', '')), 400],
    ['another method', 'POST', [...upgrade, 'Content-Length: 0'], 405],
  ])('for a WebSocket with %s is refused', async (_name, method, headers, status) => {
    expect(await text(send(method, '', headers))).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  });

  it('that follows a handshake is not read as one', async () => {
    const { pathname } = new URL(project.endpoint);
    const socket = send('GET', '', [...upgrade, '', `GET ${pathname} HTTP/1.1`]);
    // The WebSocket is closed, because the bytes are no frame.
    const received = await text(socket);
    expect(received).toMatch(/^HTTP\/1.1 101 /);
    expect(received.match(/HTTP\/1.1/g)).toHaveLength(1);
  });
});
