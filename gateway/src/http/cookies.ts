import type { IncomingMessage, ServerResponse } from 'node:http';

import { parseCookie, stringifySetCookie } from 'cookie';

import type { CookieJar } from '../graphql/context.ts';

/**
 * The cookies of one request and its answer. All that are set are for this site alone and out of scripts'
 * reach. `Secure` always: browsers take plain http on localhost for secure enough.
 */
export function createCookieJar(request: IncomingMessage, response: ServerResponse): CookieJar {
  let received: ReturnType<typeof parseCookie> | null = null;
  return {
    get(name) {
      received ??= parseCookie(request.headers.cookie ?? '');
      return received[name] ?? null;
    },
    set({ name, value, maxAge, path }) {
      response.appendHeader(
        'set-cookie',
        stringifySetCookie({
          name,
          value,
          maxAge,
          path,
          httpOnly: true,
          secure: true,
          sameSite: 'strict',
        }),
      );
    },
  };
}
