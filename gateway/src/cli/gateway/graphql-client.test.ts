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
    (data) => new Error(`It was answered: ${JSON.stringify(data)}`),
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

it('tells that nothing listens', async () => {
  const port = await freePort();
  expect(await failureOf(ask({ origin: `http://127.0.0.1:${port}` }))).toMatchObject({
    code: 'CONNECTION_REFUSED',
    message: `Nothing listens at 127.0.0.1:${port}.`,
  });
});

it('tells it of a name with two addresses too', async () => {
  const port = await freePort();
  const failure = await failureOf(ask({ origin: `http://localhost:${port}` }));
  expect(failure).toMatchObject({ code: 'CONNECTION_REFUSED' });
});

it('tells what it has no words for in those of the cause', async () => {
  // A port that browsers, and fetch, refuse to call.
  expect(await failureOf(ask({ origin: 'http://127.0.0.1:9' }))).toMatchObject({
    code: 'CONNECTION_FAILED',
    message: '127.0.0.1:9 could not be asked: bad port.',
  });
});

it('tells that a name is not known', async () => {
  const failure = await failureOf(ask({ origin: 'http://no-such-gateway.invalid' }));
  expect(failure).toMatchObject({
    code: 'UNKNOWN_HOST',
    message: 'The name no-such-gateway.invalid is not known.',
  });
});

it('tells that https was asked of a server without it', async () => {
  const failure = await failureOf(ask({ origin: gateway.origin.replace('http:', 'https:') }));
  expect(failure.code).toBe('TLS_FAILED');
  expect(failure.hint).toContain('scheme');
});

it('does not wait for ever, neither for an answer nor for its end', async () => {
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

it('tells that the connection was ended instead of answered', async () => {
  gateway.answer((response) => response.destroy());
  expect(await failureOf(ask())).toMatchObject({ code: 'CONNECTION_LOST' });
});

it('never follows a redirect with the key', async () => {
  gateway.answer({ status: 308, headers: { location: 'https://elsewhere.example/x' }, body: '' });
  const failure = await failureOf(ask());
  expect(failure.message).toContain('redirects to https://elsewhere.example.');
  expect(gateway.requests).toHaveLength(1);
});

it.each([
  ['a page', { status: 404, headers: { 'content-type': 'text/html' }, body: '<html>' }],
  ['another JSON', { body: { hello: 'world' } }],
  ['a list', { body: [] }],
  ['nothing', { status: 204, body: '' }],
  ['data that is none', { body: { data: 'x' } }],
  ['errors that are none', { body: { errors: ['x'] } }],
])('tells that %s is not the answer of a gateway', async (_what, answer) => {
  gateway.answer(answer);
  const failure = await failureOf(ask());
  expect(failure.message).toContain(`at ${gateway.origin}/graphql is not Tessera`);
});

const refusal = (code: string, extensions: object = {}) => ({
  body: { errors: [{ message: 'No.', extensions: { code, ...extensions } }], data: { x: null } },
});

it('says what a refused key may be', async () => {
  gateway.answer({ ...refusal('UNAUTHENTICATED'), status: 401 });
  const failure = await failureOf(ask());
  expect(failure).toMatchObject({ code: 'UNAUTHENTICATED', message: 'No.' });
  expect(failure.hint).toContain('expired or revoked');
  expect(JSON.stringify(failure)).not.toContain(key);
});

it("prefers the operation's own way out", async () => {
  gateway.answer(refusal('FORBIDDEN'));
  const failure = await failureOf(ask({ hints: { FORBIDDEN: 'Needs schema.apply.' } }));
  expect(failure).toMatchObject({ code: 'FORBIDDEN', hint: 'Needs schema.apply.' });
});

it('names the request under which a surprise was logged', async () => {
  gateway.answer(
    { ...refusal('INTERNAL_SERVER_ERROR', { requestId: 'r-1' }), status: 500 },
    { ...refusal('CONFLICT'), headers: { 'x-request-id': 'r-2' } },
  );
  expect(await failureOf(ask())).toMatchObject({ requestId: 'r-1' });
  expect(await failureOf(ask())).toMatchObject({ requestId: 'r-2' });
});

it('reads the error shape outside of GraphQL, and when to try again', async () => {
  gateway.answer({
    status: 503,
    headers: { 'retry-after': '7' },
    body: { error: { code: 'NOT_READY', message: 'Stopping.', requestId: 'r-3' } },
  });
  expect(await failureOf(ask())).toMatchObject({
    code: 'NOT_READY',
    message: 'Stopping.',
    hint: 'Try again in 7 s.',
    requestId: 'r-3',
  });
});
