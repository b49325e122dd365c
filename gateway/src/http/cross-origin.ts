import type { IncomingMessage, ServerResponse } from 'node:http';

import { errors } from '../platform/errors/errors.ts';

export interface CrossOriginPolicy {
  /**
   * Tells browsers whether the page that asks may read the answer (CORS): pages of the configured origins,
   * with credentials; pages from anywhere else are told nothing.
   */
  announce(request: IncomingMessage, response: ServerResponse): void;
  /**
   * Refuses a request with cookies that a page from elsewhere has sent. SameSite cookies and JSON bodies
   * keep such requests away already; this holds where a browser has a hole in one of the two.
   * @throws Refusal `FORBIDDEN`
   */
  refuseForeignCookies(request: IncomingMessage): void;
}

const preflightSeconds = 600;
const allowedMethods = 'GET, POST';
const allowedHeaders = 'accept, authorization, content-type, x-api-key, x-request-id';
const exposedHeaders =
  'x-request-id, retry-after, ratelimit-limit, ratelimit-remaining, ratelimit-reset';

/** @param corsOrigins in the form in which browsers send them: `https://app.example` */
export function createCrossOriginPolicy(options: {
  readonly publicUrl: URL;
  readonly corsOrigins: readonly string[];
}): CrossOriginPolicy {
  const corsOrigins = new Set(options.corsOrigins);
  const ownOrigin = options.publicUrl.origin;
  return {
    announce(request, response) {
      response.appendHeader('vary', 'Origin');
      const { origin } = request.headers;
      if (origin === undefined || !corsOrigins.has(origin)) return;
      response.setHeader('access-control-allow-origin', origin);
      response.setHeader('access-control-allow-credentials', 'true');
      response.setHeader('access-control-expose-headers', exposedHeaders);
      if (request.method !== 'OPTIONS') return;
      response.setHeader('access-control-allow-methods', allowedMethods);
      response.setHeader('access-control-allow-headers', allowedHeaders);
      response.setHeader('access-control-max-age', preflightSeconds);
    },

    refuseForeignCookies({ headers: { cookie, origin, host } }) {
      if (cookie === undefined || origin === undefined) return;
      const isOurs = origin === ownOrigin || corsOrigins.has(origin) || isAt(host, origin);
      if (!isOurs) throw errors.forbidden('Pages of this origin may not use cookies here.');
    },
  };
}

function isAt(host: string | undefined, origin: string): boolean {
  return host !== undefined && URL.canParse(origin) && new URL(origin).host === host.toLowerCase();
}
