import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';

import { describe, expect, it } from 'vitest';

import { connectRaw, refusedHandshake } from '../../../test/live-client.ts';
import {
  memberToken,
  openLive,
  publishableKey,
  ref,
  secretKey,
  subscribe,
  useLiveServer,
  userToken,
} from '../../../test/live-server.ts';

const live = useLiveServer();
const { world } = live;
describe('the handshake', () => {
  it('is refused outside of the APIs of projects', async () => {
    for (const path of ['/graphql', '/', `/p/${ref}/schema.graphql`, '/healthz']) {
      const refused = await refusedHandshake(`${live.server.url}${path}`);
      expect(refused).toMatchObject({ status: 404, code: 'NOT_FOUND' });
    }
  });

  it.each([[[]], [['graphql-ws']], [['graphql']]])(
    'is refused without the sub-protocol: %j',
    async (protocols) => {
      const refused = await refusedHandshake(live.endpoint, { protocols });
      expect(refused).toMatchObject({ status: 400, code: 'BAD_REQUEST' });
    },
  );

  it('is refused to pages of foreign origins', async () => {
    for (const origin of ['https://evil.example', 'null']) {
      const refused = await refusedHandshake(live.endpoint, { headers: { origin } });
      expect(refused).toMatchObject({ status: 403, code: 'FORBIDDEN' });
    }
    for (const origin of ['https://app.example', 'http://tessera.test']) {
      const client = await connectRaw(live.endpoint, { headers: { origin } });
      await client.init({ apiKey: publishableKey });
    }
  });

  it.each([
    ['authorization', 'Basic abc', 401, 'UNAUTHENTICATED'],
    ['x-api-key', 'no key', 401, 'UNAUTHENTICATED'],
    ['x-view-as', 'public', 400, 'BAD_REQUEST'],
  ])('is refused with the header %s: %s', async (name, value, status, code) => {
    const refused = await refusedHandshake(live.endpoint, { headers: { [name]: value } });
    expect(refused).toMatchObject({ status, code });
  });

  it('does not offer compression', async () => {
    const client = await connectRaw(live.endpoint, { socket: { perMessageDeflate: true } });
    expect(client.socket.extensions).toBe('');
  });

  it('of another protocol is ignored, so that the request is answered as usual', async () => {
    const { port } = new URL(live.server.url);
    const socket = connect(Number(port), '127.0.0.1');
    const body = '{"query":"{ ok }"}';
    socket.write(
      `POST /p/${ref}/graphql HTTP/1.1\r\nHost: tessera.test\r\nX-API-Key: ${secretKey}\r\n` +
        'Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n' +
        `Content-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    );
    const [first] = (await once(socket, 'data')) as [Buffer];
    expect(first.toString()).toMatch(/^HTTP\/1.1 200 OK[^]*\{"data":\{"ok":true\}\}$/);
    // The connection can be used for further requests.
    socket.end('GET /healthz HTTP/1.1\r\nHost: tessera.test\r\nConnection: close\r\n\r\n');
    expect(await text(socket)).toMatch(/^HTTP\/1.1 200 OK/);
  });
});

describe('connection_init', () => {
  it.each([
    ['no credentials', {}, 4401],
    ['an unknown key', { apiKey: 'tsk_unknown' }, 4401],
    ['a text that is not a key', { apiKey: 'key' }, 4401],
    ['a key that is not a text', { apiKey: 1 }, 4400],
    ['a user token without a key', { userToken: userToken('ada') }, 4400],
    ['an access token with a key', { apiKey: secretKey, accessToken: memberToken }, 4400],
    ['two tokens', { userToken: 'one', accessToken: 'two' }, 4400],
    ['an unknown access token', { accessToken: 'unknown' }, 4401],
    ['an expired token', { apiKey: publishableKey, userToken: userToken('ada', -31) }, 4403],
  ])('with %s closes the connection', async (_name, payload, code) => {
    const client = await connectRaw(live.endpoint);
    client.send({ type: 'connection_init', payload });
    expect(await client.closed).toMatchObject({ code });
    expect(client.received).toEqual([]);
  });

  it('with a secret key from a page of another origin closes the connection', async () => {
    const client = await connectRaw(live.endpoint, { headers: { origin: 'https://app.example' } });
    client.send({ type: 'connection_init', payload: { apiKey: secretKey } });
    expect(await client.closed).toMatchObject({ code: 4403 });
  });

  it('needs no payload if the headers contain the credentials', async () => {
    const client = await connectRaw(live.endpoint, { headers: { 'x-api-key': secretKey } });
    await client.init();
    expect(await client.run('{ ok }')).toEqual([
      { type: 'next', payload: { data: { ok: true } } },
      { type: 'complete' },
    ]);
  });

  it('with another key than the headers closes the connection', async () => {
    const client = await connectRaw(live.endpoint, { headers: { 'x-api-key': secretKey } });
    client.send({ type: 'connection_init', payload: { apiKey: publishableKey } });
    expect(await client.closed).toMatchObject({ code: 4400 });
  });

  it('is not read from the URL, and the log does not contain the URL', async () => {
    const client = await connectRaw(`${live.endpoint}?apiKey=${secretKey}`);
    client.send({ type: 'connection_init' });
    expect(await client.closed).toMatchObject({ code: 4401 });
    expect(JSON.stringify(live.server.logged())).not.toContain(secretKey);
  });

  it('admits members', async () => {
    const client = await openLive(live, { accessToken: memberToken });
    expect(await client.run('{ ok }')).toHaveLength(2);
  });

  it('that is sent twice closes the connection', async () => {
    const client = await openLive(live);
    client.send({ type: 'connection_init', payload: { apiKey: secretKey } });
    expect(await client.closed).toMatchObject({ code: 4429 });
  });

  it.each(['subscribe', 'subscribe at once'])('must come before %s', async (name) => {
    const client = await connectRaw(live.endpoint);
    if (name === 'subscribe at once') {
      // The gateway still looks up the member.
      client.send({ type: 'connection_init', payload: { accessToken: memberToken } });
    }
    subscribe(client, '1');
    expect(await client.closed).toMatchObject({ code: 4401 });
    expect(world.feeds).toEqual([]);
  });

  it('must be short', async () => {
    const client = await connectRaw(live.endpoint);
    client.send({ type: 'connection_init', payload: { more: 'x'.repeat(70_000) } });
    expect((await client.closed).code).toBe(1009);
  });
});

describe('a message', () => {
  it.each([
    ['no JSON', 'hello'],
    ['a list', '[]'],
    ['cut off', '{"type":"ping"'],
    ['two values', '{"type":"ping"}{}'],
    ['no type', '{"id":"1"}'],
    ['an unknown type', '{"type":"start"}'],
    ['a message of the server', '{"type":"next","id":"1","payload":{}}'],
    ['no id', '{"type":"subscribe","payload":{"query":"{ ok }"}}'],
    ['an empty id', '{"id":"","type":"complete"}'],
    ['an id that is not a text', '{"id":1,"type":"complete"}'],
    ['a long id', JSON.stringify({ id: 'x'.repeat(257), type: 'complete' })],
    ['no payload', '{"id":"1","type":"subscribe"}'],
    ['a payload that is a list', '{"id":"1","type":"subscribe","payload":[]}'],
    ['a payload of a ping that is a text', '{"type":"ping","payload":"x"}'],
    ['a deep payload', `{"type":"ping","payload":{"a":${'['.repeat(200)}${']'.repeat(200)}}}`],
    ['bytes', Buffer.from('{"type":"ping"}')],
  ])('with %s closes the connection', async (_name, message) => {
    const client = await openLive(live);
    client.send(message);
    expect(await client.closed).toMatchObject({ code: 4400 });
  });

  it.each([
    ['is not an object', '{ "a" }', 'BAD_REQUEST'],
    ['has no document', '{}', 'BAD_REQUEST'],
    ['has an unknown member', '{"query":"{ ok }","more":1}', 'BAD_REQUEST'],
    ['is too deep', `{"query":${'['.repeat(200)}${']'.repeat(200)}}`, 'BAD_REQUEST'],
    [
      'is refused by the data plane',
      '{"query":"subscription { refused }"}',
      'GRAPHQL_VALIDATION_FAILED',
    ],
  ])('whose request %s gets the error as over HTTP', async (_name, payload, code) => {
    const client = await openLive(live);
    client.send(`{ "id": "a\\"b", "payload": ${payload}, "type": "subscribe" }`);
    expect(await client.next()).toMatchObject({
      id: 'a"b',
      type: 'error',
      payload: [{ extensions: { code } }],
    });
    expect(await client.run('{ ok }')).toHaveLength(2);
  });

  it('whose request is longer than the body of a publishable key gets an error', async () => {
    const client = await openLive(live, { apiKey: publishableKey });
    const [error] = await client.run(`{ ok } #${'x'.repeat(1_048_576)}`);
    expect(error).toMatchObject({
      type: 'error',
      payload: [{ extensions: { code: 'PAYLOAD_TOO_LARGE' } }],
    });
  });

  it('that is longer than any body closes the connection', async () => {
    const client = await openLive(live);
    client.send(`{"id":"1","type":"subscribe","payload":{"query":"${'x'.repeat(8_400_000)}"}}`);
    expect(await client.closed).toMatchObject({ code: 1009 });
  });

  it('is answered by pong if it is a ping', async () => {
    const client = await connectRaw(live.endpoint);
    client.send({ type: 'ping', payload: { secret: 1 } });
    expect(await client.next()).toEqual({ type: 'pong' });
  });
});
