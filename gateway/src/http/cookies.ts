import { parseCookie, stringifySetCookie } from 'cookie';

import type { CookieJar } from '../control-plane/graphql/context.ts';
import type { RequestScope } from './request-scope.ts';

/** Reads a request's cookies and sets cookies on its response. Every cookie is `HttpOnly` and `SameSite=Strict`. */
export function createCookieJar({ request, head }: RequestScope): CookieJar {
  let received: ReturnType<typeof parseCookie> | null = null;
  return {
    get(name) {
      received ??= parseCookie(request.headers.cookie ?? '');
      return received[name] ?? null;
    },
    set({ name, value, maxAge, path, secure }) {
      head.add(
        'set-cookie',
        stringifySetCookie({
          name,
          value,
          maxAge,
          path,
          httpOnly: true,
          secure,
          sameSite: 'strict',
        }),
      );
    },
  };
}
