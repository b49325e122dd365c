import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import net from 'node:net';
import tls from 'node:tls';

import { afterEach, describe, expect, it, vi } from 'vitest';

import { createEgressClient, type EgressOptions } from './egress-client.ts';
import type { ResolveName } from './resolve-name.ts';

const cleanUps: (() => void)[] = [];
afterEach(() => {
  for (const cleanUp of cleanUps.splice(0)) cleanUp();
  vi.unstubAllEnvs();
});

async function listenOn(server: net.Server, host = '127.0.0.1', port = 0): Promise<number> {
  server.listen(port, host);
  await once(server, 'listening');
  // A server that listens on a port has an address with that port.
  return (server.address() as net.AddressInfo).port;
}

/** Starts a server that counts its requests. */
async function startServer(answer: RequestListener, host?: string, port?: number) {
  const requests: { url: string | undefined; headers: Record<string, unknown> }[] = [];
  const server: Server = createServer((request, response) => {
    requests.push({ url: request.url, headers: request.headers });
    answer(request, response);
  });
  const bound = await listenOn(server, host, port);
  cleanUps.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return { port: bound, requests, origin: `http://${host ?? '127.0.0.1'}:${bound}` };
}

const ok: RequestListener = (_request, response) => response.end('{}');
const json = { accept: 'application/json' };

/** Resolves names to the given answers, one after the other. */
function resolving(...answers: readonly (readonly string[])[]) {
  const names: string[] = [];
  const resolve: ResolveName = (name) => {
    names.push(name);
    return Promise.resolve(answers[Math.min(names.length, answers.length) - 1] ?? []);
  };
  return { names, resolve };
}

const failureOf = async (url: string, options: Partial<EgressOptions> = {}): Promise<unknown> => {
  const client = createEgressClient({ allowPrivate: false, ...options });
  try {
    return await client.get(url, json);
  } catch (error) {
    return Reflect.get(error as object, 'failure');
  }
};

describe('a URL', () => {
  it.each([
    'http://example.com/keys',
    'ftp://example.com/keys',
    'file:///etc/passwd',
    'data:application/json,{}',
    '//example.com',
    'example.com',
    '',
    'https://',
    'https://user@example.com/',
    'https://user:password@example.com/',
    'https://exa\nmple.com/',
    'https://example.com/\r\nHost: internal',
    'https://example.com\t/',
    'https://exam ple.com/',
    'https://example.com%0d%0aX-Header:1/',
    'https://[fe80::1%25eth0]/',
    'https://256.0.0.1/',
  ])('is rejected before its name is resolved: %j', async (url) => {
    const { names, resolve } = resolving(['1.1.1.1']);
    expect(await failureOf(url, { resolve })).toBe('URL_NOT_ALLOWED');
    expect(names).toEqual([]);
  });

  it('is rejected if it is too long', async () => {
    expect(await failureOf(`https://example.com/${'x'.repeat(2_048)}`)).toBe('URL_NOT_ALLOWED');
  });

  it.each([
    '127.0.0.1',
    '2130706433',
    '0x7f000001',
    '0x7f.1',
    '0177.0.0.1',
    '017700000001',
    '127.1',
    '127.0.1',
    '127.0.0.1.',
    '１２７.0.0.1',
    '127。0。0。1',
    '0',
    '0.0.0.0',
    '169.254.169.254',
    '[::1]',
    '[::]',
    '[0:0:0:0:0:0:0:1]',
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
    '[::127.0.0.1]',
    '[64:ff9b::127.0.0.1]',
    '[2002:7f00:1::]',
    '[fd00::1]',
    '[fe80::1]',
    'localhost',
    'LOCALHOST',
    'localhost.',
    'a.localhost',
  ])('with an address that is not public is rejected in every spelling: %s', async (host) => {
    expect(await failureOf(`https://${host}/`)).toBe('ADDRESS_NOT_ALLOWED');
  });
});

describe('a name', () => {
  it('is rejected if one of its addresses is not public', async () => {
    const { port, requests } = await startServer(ok);
    const { resolve } = resolving(['1.1.1.1', '127.0.0.1']);
    expect(await failureOf(`https://rebind.example:${port}/`, { resolve })).toBe(
      'ADDRESS_NOT_ALLOWED',
    );
    expect(requests).toEqual([]);
  });

  it('is resolved once, so that a second answer of its DNS server has no effect', async () => {
    const first = await startServer(ok, '127.0.0.2');
    const second = await startServer(ok, '127.0.0.1', first.port);
    const { names, resolve } = resolving(['127.0.0.2'], ['127.0.0.1']);
    const client = createEgressClient({ allowPrivate: true, resolve });
    expect(await client.get(`http://rebind.example:${first.port}/a?b`, json)).toMatchObject({
      status: 200,
    });
    expect(names).toEqual(['rebind.example']);
    expect(second.requests).toEqual([]);
    expect(first.requests).toMatchObject([
      {
        url: '/a?b',
        headers: { host: `rebind.example:${first.port}`, accept: 'application/json' },
      },
    ]);
  });

  it('that does not exist is reported', async () => {
    const { resolve } = resolving([]);
    expect(await failureOf('https://nowhere.example/', { resolve })).toBe('NAME_NOT_FOUND');
  });

  it('is sent in the TLS handshake, although the connection is made to the checked address', async () => {
    const names: string[] = [];
    const server = tls.createServer({
      SNICallback: (name, callback) => {
        names.push(name);
        callback(new Error('The test has no certificate.'));
      },
    });
    server.on('tlsClientError', () => undefined);
    const port = await listenOn(server);
    cleanUps.push(() => void server.close());
    const { resolve } = resolving(['127.0.0.1']);
    const url = `https://issuer.example:${port}/`;
    expect(await failureOf(url, { allowPrivate: true, resolve })).toBe('CONNECTION_FAILED');
    expect(names).toEqual(['issuer.example']);
  });

  it('cannot be looked up for longer than the time limit', async () => {
    const resolve: ResolveName = () => new Promise(() => undefined);
    expect(await failureOf('https://slow.example/', { resolve, timeoutMs: 20 })).toBe('TIMED_OUT');
  });
});

describe('a request', () => {
  it('has a header that marks it, and uses no proxy of the environment', async () => {
    const proxy = await startServer(ok);
    const server = await startServer(ok);
    const names = ['http_proxy', 'https_proxy', 'all_proxy', 'NODE_USE_ENV_PROXY'];
    for (const name of names) vi.stubEnv(name, `http://127.0.0.1:${proxy.port}`);
    expect(await failureOf(server.origin, { allowPrivate: true })).toMatchObject({ status: 200 });
    expect(proxy.requests).toEqual([]);
    expect(server.requests[0]?.headers).toMatchObject({
      'tessera-egress': '1',
      'accept-encoding': 'identity',
      connection: 'close',
    });
  });

  it('reaches an IPv6 literal', async () => {
    const { port } = await startServer(ok, '::1');
    expect(await failureOf(`http://[::1]:${port}/`, { allowPrivate: true })).toMatchObject({
      status: 200,
    });
  });
});

describe('a response', () => {
  const ask = async (answer: RequestListener, timeoutMs = 5_000) => {
    const { origin } = await startServer(answer);
    return failureOf(origin, { allowPrivate: true, timeoutMs });
  };

  it('is returned with its status', async () => {
    const answer = await ask((_request, response) => response.writeHead(404).end('missing'));
    expect(answer).toEqual({ status: 404, body: Buffer.from('missing') });
  });

  it.each([301, 302, 303, 307, 308])('that redirects is not followed: %i', async (status) => {
    const inner = await startServer(ok);
    const answer = await ask((_request, response) =>
      response.writeHead(status, { location: inner.origin }).end(),
    );
    expect(answer).toBe('REDIRECTED');
    expect(inner.requests).toEqual([]);
  });

  it('can have 65,536 bytes and no more', async () => {
    const body =
      (bytes: number): RequestListener =>
      (_request, response) =>
        response.end(Buffer.alloc(bytes));
    expect(await ask(body(65_536))).toMatchObject({ status: 200 });
    expect(await ask(body(65_537))).toBe('RESPONSE_TOO_LARGE');
  });

  it('without an end is cut off', async () => {
    const closed: Promise<unknown>[] = [];
    const answer = await ask((_request, response) => {
      closed.push(once(response, 'close'));
      const write = () => {
        while (!response.destroyed && response.write(Buffer.alloc(16_384)));
      };
      response.on('drain', write);
      write();
    });
    expect(answer).toBe('RESPONSE_TOO_LARGE');
    await Promise.all(closed);
  });

  it('that arrives slowly is cut off when the time is over', async () => {
    const closed: Promise<unknown>[] = [];
    const answer = await ask((_request, response) => {
      const timer = setInterval(() => response.write(' '), 5);
      closed.push(once(response, 'close').finally(() => clearInterval(timer)));
    }, 100);
    expect(answer).toBe('TIMED_OUT');
    await Promise.all(closed);
  });

  it('that never begins is cut off when the time is over', async () => {
    const closed: Promise<unknown>[] = [];
    const answer = await ask((request) => {
      closed.push(once(request.socket, 'close'));
    }, 50);
    expect(answer).toBe('TIMED_OUT');
    await Promise.all(closed);
  });

  it('that is compressed is rejected, because it could expand without limit', async () => {
    const answer = await ask((_request, response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end('x'),
    );
    expect(answer).toBe('RESPONSE_NOT_READABLE');
  });

  it('that is cut short is an error', async () => {
    const answer = await ask((_request, response) => {
      response.writeHead(200, { 'content-length': '10' });
      response.write('12345', () => response.destroy());
    });
    expect(answer).toBe('CONNECTION_FAILED');
  });

  it('that is not HTTP is an error', async () => {
    const server = net.createServer((socket) => socket.end('220 mail.example ESMTP\r\n'));
    const port = await listenOn(server);
    cleanUps.push(() => void server.close());
    expect(await failureOf(`http://127.0.0.1:${port}/`, { allowPrivate: true })).toBe(
      'CONNECTION_FAILED',
    );
  });
});
