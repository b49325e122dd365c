import { parseCookie, stringifySetCookie } from 'cookie';

import type { CookieJar } from '../control-plane/graphql/context.ts';
import type { RequestScope } from './request-scope.ts';

/**
 * The cookies of one request and its answer. All that are set are for this site alone and out of scripts'
 * reach.
 */
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
