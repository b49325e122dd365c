import { once } from 'node:events';

import { describe, expect, it } from 'vitest';

import { connectRaw, refusedHandshake, type RawClient } from '../../../test/live-client.ts';
import {
  follow,
  memberToken,
  openLive,
  publishableKey,
  secretKey,
  subscribe,
  useLiveServer,
  userToken,
} from '../../../test/live-server.ts';
import { projectErrors } from '../../data-plane/errors.ts';

const live = useLiveServer();
const { world } = live;

describe('the credentials of an open connection', () => {
  const ada = (more = {}) => ({ apiKey: publishableKey, userToken: userToken('ada'), ...more });

  it('that are revoked close it', async () => {
    const payload = ada();
    const clients = [await openLive(live), await openLive(live, payload)];
    const member = await openLive(live, { accessToken: memberToken });
    const feeds = [await follow(live, member, 'x'), await follow(live, clients[0] ?? member, 'x')];
    world.revoked.add(secretKey);
    world.revoked.add(payload.userToken);
    // Tokens are verified again when the settings change.
    world.settings = { allowedOrigins: [], trustedIssuers: [] };
    world.isMember = false;
    for (const client of [...clients, member]) {
      expect(await client.closed).toMatchObject({ code: 4401 });
    }
    await expect.poll(() => feeds.every(({ isClosed }) => isClosed)).toBe(true);
  });

  it('of a deleted project, or from an origin that was removed, close it', async () => {
    const headers = { origin: 'https://app.example' };
    const page = await connectRaw(live.endpoint, { headers });
    await page.init({ apiKey: publishableKey });
    const server = await openLive(live);
    world.settings = { allowedOrigins: ['https://other.example'], trustedIssuers: [] };
    expect(await page.closed).toMatchObject({ code: 4401 });
    expect(await server.run('{ ok }')).toHaveLength(2);
    world.settings = null;
    expect(await server.closed).toMatchObject({ code: 4401 });
  });

  it('with other access than before close it, so that the client connects again', async () => {
    const client = await openLive(live);
    world.access = { ...world.access, write: new Set() };
    expect(await client.closed).toMatchObject({ code: 4403 });
  });

  it('that expire close it', async () => {
    const client = await openLive(live, ada({ userToken: userToken('ada', 1) }));
    expect(await client.closed).toMatchObject({ code: 4403, reason: 'The token has expired.' });
  });

  it('are renewed by a ping', async () => {
    const client = await openLive(live, ada({ userToken: userToken('ada', 2) }));
    const feed = await follow(live, client, 'x');
    client.send({ type: 'ping', payload: { userToken: userToken('ada', 4) } });
    expect(await client.next()).toEqual({ type: 'pong' });
    const renewedAt = performance.now();
    feed.push('{"data":1}');
    expect(await client.next()).toMatchObject({ type: 'next' });
    expect(await client.closed).toMatchObject({ code: 4403 });
    expect(performance.now() - renewedAt).toBeGreaterThan(2_500);
  });

  it('are renewed with other claims, with which subscriptions continue', async () => {
    const client = await openLive(live, ada());
    const feeds = [await follow(live, client, 'x'), await follow(live, client, 'y')];
    const [first, second] = feeds;
    if (second !== undefined) second.renewalError = projectErrors.notFound();
    const claims = { role: 'admin' };
    client.send({ type: 'ping', payload: { userToken: userToken('ada', 100, claims) } });
    expect(await client.next()).toEqual({ type: 'pong' });
    for (const feed of feeds) expect(feed.renewals).toMatchObject([{ subject: { claims } }]);
    expect(await client.next()).toMatchObject({
      id: 'y',
      type: 'error',
      payload: [{ extensions: { code: 'NOT_FOUND' } }],
    });
    first?.push('{"data":1}');
    expect(await client.next()).toMatchObject({ id: 'x', type: 'next' });
  });

  it.each([
    ['of another user', () => userToken('bob'), 4403],
    ['that has expired', () => userToken('ada', -100), 4403],
    ['that is an access token', () => memberToken, 4400],
  ])('cannot be renewed with a token %s', async (_name, token, code) => {
    const client = await openLive(live, ada());
    client.send({ type: 'ping', payload: { userToken: token() } });
    expect((await client.closed).code).toBe(code);
  });

  it('cannot be renewed with a revoked token, or if they are only a key', async () => {
    const token = userToken('ada');
    world.revoked.add(token);
    const client = await openLive(live, ada());
    client.send({ type: 'ping', payload: { userToken: token } });
    expect(await client.closed).toMatchObject({ code: 4401 });
    const server = await openLive(live);
    server.send({ type: 'ping', payload: { userToken: userToken('ada') } });
    expect(await server.closed).toMatchObject({ code: 4400 });
  });
});

describe('with short limits', () => {
  const short = useLiveServer({
    initMs: 300,
    pingMs: 300,
    closeMs: 300,
    newNetworkConnections: 3,
    userConnections: 2,
    networkConnections: 2,
    projectConnections: 4,
    callerOperations: 2,
  });

  it('a connection that is not initialized is closed', async () => {
    const client = await connectRaw(short.endpoint);
    expect(await client.closed).toMatchObject({ code: 4408 });
  });

  it('a client that does not answer pings is disconnected', async () => {
    const client = await connectRaw(short.endpoint, { socket: { autoPong: false } });
    await client.init({ apiKey: secretKey });
    expect(await client.closed).toMatchObject({ code: 1006 });
  });

  it('a client that answers pings stays connected', async () => {
    const client = await connectRaw(short.endpoint);
    await client.init({ apiKey: secretKey });
    for (let pings = 0; pings < 5; pings += 1) await once(client.socket, 'ping');
    expect(await client.run('{ ok }')).toHaveLength(2);
    client.socket.terminate();
  });

  it('a network has only so many connections that are not initialized', async () => {
    const clients = await Promise.all([1, 2, 3].map(() => connectRaw(short.endpoint)));
    const refused = await refusedHandshake(short.endpoint);
    expect(refused).toMatchObject({ status: 429, code: 'RATE_LIMITED' });
    for (const client of clients) client.socket.terminate();
    await expect
      .poll(() => connectRaw(short.endpoint).catch(() => null), { timeout: 5_000 })
      .not.toBe(null);
  });

  it.each([
    ['signed-in users', () => ({ apiKey: publishableKey, userToken: userToken('ada') }), 2],
    ['signed-out callers of a network', () => ({ apiKey: publishableKey }), 2],
    ['members', () => ({ accessToken: memberToken }), 2],
    ['servers of a project', () => ({ apiKey: secretKey }), 4],
  ])('%s have only so many connections', async (_name, payload, max) => {
    const clients: RawClient[] = [];
    for (let index = 0; index < max; index += 1) {
      const client = await connectRaw(short.endpoint);
      await client.init(payload());
      clients.push(client);
    }
    const refused = await connectRaw(short.endpoint);
    refused.send({ type: 'connection_init', payload: payload() });
    expect(await refused.closed).toMatchObject({ code: 1013 });
    for (const client of clients) client.socket.close(1000);
    await Promise.all(clients.map(({ closed }) => closed));
    const again = await connectRaw(short.endpoint);
    await again.init(payload());
    again.socket.close(1000);
    await again.closed;
  });

  it('a user has only so many operations on all connections', async () => {
    const clients = [await connectRaw(short.endpoint), await connectRaw(short.endpoint)];
    const userTokens = [userToken('ada'), userToken('ada')];
    for (const [index, client] of clients.entries()) {
      await client.init({ apiKey: publishableKey, userToken: userTokens[index] });
      subscribe(client, 'x');
      await expect.poll(() => short.world.feeds.length).toBe(index + 1);
    }
    expect(await clients[0]?.run('subscription { notes }')).toMatchObject([
      { type: 'error', payload: [{ extensions: { code: 'RATE_LIMITED' } }] },
    ]);
    for (const client of clients) client.socket.terminate();
  });
});

describe('when the gateway stops', () => {
  const stopping = useLiveServer();

  it('subscriptions end, other operations complete, and clients connect elsewhere', async () => {
    const idle = await connectRaw(stopping.endpoint);
    const busy = await connectRaw(stopping.endpoint);
    for (const client of [idle, busy]) await client.init({ apiKey: secretKey });
    subscribe(busy, 'x');
    await expect.poll(() => stopping.world.feeds.length).toBe(1);
    let finish: (() => void) | null = null;
    stopping.world.execute = () =>
      new Promise((resolve) => {
        finish = () => resolve({ operationType: 'mutation', data: '{"done":1}', errors: [] });
      });
    subscribe(busy, 'y', 'mutation { done }');
    await expect.poll(() => finish).not.toBe(null);
    const stopped = stopping.server.app.stopLive(10_000);
    expect(await idle.closed).toMatchObject({ code: 1012 });
    await expect.poll(() => stopping.world.feeds[0]?.isClosed).toBe(true);
    expect(await refusedHandshake(stopping.endpoint)).toMatchObject({
      status: 503,
      code: 'NOT_READY',
    });
    (finish as unknown as () => void)();
    expect(await busy.next()).toMatchObject({ id: 'y', payload: { data: { done: 1 } } });
    expect(await busy.next()).toEqual({ id: 'y', type: 'complete' });
    expect(await busy.closed).toMatchObject({ code: 1012 });
    await stopped;
  });
});
