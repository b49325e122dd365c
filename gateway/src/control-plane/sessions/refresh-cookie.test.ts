import { expect, it } from 'vitest';

import type { ResponseCookie } from '../graphql/context.ts';
import { createRefreshCookie } from './refresh-cookie.ts';

const now = new Date('2030-01-01T00:00:00Z');

function written(publicUrl: string): ResponseCookie | undefined {
  const cookies: ResponseCookie[] = [];
  const jar = { get: () => null, set: (cookie: ResponseCookie) => void cookies.push(cookie) };
  const refreshTokenExpiresAt = new Date(now.getTime() + 60_000);
  createRefreshCookie({ publicUrl, clock: () => now }).write(jar, {
    refreshToken: 'token',
    refreshTokenExpiresAt,
  });
  return cookies[0];
}

it('is secure and bound to the host if Tessera uses https', () => {
  expect(written('https://tessera.example')).toEqual({
    name: '__Host-tessera_refresh',
    value: 'token',
    maxAge: 60,
    path: '/',
    secure: true,
  });
});

it('is not secure over plain http, where browsers can reject secure cookies', () => {
  expect(written('http://localhost:4000')).toMatchObject({
    name: 'tessera_refresh',
    secure: false,
  });
});
