import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';

import { schemaOf, useHttpServer } from '../../test/http-server.ts';
import { Secret } from '../platform/environment/secret.ts';

const schema = schemaOf('type Query { hello: String }', {});

interface ErrorBody {
  readonly error?: { readonly code: string; readonly message: string; readonly requestId: string };
}
const errorOf = async (answer: Response): Promise<ErrorBody['error']> =>
  // The shape that is being tested.
  ((await answer.json()) as ErrorBody).error;

describe('every answer', () => {
  const server = useHttpServer({ schema, publicUrl: new URL('https://tessera.example') });

  it.each(['/', '/graphql', '/healthz', '/readyz', '/metrics', '/nowhere'])(
    'carries the headers that protect it: %s',
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

  it('of the API is kept by nobody', async () => {
    for (const path of ['/graphql?query=%7B__typename%7D', '/readyz', '/nowhere']) {
      const answer = await fetch(`${server.url}${path}`);
      expect(answer.headers.get('cache-control')).toBe('no-store');
    }
  });

  it('carries the id that the caller gave', async () => {
    const headers = { 'x-request-id': 'trace-1.A_b' };
    const answer = await fetch(`${server.url}/nowhere`, { headers });
    expect(answer.headers.get('x-request-id')).toBe('trace-1.A_b');
    expect(await errorOf(answer)).toMatchObject({ requestId: 'trace-1.A_b' });
  });

  it.each(['', 'with blank', 'x'.repeat(65), '<script>', 'a,b'])(
    'carries an id of its own where the given one is unusable: "%s"',
    async (given) => {
      const answer = await fetch(`${server.url}/healthz`, { headers: { 'x-request-id': given } });
      expect(answer.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    },
  );
});

describe('addresses', () => {
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
  ])('that lead nowhere say so: %s', async (path) => {
    const answer = await fetch(`${server.url}${path}`);
    expect(answer.status).toBe(404);
    expect(await errorOf(answer)).toMatchObject({ code: 'NOT_FOUND' });
  });

  it('may end in a slash', async () => {
    expect((await fetch(`${server.url}/healthz/`)).status).toBe(200);
  });

  it('that are too long are refused', async () => {
    const answer = await fetch(`${server.url}/${'x'.repeat(9_000)}`);
    expect(answer.status).toBe(414);
    expect(await errorOf(answer)).toMatchObject({ code: 'URI_TOO_LONG' });
  });

  it('may be written out in full, as proxies do', async () => {
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
    socket.end(
      'GET http://tessera.example/healthz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n',
    );
    const [answer] = (await once(socket, 'data')) as [Buffer];
    socket.destroy();
    expect(answer.toString()).toContain('HTTP/1.1 200');
  });

  it('that are only read refuse to be written', async () => {
    for (const path of ['/', '/healthz', '/readyz', '/metrics']) {
      const answer = await fetch(`${server.url}${path}`, { method: 'POST', body: 'x' });
      expect(answer.status).toBe(405);
      expect(answer.headers.get('allow')).toBe('GET, HEAD');
      expect(await errorOf(answer)).toMatchObject({ code: 'METHOD_NOT_ALLOWED' });
    }
  });

  it('answer HEAD without a body', async () => {
    const answer = await fetch(`${server.url}/healthz`, { method: 'HEAD' });
    expect(answer.status).toBe(200);
    expect(Number(answer.headers.get('content-length'))).toBeGreaterThan(10);
    expect(await answer.text()).toBe('');
  });
});

describe('pages', () => {
  const server = useHttpServer({ schema });
  const accept = 'text/html';

  it('come compressed, and not again when they have not changed', async () => {
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

  it('come plain to those who cannot unpack', async () => {
    const answer = await fetch(`${server.url}/graphql`, {
      headers: { accept, 'accept-encoding': 'identity' },
    });
    expect(answer.headers.get('content-encoding')).toBeNull();
    expect(await answer.text()).toContain('<title>Tessera GraphiQL</title>');
  });

  it('of GraphiQL name files that can be kept for ever', async () => {
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

describe('health', () => {
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

  it('says that all is well', async () => {
    expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
    expect((await ready()).status).toBe(200);
  });

  it('says what is missing', async () => {
    problem = () => Promise.resolve('Migrations are missing: 0002_more.');
    expect(await ready()).toMatchObject({
      status: 503,
      error: { code: 'NOT_READY', message: 'Migrations are missing: 0002_more.' },
    });
  });

  it('says that the database is away, and to the log alone why', async () => {
    problem = () => Promise.reject(new Error('ECONNREFUSED 10.0.0.7'));
    expect(await ready()).toMatchObject({
      status: 503,
      error: { message: 'The database does not answer.' },
    });
    expect(JSON.stringify(server.logged())).toContain('ECONNREFUSED 10.0.0.7');
    expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
  });

  it('does not wait for ever, and asks once for all who want to know', async () => {
    problem = () => wait(60_000, null, { ref: false });
    checks = 0;
    const answers = await Promise.all([ready(), ready(), ready()]);
    expect(answers.map(({ status }) => status)).toEqual([503, 503, 503]);
    expect(checks).toBe(1);
  });

  it('says no while the server shuts down', async () => {
    problem = () => Promise.resolve(null);
    server.app.setDraining();
    expect(await ready()).toMatchObject({ status: 503, error: { code: 'NOT_READY' } });
    expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
  });
});

describe('metrics without a token', () => {
  const server = useHttpServer({ schema });

  it('are for callers on this machine', async () => {
    await fetch(`${server.url}/nowhere`);
    const answer = await fetch(`${server.url}/metrics`);
    expect(answer.headers.get('content-type')).toContain('text/plain');
    expect(await answer.text()).toMatch(
      /tessera_http_request_duration_seconds_count\{method="GET",route="other",status="404"\} 1/,
    );
  });

  it('are not for those who come through a proxy on this machine', async () => {
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

  it('are for those who send it', async () => {
    expect(await status({ authorization: 'Bearer a-long-metrics-token' })).toBe(200);
    expect(await status({ authorization: 'Bearer a-long-metrics-tokem' })).toBe(401);
    expect(await status({})).toBe(401);
  });
});

describe('the log', () => {
  const server = useHttpServer({ schema });

  it('has one line for each request, without its query', async () => {
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

  it('says when a client went away', async () => {
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
