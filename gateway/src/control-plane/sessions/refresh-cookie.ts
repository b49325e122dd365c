import type { CookieJar } from '../graphql/context.ts';
import type { Clock } from '../../platform/clock.ts';

/**
 * The cookie that contains a browser's refresh token. Like all of Tessera's cookies, it is HttpOnly and
 * SameSite=Strict, so scripts cannot read it. It is Secure unless Tessera is reached over plain http, where some
 * browsers reject Secure cookies.
 */
export interface RefreshCookie {
  read(jar: CookieJar): string | null;
  write(jar: CookieJar, token: { refreshToken: string; refreshTokenExpiresAt: Date }): void;
  clear(jar: CookieJar): void;
}

/**
 * Creates the refresh cookie. Over https, its name begins with `__Host-`, so that no other host in the domain can set
 * it (RFC 6265bis).
 */
export function createRefreshCookie({
  publicUrl,
  clock,
}: {
  publicUrl: string;
  clock: Clock;
}): RefreshCookie {
  const secure = new URL(publicUrl).protocol === 'https:';
  const name = secure ? '__Host-tessera_refresh' : 'tessera_refresh';
  return {
    read: (jar) => jar.get(name),
    write(jar, { refreshToken, refreshTokenExpiresAt }) {
      const maxAge = Math.floor((refreshTokenExpiresAt.getTime() - clock().getTime()) / 1_000);
      jar.set({ name, value: refreshToken, maxAge, path: '/', secure });
    },
    clear: (jar) => jar.set({ name, value: '', maxAge: 0, path: '/', secure }),
  };
}
