import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { brotliCompressSync, brotliDecompressSync, gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';

import { schemaOf, useHttpServer } from '../../test/http-server.ts';

const schema = schemaOf('type Query { hello: String }', {});
const folder = mkdtempSync(join(tmpdir(), 'tessera-console-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const directory = join(folder, 'console');
const put = (path: string, content: string | Buffer) => {
  const file = join(directory, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
};

const indexPage = '<!doctype html><title>The console</title><div id="root"></div>';
const script = `export const text = '${'long '.repeat(5_000)}';`;
put('index.html', indexPage);
put('theme.js', 'theme();');
put('assets/index-Ab1_-.js', script);
put('assets/index-Ab1_-.js.br', brotliCompressSync(script));
put('assets/index-Ab1_-.js.gz', gzipSync(script));
put('assets/inter.woff2', 'font');
put('.stamp', 'hidden');
put('../secret.js', 'secret');

const docsDirectory = join(folder, 'docs');
mkdirSync(join(docsDirectory, 'guide'), { recursive: true });
writeFileSync(join(docsDirectory, 'index.html'), '<title>Documentation</title>');
writeFileSync(join(docsDirectory, 'guide/start.html'), '<title>Start</title>');

const server = useHttpServer({ schema, consoleDirectory: directory, docsDirectory });
const asBrowser = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };
const get = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
  fetch(`${server.url}${path}`, { method, headers: { 'accept-encoding': 'identity', ...headers } });

describe('the console handler', () => {
  it.each(['/', '/sign-in', '/orgs/acme/members', '/projects/a.b/data', '/orgs/x/', '/graphqlx'])(
    'serves the page at any address that a browser opens: %s',
    async (path) => {
      const answer = await get(path, asBrowser);
      expect(answer.status).toBe(200);
      expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
      expect(answer.headers.get('cache-control')).toBe('no-cache');
      expect(await answer.text()).toBe(indexPage);
    },
  );

  it.each([
    ['/docs', 'Documentation'],
    ['/docs/', 'Documentation'],
    ['/docs/guide/start.html', 'Start'],
  ])('serves the documentation page %s', async (path, title) => {
    const answer = await get(path, asBrowser);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-security-policy')).toContain("script-src 'self'");
    expect(await answer.text()).toBe(`<title>${title}</title>`);
  });

  it.each(['/docs/nothing.html', '/docs/guide'])(
    'returns 404 for a documentation page that does not exist: %s',
    async (path) => {
      expect((await get(path, asBrowser)).status).toBe(404);
    },
  );

  it('serves the page to every client at the root', async () => {
    expect(await (await get('/', { accept: '*/*' })).text()).toBe(indexPage);
  });

  it.each(['/nowhere', '/orgs/acme'])(
    'returns 404 to programs at other addresses: %s',
    async (path) => {
      const answer = await get(path, { accept: 'application/json' });
      expect(answer.status).toBe(404);
      expect(await answer.json()).toMatchObject({ error: { code: 'NOT_FOUND' } });
    },
  );

  it.each(['/p/abcdefghijklmnop/nothing', '/graphiql/nothing.js', '/assets/gone.js', '/assets/x'])(
    'does not handle the addresses of other routes: %s',
    async (path) => {
      expect((await get(path, asBrowser)).status).toBe(404);
    },
  );

  it('serves a page that can load only its own files and cannot be embedded in a frame', async () => {
    const policy = (await get('/', asBrowser)).headers.get('content-security-policy') ?? '';
    expect(policy.split('; ')).toEqual(
      expect.arrayContaining([
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self' 'unsafe-inline'",
        "connect-src 'self'",
        "worker-src 'self'",
        "img-src 'self' data:",
        "font-src 'self' data:",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "form-action 'none'",
      ]),
    );
  });

  it('sends Vary: Accept', async () => {
    expect((await get('/sign-in', asBrowser)).headers.get('vary')).toContain('Accept');
  });

  it('rejects methods other than GET and HEAD', async () => {
    expect((await get('/', asBrowser, 'POST')).status).toBe(405);
    expect((await get('/sign-in', asBrowser, 'POST')).status).toBe(404);
    expect((await get('/theme.js', asBrowser, 'DELETE')).status).toBe(404);
  });
});

describe('a console file', () => {
  const path = '/assets/index-Ab1_-.js';

  it('is cached forever if its name has a hash', async () => {
    const answer = await get(path);
    expect(answer.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(answer.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
    expect(await answer.text()).toBe(script);
  });

  it('is revalidated if its name has no hash', async () => {
    expect((await get('/theme.js')).headers.get('cache-control')).toBe('no-cache');
  });

  it.each([
    ['gzip, deflate, br', 'br', brotliDecompressSync],
    ['gzip, br;q=0', 'gzip', gunzipSync],
    ['gzip', 'gzip', gunzipSync],
    ['GZIP;q=0.5', 'gzip', gunzipSync],
    ['br;q=0.0', null, null],
    ['', null, null],
    ['brotli', null, null],
  ])('is sent in an encoding that the client accepts: %s', async (accepted, encoding, unpack) => {
    const answer = await getRaw(path, accepted);
    expect(answer.headers['content-encoding']).toBe(encoding ?? undefined);
    expect(answer.headers.vary).toBe('Accept-Encoding');
    expect(String(unpack === null ? answer.body : unpack(answer.body))).toBe(script);
  });

  it('is not sent again if it has not changed', async () => {
    const etag = (await get(path)).headers.get('etag') ?? '';
    const again = await get(path, { 'if-none-match': etag });
    expect(again.status).toBe(304);
    expect(await again.text()).toBe('');
    put('theme.js', 'before();');
    const before = (await get('/theme.js')).headers.get('etag') ?? '';
    put('theme.js', 'afterwards();');
    expect((await get('/theme.js', { 'if-none-match': before })).status).toBe(200);
  });

  it('is sent without a body in response to HEAD', async () => {
    const answer = await get(path, {}, 'HEAD');
    expect(answer.status).toBe(200);
    expect(Number(answer.headers.get('content-length'))).toBe(script.length);
    expect(await answer.text()).toBe('');
  });

  it('is counted under the route "console" in the metrics', async () => {
    const metrics = await (await get('/metrics')).text();
    expect(metrics).toMatch(/method="GET",route="console",status="200"/);
  });

  it.each([
    '/../secret.js',
    '/assets/../../secret.js',
    '/assets/..%2f..%2fsecret.js',
    '/%2e%2e/secret.js',
    '/..\\secret.js',
    '//secret.js',
    '/.stamp',
    '/assets/.',
    '/assets',
    '/index.html/theme.js',
    '/theme.js%00.html',
    `/${'x'.repeat(300)}.js`,
  ])('is not served if it is hidden or outside the folder: %s', async (target) => {
    const { status, body } = await getRaw(target, '');
    expect(status).toBe(404);
    expect(body.toString()).not.toContain('secret');
  });
});

describe('without a console build', () => {
  const bare = useHttpServer({ schema, consoleDirectory: join(folder, 'missing') });

  it('shows people how to build the console', async () => {
    const answer = await fetch(`${bare.url}/sign-in`, { headers: asBrowser });
    expect(answer.status).toBe(503);
    expect(await answer.text()).toContain('npm run build');
  });

  it('returns NOT_READY to programs', async () => {
    const answer = await fetch(bare.url, { headers: { accept: 'application/json' } });
    expect(answer.status).toBe(503);
    expect(await answer.json()).toMatchObject({ error: { code: 'NOT_READY' } });
  });
});

/** Sends a raw request, because `fetch` would normalize the path and decompress the response. */
async function getRaw(target: string, acceptEncoding: string) {
  const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
  socket.write(
    `GET ${target} HTTP/1.1\r\nhost: x\r\nconnection: close\r\naccept-encoding: ${acceptEncoding}\r\n\r\n`,
  );
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => void chunks.push(chunk));
  await once(socket, 'close');
  const whole = Buffer.concat(chunks);
  const end = whole.indexOf('\r\n\r\n');
  const [first = '', ...lines] = whole.subarray(0, end).toString().split('\r\n');
  const headers: Record<string, string> = Object.fromEntries(
    lines.map((line) => [line.split(': ', 1)[0] ?? '', line.slice(line.indexOf(': ') + 2)]),
  );
  return { status: Number(first.split(' ')[1]), headers, body: whole.subarray(end + 4) };
}
