import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';

import { describe, expect, it } from 'vitest';

import {
  memberToken,
  publishableKey,
  secretKey,
  useLiveServer,
  userToken,
} from '../../../test/live-server.ts';
import { ByteList, bytesOf } from '../../platform/bytes.ts';

const live = useLiveServer({ commentMs: 200 });
const { world } = live;

/** A response that is read only when the test asks for more. */
interface Stream {
  readonly response: IncomingMessage;
  /** Returns the next event or comment, or null at the end. */
  next(): Promise<string | null>;
}

async function open(
  headers: Readonly<Record<string, string>> = { 'x-api-key': secretKey },
  query = 'subscription { notes }',
): Promise<Stream> {
  const sent = request(live.endpoint, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream', ...headers },
  });
  sent.end(JSON.stringify({ query }));
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  const chunks = response.setEncoding('utf8').iterator() as AsyncIterator<string>;
  let text = '';
  return {
    response,
    async next() {
      for (;;) {
        const end = text.indexOf('\n\n');
        if (end >= 0) {
          const event = text.slice(0, end);
          text = text.slice(end + 2);
          return event;
        }
        const chunk = await chunks.next();
        if (chunk.done === true) return text === '' ? null : text;
        text += chunk.value;
      }
    },
  };
}

async function follow(headers?: Readonly<Record<string, string>>) {
  const stream = await open(headers);
  await expect.poll(() => world.feeds.length, { interval: 5 }).toBeGreaterThan(0);
  const feed = world.feeds.at(-1);
  if (feed === undefined) throw new Error('The subscription was not started.');
  return { stream, feed };
}

/** Skips comments. */
async function nextEvent(stream: Stream): Promise<string | null> {
  for (;;) {
    const event = await stream.next();
    if (event !== ':') return event;
  }
}

describe('an event stream', () => {
  it('contains the results and ends with complete', async () => {
    const { stream, feed } = await follow();
    expect(stream.response.statusCode).toBe(200);
    expect(stream.response.headers).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-cache, no-transform',
      'x-accel-buffering': 'no',
    });
    feed.push('{"data":{"n":12345678901234567890,\n"m":"\\n"}}');
    feed.push(ByteList.of('{"data":\r\n2}'));
    feed.complete();
    expect(await nextEvent(stream)).toBe(
      'event: next\ndata: {"data":{"n":12345678901234567890, "m":"\\n"}}',
    );
    expect(await nextEvent(stream)).toBe('event: next\ndata: {"data":  2}');
    expect(await nextEvent(stream)).toBe('event: complete\ndata: ');
    expect(await nextEvent(stream)).toBe(null);
  });

  it('contains comments while nothing happens', async () => {
    const { stream, feed } = await follow();
    expect(await stream.next()).toBe(':');
    expect(await stream.next()).toBe(':');
    feed.complete();
    expect(await nextEvent(stream)).toBe('event: complete\ndata: ');
  });

  it('is not compressed', async () => {
    const headers = { 'x-api-key': secretKey, 'accept-encoding': 'gzip, br' };
    const { stream, feed } = await follow(headers);
    feed.push(`{"data":"${'x'.repeat(5_000)}"}`);
    expect(await nextEvent(stream)).toContain('xxx');
    expect(stream.response.headers['content-encoding']).toBe(undefined);
    feed.complete();
  });

  it('contains the result of a query', async () => {
    const stream = await open(undefined, '{ ok }');
    expect(await nextEvent(stream)).toBe('event: next\ndata: {"data":{"ok":true}}');
    expect(await nextEvent(stream)).toBe('event: complete\ndata: ');
  });

  it('contains the errors of an operation', async () => {
    const stream = await open(undefined, 'subscription { refused }');
    expect(stream.response.statusCode).toBe(200);
    expect(await nextEvent(stream)).toContain('"code":"GRAPHQL_VALIDATION_FAILED"');
    expect(await nextEvent(stream)).toBe('event: complete\ndata: ');
    expect(await nextEvent(stream)).toBe(null);
  });

  it.each([
    ['without credentials', {}, 401],
    ['with an unknown key', { 'x-api-key': 'tsk_unknown' }, 401],
    [
      'with an expired token',
      { 'x-api-key': publishableKey, authorization: `Bearer ${userToken('ada', -31)}` },
      401,
    ],
    ['of a foreign page', { 'x-api-key': publishableKey, origin: 'https://evil.example' }, 403],
    ['with a secret key of a page', { 'x-api-key': secretKey, origin: 'https://app.example' }, 403],
    [
      'that views as another caller',
      { authorization: `Bearer ${memberToken}`, 'x-view-as': 'public' },
      400,
    ],
    ['with another content type', { 'x-api-key': secretKey, 'content-type': 'text/plain' }, 415],
  ])('is refused as over HTTP %s', async (_name, headers, status) => {
    const { response } = await open(headers);
    expect(response.statusCode).toBe(status);
    expect(response.headers['content-type']).toBe('application/json; charset=utf-8');
    response.resume();
  });

  it.each([
    ['text/event-stream', true],
    ['text/event-stream, multipart/mixed', true],
    ['application/json;q=0.5, text/event-stream', true],
    ['application/graphql-response+json, application/json, text/event-stream', false],
    ['*/*', false],
  ])('is the answer to Accept: %s is %s', async (accept, isStream) => {
    const { response } = await open({ 'x-api-key': secretKey, accept }, '{ ok }');
    expect(response.headers['content-type']?.startsWith('text/event-stream')).toBe(isStream);
    response.resume();
  });

  it('ends when the client disconnects', async () => {
    const { stream, feed } = await follow();
    stream.response.destroy();
    await expect.poll(() => feed.isClosed).toBe(true);
  });

  it.each<readonly [string, () => Readonly<Record<string, string>>, () => void]>([
    [
      'expires',
      () => ({ 'x-api-key': publishableKey, authorization: `Bearer ${userToken('ada', 1)}` }),
      () => undefined,
    ],
    ['is revoked', () => ({ 'x-api-key': secretKey }), () => world.revoked.add(secretKey)],
    [
      'belongs to a member who has left',
      () => ({ authorization: `Bearer ${memberToken}` }),
      () => (world.isMember = false),
    ],
  ])('ends with an error if the credential %s', async (_name, headers, change) => {
    const { stream, feed } = await follow(headers());
    feed.push('{"data":1}');
    expect(await nextEvent(stream)).toBe('event: next\ndata: {"data":1}');
    change();
    expect(await nextEvent(stream)).toContain('"code":"UNAUTHENTICATED"');
    expect(await nextEvent(stream)).toBe('event: complete\ndata: ');
    expect(await nextEvent(stream)).toBe(null);
    expect(feed.isClosed).toBe(true);
  });

  it('of a client that does not read is not filled', async () => {
    const { stream, feed } = await follow();
    const large = new ByteList()
      .add(bytesOf('{"data":"'))
      .add(Buffer.alloc(4_000_000, 'x'))
      .add(bytesOf('"}'));
    for (let index = 0; index < 10; index += 1) feed.push(large);
    await expect.poll(() => feed.pulls).toBeGreaterThan(0);
    await expect.poll(() => isSame(feed.pulls), { timeout: 5_000 }).toBe(true);
    expect(feed.pulls).toBeLessThan(8);
    for (let index = 0; index < 10; index += 1) {
      expect((await nextEvent(stream))?.length).toBeGreaterThan(4_000_000);
    }
    feed.complete();
  });
});

let last = -1;
/** Whether the value is the one of the last call. */
function isSame(value: number): boolean {
  const isLast = value === last;
  last = value;
  return isLast;
}

describe('when the gateway stops', () => {
  it('subscriptions end without complete, and new ones are refused', async () => {
    const { stream, feed } = await follow();
    await live.server.app.stopLive(1_000);
    expect(await nextEvent(stream)).toBe(null);
    expect(feed.isClosed).toBe(true);
    const refused = await open();
    expect(refused.response.statusCode).toBe(503);
    refused.response.resume();
  });
});
