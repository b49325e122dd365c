import { get, type IncomingMessage } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';

import { schemaOf, useHttpServer } from '../../test/http-server.ts';
import { createCompression, isCompressible, minCompressedBytes } from './compression.ts';

const long = 'ü🚀 '.repeat(20_000);
const schema = schemaOf(
  'type Query { long: String short: String } type Mutation { long: String }',
  { long: () => long, short: () => 'short' },
);
const server = useHttpServer({ schema });

interface Received {
  readonly headers: IncomingMessage['headers'];
  readonly bytes: Buffer;
}

/** `fetch` decodes bodies, and this does not. */
function request(path: string, accepted: string | null): Promise<Received> {
  return new Promise((resolve, reject) => {
    const headers = accepted === null ? {} : { 'accept-encoding': accepted };
    get(`${server.url}${path}`, { headers }, (response) => {
      buffer(response).then(
        (bytes) => resolve({ headers: response.headers, bytes }),
        (error: unknown) => reject(error as Error),
      );
    }).on('error', reject);
  });
}

const decode = ({ headers, bytes }: Received): Buffer => {
  const encoding = headers['content-encoding'];
  if (encoding === 'br') return brotliDecompressSync(bytes);
  return encoding === 'gzip' ? gunzipSync(bytes) : bytes;
};

const query = (text: string) => `/graphql?query=${encodeURIComponent(text)}`;

describe('a long response', () => {
  it.each([
    [null, undefined],
    ['', undefined],
    ['identity', undefined],
    ['gzip', 'gzip'],
    ['br', 'br'],
    ['gzip, deflate, br', 'br'],
    ['GZIP', 'gzip'],
    ['br;q=0.5, gzip;q=0.8', 'gzip'],
    ['br;q=0, gzip', 'gzip'],
    ['gzip;q=0', undefined],
    ['*', 'br'],
    ['*;q=0.5, br;q=0', 'gzip'],
    ['identity;q=0, gzip', 'gzip'],
    ['identity, gzip;q=0.5', undefined],
    ['deflate, compress, zstd', undefined],
    ['gzip;q=x, ;;,', undefined],
  ])('to "Accept-Encoding: %s" has the coding %s', async (accepted, encoding) => {
    const received = await request(query('{ long }'), accepted);
    expect(received.headers['content-encoding']).toBe(encoding);
    expect(received.headers.vary).toContain('Accept-Encoding');
    expect(String(decode(received))).toBe(JSON.stringify({ data: { long } }));
    if (encoding !== undefined) expect(received.bytes.length).toBeLessThan(long.length / 10);
  });

  it('outside GraphQL is compressed too', async () => {
    const received = await request('/metrics', 'gzip');
    expect(received.headers['content-encoding']).toBe('gzip');
    expect(String(decode(received))).toContain('process_cpu_user_seconds_total');
  });

  it('to a mutation of the management API is not compressed, because it can contain a secret', async () => {
    const response = await fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'accept-encoding': 'gzip, br' },
      body: JSON.stringify({ query: 'mutation { long }' }),
    });
    expect(response.headers.get('content-encoding')).toBeNull();
    expect(await response.json()).toEqual({ data: { long } });
  });
});

it('a short response is not compressed', async () => {
  const { headers, bytes } = await request(query('{ short }'), 'gzip, br');
  expect(headers['content-encoding']).toBeUndefined();
  expect(String(bytes)).toBe('{"data":{"short":"short"}}');
});

describe('compression', () => {
  it('has a maximum number of responses at a time', () => {
    const compression = createCompression({ maxConcurrent: 2 });
    const start = () => compression.start('gzip', minCompressedBytes);
    const [first, second] = [start(), start()];
    expect(second).not.toBeNull();
    expect(start()).toBeNull();
    first?.end();
    expect(start()).not.toBeNull();
    expect(start()).toBeNull();
  });

  it.each([
    ['application/json; charset=utf-8', true],
    ['application/graphql-response+json; charset=utf-8', true],
    ['text/html; charset=utf-8', true],
    ['image/svg+xml', true],
    ['image/png', false],
    ['font/woff2', false],
  ])('is worthwhile for %s: %s', (type, isWorthwhile) => {
    expect(isCompressible(type)).toBe(isWorthwhile);
  });
});
