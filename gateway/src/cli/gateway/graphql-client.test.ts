import { expect, it } from 'vitest';
import { freePort } from '../../../test/process.ts';
import { useStandInGateway } from '../../../test/stand-in-gateway.ts';
import { CliError } from '../cli-error.ts';
import { graphqlAddress } from './credentials.ts';
import { createGraphqlClient } from './graphql-client.ts';

const gateway = useStandInGateway();
const key = 'tsk_0123456789';

function ask(
  options: { origin?: string; timeoutMs?: number; hints?: Readonly<Record<string, string>> } = {},
): Promise<unknown> {
  const { origin = gateway.origin, timeoutMs = 10_000, hints } = options;
  const client = createGraphqlClient({ address: graphqlAddress(origin), key, timeoutMs });
  return client.request('{ currentApiKey { id } }', { a: 1 }, hints);
}

async function failureOf(asked: Promise<unknown>): Promise<CliError> {
  const error = await asked.then(
    (data) => new Error(`The request succeeded: ${JSON.stringify(data)}`),
    (thrown: unknown) => thrown,
  );
  if (error instanceof CliError) return error;
  throw error;
}

it('sends the document with the key, and returns the data', async () => {
  gateway.answer({ body: { data: { currentApiKey: null } } });
  expect(await ask()).toEqual({ currentApiKey: null });
  const [request] = gateway.requests;
  expect(request?.path).toBe('/graphql');
  expect(request?.headers.authorization).toBe(`Bearer ${key}`);
  expect(request?.body).toEqual({ query: '{ currentApiKey { id } }', variables: { a: 1 } });
});

it('reports a refused connection', async () => {
  const port = await freePort();
  expect(await failureOf(ask({ origin: `http://127.0.0.1:${port}` }))).toMatchObject({
    code: 'CONNECTION_REFUSED',
    message: `Connection to 127.0.0.1:${port} refused.`,
  });
});

it('reports a refused connection for a host name with two addresses', async () => {
  const port = await freePort();
  const failure = await failureOf(ask({ origin: `http://localhost:${port}` }));
  expect(failure).toMatchObject({ code: 'CONNECTION_REFUSED' });
});

it("reports the root cause's message if there is no error code", async () => {
  // Fetch refuses to connect to this port.
  expect(await failureOf(ask({ origin: 'http://127.0.0.1:9' }))).toMatchObject({
    code: 'CONNECTION_FAILED',
    message: 'The request to 127.0.0.1:9 failed: bad port.',
  });
});

it('reports an unknown host name', async () => {
  const failure = await failureOf(ask({ origin: 'http://no-such-gateway.invalid' }));
  expect(failure).toMatchObject({
    code: 'UNKNOWN_HOST',
    message: 'Host no-such-gateway.invalid not found.',
  });
});

it('reports an https address of a server that does not support TLS', async () => {
  const failure = await failureOf(ask({ origin: gateway.origin.replace('http:', 'https:') }));
  const host = new URL(gateway.origin).host;
  expect(failure).toMatchObject({
    code: 'TLS_FAILED',
    message: `${host} does not use TLS.`,
    hint: `Did you mean http://${host}?`,
  });
});

it('stops waiting for the headers and for the body of a response', async () => {
  gateway.answer(
    () => undefined,
    (response) => void response.write('{"data":'),
  );
  for (const missing of ['head', 'body']) {
    const failure = await failureOf(ask({ timeoutMs: 300 }));
    expect(failure.code, missing).toBe('NO_ANSWER');
    expect(failure.message).toContain('within 0.3 s');
  }
});

it('reports a connection that was closed without a response', async () => {
  gateway.answer((response) => response.destroy());
  expect(await failureOf(ask())).toMatchObject({ code: 'CONNECTION_LOST' });
});

it('never sends the key to the target of a redirect', async () => {
  gateway.answer({ status: 308, headers: { location: 'https://elsewhere.example/x' }, body: '' });
  const failure = await failureOf(ask());
  expect(failure.message).toContain('redirects to https://elsewhere.example.');
  expect(gateway.requests).toHaveLength(1);
});

it.each([
  ['an HTML page', { status: 404, headers: { 'content-type': 'text/html' }, body: '<html>' }],
  ['unrelated JSON', { body: { hello: 'world' } }],
  ['a list', { body: [] }],
  ['an empty body', { status: 204, body: '' }],
  ['malformed data', { body: { data: 'x' } }],
  ['malformed errors', { body: { errors: ['x'] } }],
])('reports that a response with %s does not come from a gateway', async (_what, answer) => {
  gateway.answer(answer);
  const failure = await failureOf(ask());
  expect(failure.message).toContain(`${gateway.origin}/graphql is not a Tessera gateway`);
});

const refusal = (code: string, extensions: object = {}) => ({
  body: { errors: [{ message: 'No.', extensions: { code, ...extensions } }], data: { x: null } },
});

it('lists possible reasons for a rejected key', async () => {
  gateway.answer({ ...refusal('UNAUTHENTICATED'), status: 401 });
  const failure = await failureOf(ask());
  expect(failure).toMatchObject({ code: 'UNAUTHENTICATED', message: 'No.' });
  expect(failure.hint).toContain('expired or revoked');
  expect(JSON.stringify(failure)).not.toContain(key);
});

it("prefers the operation's own hint", async () => {
  gateway.answer(refusal('FORBIDDEN'));
  const failure = await failureOf(ask({ hints: { FORBIDDEN: 'Needs schema.apply.' } }));
  expect(failure).toMatchObject({ code: 'FORBIDDEN', hint: 'Needs schema.apply.' });
});

it('reports the id of the failed request', async () => {
  gateway.answer(
    { ...refusal('INTERNAL_SERVER_ERROR', { requestId: 'r-1' }), status: 500 },
    { ...refusal('CONFLICT'), headers: { 'x-request-id': 'r-2' } },
  );
  expect(await failureOf(ask())).toMatchObject({ requestId: 'r-1' });
  expect(await failureOf(ask())).toMatchObject({ requestId: 'r-2' });
});

it('reads errors that are not GraphQL responses, and the Retry-After header', async () => {
  gateway.answer({
    status: 503,
    headers: { 'retry-after': '7' },
    body: { error: { code: 'NOT_READY', message: 'Shutting down.', requestId: 'r-3' } },
  });
  expect(await failureOf(ask())).toMatchObject({
    code: 'NOT_READY',
    message: 'Shutting down.',
    hint: 'Try again in 7 s.',
    requestId: 'r-3',
  });
});
