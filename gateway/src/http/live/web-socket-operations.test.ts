import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

import { describe, expect, it } from 'vitest';

import {
  follow,
  openLive,
  subscribe,
  useLiveServer,
  type Feed,
} from '../../../test/live-server.ts';
import { ByteList, bytesOf } from '../../platform/bytes.ts';

const live = useLiveServer();
const { world } = live;

describe('a subscription', () => {
  it('gets its results until it is complete', async () => {
    const client = await openLive(live);
    const feed = await follow(live, client, 'x');
    feed.push('{"data":{"n":1}}');
    feed.push(ByteList.of('{"data":{"n":12345678901234567890}}'));
    feed.push(null, [new Error('a secret')]);
    feed.complete();
    expect(await client.next()).toEqual({ id: 'x', type: 'next', payload: { data: { n: 1 } } });
    expect(await client.next()).toMatchObject({ type: 'next', payload: { data: {} } });
    expect(await client.next()).toMatchObject({
      payload: { errors: [{ extensions: { code: 'INTERNAL_SERVER_ERROR' } }] },
    });
    expect(await client.next()).toEqual({ id: 'x', type: 'complete' });
    // The id can be used again.
    await follow(live, client, 'x');
  });

  it('with the id of another one closes the connection', async () => {
    const client = await openLive(live);
    const feed = await follow(live, client, 'x');
    subscribe(client, 'x');
    expect(await client.closed).toMatchObject({ code: 4409 });
    await expect.poll(() => feed.isClosed).toBe(true);
  });

  it('ends when the client completes it, and its id can be used again', async () => {
    const client = await openLive(live);
    const feed = await follow(live, client, 'x');
    client.send({ id: 'x', type: 'complete' });
    await expect.poll(() => feed.isClosed).toBe(true);
    const second = await follow(live, client, 'x');
    second.push('{"data":2}');
    expect(await client.next()).toEqual({ id: 'x', type: 'next', payload: { data: 2 } });
  });

  it('waits while the gateway is busy, until the client completes it', async () => {
    const client = await openLive(live);
    world.busy = 2;
    const feed = await follow(live, client, 'x');
    expect(world.busy).toBe(0);
    feed.push('{"data":1}');
    expect(await client.next()).toEqual({ id: 'x', type: 'next', payload: { data: 1 } });
    world.busy = Infinity;
    subscribe(client, 'y');
    client.send({ id: 'y', type: 'complete' });
    // The connection ends no operation with an error, and runs others.
    expect(await client.run('{ ok }')).toHaveLength(2);
    expect(client.received).toEqual([]);
  });

  it('ends when the client disconnects', async () => {
    const client = await openLive(live);
    const feed = await follow(live, client, 'x');
    client.socket.terminate();
    await expect.poll(() => feed.isClosed).toBe(true);
  });

  it('is refused if a connection has a thousand', async () => {
    const client = await openLive(live);
    for (let index = 0; index < 1_000; index += 1) subscribe(client, `${index}`);
    await expect.poll(() => world.feeds.length, { interval: 5 }).toBe(1_000);
    subscribe(client, 'more');
    expect(await client.next()).toMatchObject({
      id: 'more',
      type: 'error',
      payload: [{ extensions: { code: 'RATE_LIMITED' } }],
    });
    for (const feed of world.feeds) feed.push('{"data":{}}');
    const ids = new Set<unknown>();
    for (let index = 0; index < 1_000; index += 1) ids.add((await client.next()).id);
    expect(ids.size).toBe(1_000);
    client.send({ id: '7', type: 'complete' });
    await follow(live, client, 'more');
  });

  it('of a client that stops reading is not read further, and costs little memory', async () => {
    const clients = await Promise.all(Array.from({ length: 20 }, () => openLive(live)));
    const feeds: Feed[] = [];
    for (const client of clients) feeds.push(await follow(live, client, 'x'));
    // All clients get the same bytes, which a cohort of live queries shares.
    const large = new ByteList()
      .add(bytesOf('{"data":"'))
      .add(Buffer.alloc(6_500_000, 'x'))
      .add(bytesOf('"}'));
    for (const client of clients) client.socket.pause();
    const before = usedMemory();
    for (const feed of feeds) for (let index = 0; index < 20; index += 1) feed.push(large);
    await expect.poll(() => feeds.every(({ pulls }) => pulls >= 1)).toBe(true);
    await expect.poll(() => samePulls(feeds), { timeout: 5_000 }).toBe(true);
    expect((usedMemory() - before) / clients.length).toBeLessThan(1_048_576);
    expect(Math.max(...feeds.map(({ pulls }) => pulls))).toBeLessThan(10);
    // A client that reads again gets all of it.
    clients[0]?.socket.resume();
    for (let index = 0; index < 20; index += 1) {
      const payload = (await clients[0]?.next())?.payload;
      expect(JSON.stringify(payload)).toHaveLength(large.length);
    }
    for (const { socket } of clients) socket.terminate();
    await expect.poll(() => feeds.every(({ isClosed }) => isClosed)).toBe(true);
  });

  it('of a client that stops reading wait with their results, however many there are', async () => {
    const client = await openLive(live);
    for (let index = 0; index < 200; index += 1) subscribe(client, `${index}`);
    await expect.poll(() => world.feeds.length, { interval: 5 }).toBe(200);
    client.socket.pause();
    const large = JSON.stringify({ data: 'x'.repeat(1_000_000) });
    const taken = () => world.feeds.reduce((sum, feed) => sum + feed.taken, 0);
    // Results that are ready in the same turn are taken together, and these are not.
    for (const feed of world.feeds) {
      feed.push(large);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(taken()).toBeLessThan(20);
    client.socket.resume();
    const ids = new Set<unknown>();
    for (let index = 0; index < 200; index += 1) ids.add((await client.next()).id);
    expect(ids.size).toBe(200);
    expect(taken()).toBe(200);
  });

  it('of clients that stop reading end when the project has used its memory for results', async () => {
    const clients = await Promise.all(Array.from({ length: 12 }, () => openLive(live)));
    for (const client of clients) await follow(live, client, 'x');
    for (const client of clients) client.socket.pause();
    // Each result is a text of its own. The project can have 32 MiB.
    for (const [index, feed] of world.feeds.entries()) {
      feed.push(JSON.stringify({ data: `${index}`.padEnd(6_000_000, 'x') }));
    }
    await expect
      .poll(() => world.feeds.filter(({ isClosed }) => isClosed).length)
      .toBeGreaterThan(4);
    expect(world.feeds.filter(({ isClosed }) => !isClosed).length).toBeGreaterThan(2);
  });
});

/** The memory that is in use after unused objects were collected. */
function usedMemory(): number {
  setFlagsFromString('--expose-gc');
  // The flag adds the function to new contexts.
  const collect = runInNewContext('gc') as () => void;
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

let lastPulls = '';
/** Whether no feed was read since the last call. */
function samePulls(feeds: readonly { readonly pulls: number }[]): boolean {
  const pulls = feeds.map((feed) => feed.pulls).join();
  const isSame = pulls === lastPulls;
  lastPulls = pulls;
  return isSame;
}

describe('queries and mutations', () => {
  it('fail with an error', async () => {
    const client = await openLive(live);
    world.execute = () => Promise.reject(new Error('a secret'));
    expect(await client.run('{ ok }')).toMatchObject([
      { type: 'error', payload: [{ extensions: { code: 'INTERNAL_SERVER_ERROR' } }] },
    ]);
  });

  it('keep the digits of numbers', async () => {
    const client = await openLive(live);
    const data = '{"n":1234567890123456789012345}';
    world.execute = () => Promise.resolve({ operationType: 'query', data, errors: [] });
    const texts: string[] = [];
    client.socket.on('message', (message: Buffer) => texts.push(message.toString()));
    await client.run('{ n }');
    expect(texts[0]).toContain(data);
  });
});
