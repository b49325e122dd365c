import { once } from 'node:events';
import { connect } from 'node:net';
import { buildSchema } from 'graphql';
import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';

import { schemaOf, useHttpServer } from '../../test/http-server.ts';
import { Secret } from '../platform/environment/secret.ts';

const schema = schemaOf('type Query { hello: String }', {});

interface ErrorBody {
  readonly error?: { readonly code: string; readonly message: string; readonly requestId: string };
}
const errorOf = async (answer: Response): Promise<ErrorBody['error']> =>
  // The tests below check the properties.
  ((await answer.json()) as ErrorBody).error;

describe('every response', () => {
  const server = useHttpServer({ schema, publicUrl: new URL('https://tessera.example') });

  it.each(['/', '/graphql', '/healthz', '/readyz', '/metrics', '/nowhere'])(
    'has the security headers: %s',
    async (path) => {
      const { headers } = await fetch(`${server.url}${path}`);
      expect(headers.get('content-security-policy')).toContain("default-src 'none'");
      expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('cross-origin-opener-policy')).toBe('same-origin');
      expect(headers.get('strict-transport-security')).toBe('max-age=31536000');
    },
  );

  it('from the API is not cached', async () => {
    for (const path of ['/graphql?query=%7B__typename%7D', '/readyz', '/nowhere']) {
      const answer = await fetch(`${server.url}${path}`);
      expect(answer.headers.get('cache-control')).toBe('no-store');
    }
  });

  it('includes the request id that the client sent', async () => {
    const headers = { 'x-request-id': 'trace-1.A_b' };
    const answer = await fetch(`${server.url}/nowhere`, { headers });
    expect(answer.headers.get('x-request-id')).toBe('trace-1.A_b');
    expect(await errorOf(answer)).toMatchObject({ requestId: 'trace-1.A_b' });
  });

  it.each(['', 'with space', 'x'.repeat(65), '<script>', 'a,b'])(
    'gets a new request id if the client sent an unusable one: "%s"',
    async (given) => {
      const answer = await fetch(`${server.url}/healthz`, { headers: { 'x-request-id': given } });
      expect(answer.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    },
  );
});

describe('routing', () => {
  const server = useHttpServer({ schema });

  it.each([
    '/nowhere',
    '/graphiql/',
    '/graphiql/x.js',
    '/p/abcdefghijklmnop/nothing',
    '/p/abcdefghijklmnop',
    '/p/',
    '/..%2f',
    '//evil',
  ])('returns NOT_FOUND for an unknown path: %s', async (path) => {
    const answer = await fetch(`${server.url}${path}`);
    expect(answer.status).toBe(404);
    expect(await errorOf(answer)).toMatchObject({ code: 'NOT_FOUND' });
  });

  it('accepts a trailing slash', async () => {
    expect((await fetch(`${server.url}/healthz/`)).status).toBe(200);
  });

  it('publishes the schema language, which clients can cache', async () => {
    const url = `${server.url}/schema-language.graphql`;
    const answer = await fetch(url);
    expect(answer.headers.get('content-type')).toBe('application/graphql; charset=utf-8');
    expect(buildSchema(await answer.text()).getDirective('model')).toBeDefined();
    const headers = { 'if-none-match': answer.headers.get('etag') ?? '' };
    expect((await fetch(url, { headers })).status).toBe(304);
  });

  it('rejects an address that is too long', async () => {
    const answer = await fetch(`${server.url}/${'x'.repeat(9_000)}`);
    expect(answer.status).toBe(414);
    expect(await errorOf(answer)).toMatchObject({ code: 'URI_TOO_LONG' });
  });

  it('accepts an absolute URL, as proxies send it', async () => {
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
    socket.end(
      'GET http://tessera.example/healthz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n',
    );
    const [answer] = (await once(socket, 'data')) as [Buffer];
    socket.destroy();
    expect(answer.toString()).toContain('HTTP/1.1 200');
  });

  it('rejects POST on read-only addresses', async () => {
    for (const path of ['/', '/schema-language.graphql', '/healthz', '/readyz', '/metrics']) {
      const answer = await fetch(`${server.url}${path}`, { method: 'POST', body: 'x' });
      expect(answer.status).toBe(405);
      expect(answer.headers.get('allow')).toBe('GET, HEAD');
      expect(await errorOf(answer)).toMatchObject({ code: 'METHOD_NOT_ALLOWED' });
    }
  });

  it('rejects a request that a gateway sent, unless it only reads', async () => {
    const headers = { 'tessera-egress': '1', 'content-type': 'application/json' };
    const body = '{"query":"{ hello }"}';
    const answer = await fetch(`${server.url}/graphql`, { method: 'POST', headers, body });
    expect(answer.status).toBe(403);
    expect(await errorOf(answer)).toMatchObject({ code: 'FORBIDDEN' });
    expect((await fetch(`${server.url}/healthz`, { headers })).status).toBe(200);
  });

  it('responds to HEAD without a body', async () => {
    const answer = await fetch(`${server.url}/healthz`, { method: 'HEAD' });
    expect(answer.status).toBe(200);
    expect(Number(answer.headers.get('content-length'))).toBeGreaterThan(10);
    expect(await answer.text()).toBe('');
  });
});

describe('pages', () => {
  const server = useHttpServer({ schema });
  const accept = 'text/html';

  it('are compressed, and are not sent again if they have not changed', async () => {
    const first = await fetch(`${server.url}/graphql`, { headers: { accept } });
    expect(first.headers.get('content-encoding')).toBe('gzip');
    expect(await first.text()).toContain('<title>Tessera GraphiQL</title>');
    const etag = first.headers.get('etag') ?? '';
    const again = await fetch(`${server.url}/graphql`, {
      headers: { accept, 'if-none-match': etag },
    });
    expect(again.status).toBe(304);
    expect(await again.text()).toBe('');
  });

  it('are not compressed if the client does not accept gzip', async () => {
    const answer = await fetch(`${server.url}/graphql`, {
      headers: { accept, 'accept-encoding': 'identity' },
    });
    expect(answer.headers.get('content-encoding')).toBeNull();
    expect(await answer.text()).toContain('<title>Tessera GraphiQL</title>');
  });

  it('reference files that can be cached forever', async () => {
    const page = await fetch(`${server.url}/graphql`, { headers: { accept: 'text/html' } });
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    const policy = page.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("script-src 'self';");
    const paths = [...(await page.text()).matchAll(/"(\/graphiql\/[^"]+)"/g)].map(
      ([, path]) => path,
    );
    expect(paths).toHaveLength(3);
    for (const path of paths) {
      const file = await fetch(`${server.url}${path ?? ''}`);
      expect(file.status).toBe(200);
      expect(file.headers.get('cache-control')).toContain('immutable');
      await file.arrayBuffer();
    }
  });
});

describe('the health checks', () => {
  let problem: () => Promise<string | null> = () => Promise.resolve(null);
  let checks = 0;
  const server = useHttpServer({
    schema,
    checkReadiness: () => {
      checks += 1;
      return problem();
    },
  });
  const ready = async () => {
    const answer = await fetch(`${server.url}/readyz`);
    return { status: answer.status, error: await errorOf(answer) };
  };

  it('succeed if everything works', async () => {
    expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
    expect((await ready()).status).toBe(200);
  });

  it('report the reason if the gateway is not ready', async () => {
    problem = () => Promise.resolve('Migrations are missing: 0002_more.');
    expect(await ready()).toMatchObject({
      status: 503,
      error: { code: 'NOT_READY', message: 'Migrations are missing: 0002_more.' },
    });
  });

  it('report a database failure, with details only in the log', async () => {
    problem = () => Promise.reject(new Error('ECONNREFUSED 10.0.0.7'));
    expect(await ready()).toMatchObject({
      status: 503,
      error: { message: 'The database is not responding.' },
    });
    expect(JSON.stringify(server.logged())).toContain('ECONNREFUSED 10.0.0.7');
    expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
  });

  it('time out, and concurrent requests share one check', async () => {
    problem = () => wait(60_000, null, { ref: false });
    checks = 0;
    const answers = await Promise.all([ready(), ready(), ready()]);
    expect(answers.map(({ status }) => status)).toEqual([503, 503, 503]);
    expect(checks).toBe(1);
  });

  it('report that the server is shutting down', async () => {
    problem = () => Promise.resolve(null);
    server.app.setDraining();
    expect(await ready()).toMatchObject({ status: 503, error: { code: 'NOT_READY' } });
    expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
  });
});

describe('metrics without a token', () => {
  const server = useHttpServer({ schema });

  it('are available from this machine', async () => {
    await fetch(`${server.url}/nowhere`);
    const answer = await fetch(`${server.url}/metrics`);
    expect(answer.headers.get('content-type')).toContain('text/plain');
    expect(await answer.text()).toMatch(
      /tessera_http_request_duration_seconds_count\{method="GET",route="other",status="404"\} 1/,
    );
  });

  it('are not available through a proxy on this machine', async () => {
    const headers = { 'x-forwarded-for': '198.51.100.7' };
    const answer = await fetch(`${server.url}/metrics`, { headers });
    expect(answer.status).toBe(403);
    expect(await answer.text()).not.toContain('tessera_http');
  });
});

describe('metrics with a token', () => {
  const server = useHttpServer({ schema, metricsToken: new Secret('a-long-metrics-token') });
  const status = async (headers: Record<string, string>) =>
    (await fetch(`${server.url}/metrics`, { headers })).status;

  it('require the token', async () => {
    expect(await status({ authorization: 'Bearer a-long-metrics-token' })).toBe(200);
    expect(await status({ authorization: 'Bearer a-long-metrics-tokem' })).toBe(401);
    expect(await status({})).toBe(401);
  });
});

describe('the request log', () => {
  const server = useHttpServer({ schema });

  it('has one line per request, without the query', async () => {
    await fetch(`${server.url}/graphql?query=%7B__typename%7D&secret=hunter2`, {
      headers: { 'x-request-id': 'logged-1', cookie: 'a=hunter2', 'x-other': 'hunter2' },
    });
    await expect
      .poll(() => server.logged().filter(({ requestId }) => requestId === 'logged-1'))
      .toEqual([
        {
          level: 'info',
          time: expect.any(String) as string,
          requestId: 'logged-1',
          method: 'GET',
          path: '/graphql',
          status: 200,
          ms: expect.any(Number) as number,
          principal: 'anonymous',
          ipAddress: '127.0.0.1',
          msg: 'request',
        },
      ]);
    expect(JSON.stringify(server.logged())).not.toContain('hunter2');
  });

  it('marks requests whose client disconnected', async () => {
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
    socket.write(
      'POST /graphql HTTP/1.1\r\nhost: x\r\nx-request-id: gone-1\r\n' +
        'content-type: application/json\r\ncontent-length: 10\r\n\r\n{',
      () => socket.destroy(),
    );
    await expect
      .poll(() => server.logged().find(({ requestId }) => requestId === 'gone-1'))
      .toMatchObject({ aborted: true, level: 'info' });
  });
});
