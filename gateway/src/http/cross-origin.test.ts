import { describe, expect, it } from 'vitest';

import { schemaOf, useHttpServer } from '../../test/http-server.ts';
import type { RequestScope } from './request-scope.ts';
import { createCookieJar } from './cookies.ts';

const server = useHttpServer({
  publicUrl: new URL('https://tessera.example'),
  corsOrigins: ['https://app.example'],
  createContext: (scope: RequestScope) => createCookieJar(scope),
  schema: schemaOf('type Query { cookie: String } type Mutation { setCookies: String }', {
    cookie: (_root, _args, jar) => (jar as ReturnType<typeof createCookieJar>).get('__Host-a'),
    setCookies: (_root, _args, context) => {
      // The context is the cookie jar that `createContext` returned above.
      const jar = context as ReturnType<typeof createCookieJar>;
      jar.set({ name: '__Host-a', value: 'one two;', maxAge: 60, path: '/', secure: true });
      jar.set({ name: '__Host-b', value: '', maxAge: 0, path: '/', secure: true });
      return 'set';
    },
  }),
});

const ask = (query: string, headers: Record<string, string> = {}) =>
  fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query }),
  });
const preflight = (origin: string, path = '/graphql') =>
  fetch(`${server.url}${path}`, {
    method: 'OPTIONS',
    headers: {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization,content-type',
    },
  });
const corsHeaders = (answer: Response) =>
  Object.fromEntries([...answer.headers].filter(([name]) => name.startsWith('access-control-')));

describe('a page from a configured origin', () => {
  it('passes a preflight with credentials', async () => {
    const answer = await preflight('https://app.example');
    expect(answer.status).toBe(204);
    expect(corsHeaders(answer)).toEqual({
      'access-control-allow-origin': 'https://app.example',
      'access-control-allow-credentials': 'true',
      'access-control-allow-methods': 'GET, HEAD, POST',
      'access-control-allow-headers': expect.stringContaining('authorization') as string,
      'access-control-expose-headers': expect.stringContaining('x-request-id') as string,
      'access-control-max-age': '600',
    });
    expect(answer.headers.get('vary')).toContain('Origin');
  });

  it('can read results and errors', async () => {
    for (const query of ['{ cookie }', '{ nope }']) {
      const answer = await ask(query, { origin: 'https://app.example' });
      expect(corsHeaders(answer)).toMatchObject({
        'access-control-allow-origin': 'https://app.example',
        'access-control-allow-credentials': 'true',
      });
    }
  });
});

describe('a page from another origin', () => {
  it.each([
    'https://evil.example',
    'http://app.example',
    'https://app.example.evil.example',
    'https://app.example:8443',
    'null',
  ])('gets no CORS headers: %s', async (origin) => {
    for (const answer of [await preflight(origin), await ask('{ cookie }', { origin })]) {
      expect(corsHeaders(answer)).toEqual({});
      expect(answer.headers.get('vary')).toContain('Origin');
    }
  });

  it.each(['https://evil.example', 'null'])('cannot send cookies: %s', async (origin) => {
    const answer = await ask('{ cookie }', { origin, cookie: '__Host-a=1' });
    expect(answer.status).toBe(403);
    expect(await answer.text()).toContain('FORBIDDEN');
  });

  it('gets no CORS headers on other routes', async () => {
    expect(corsHeaders(await preflight('https://app.example', '/metrics'))).toEqual({});
  });
});

describe('cookies', () => {
  it.each([
    ['a request without an origin', {}],
    ['the public origin', { origin: 'https://tessera.example' }],
    ['a configured origin', { origin: 'https://app.example' }],
  ])('are accepted from %s', async (_where, headers: Record<string, string>) => {
    const answer = await ask('{ cookie }', { ...headers, cookie: 'x=1; __Host-a=one%20two' });
    expect(await answer.json()).toEqual({ data: { cookie: 'one two' } });
  });

  it('are accepted from the origin that the request is sent to', async () => {
    const answer = await ask('{ cookie }', { origin: server.url, cookie: '__Host-a=1' });
    expect(answer.status).toBe(200);
  });

  it('are set as HttpOnly and SameSite=Strict', async () => {
    const answer = await ask('mutation { setCookies }');
    expect(answer.headers.getSetCookie()).toEqual([
      '__Host-a=one%20two%3B; Max-Age=60; Path=/; HttpOnly; Secure; SameSite=Strict',
      '__Host-b=; Max-Age=0; Path=/; HttpOnly; Secure; SameSite=Strict',
    ]);
  });
});
