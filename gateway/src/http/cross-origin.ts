import type { IncomingMessage } from 'node:http';

import { edgeErrors } from './edge-errors.ts';
import type { RequestScope } from './request-scope.ts';

export interface CrossOriginPolicy {
  /**
   * Adds CORS headers to the response, so that pages from the configured origins can send credentials and read the
   * response. Other origins get no CORS headers. The response varies by `Origin`.
   */
  announce(scope: RequestScope): void;
  /**
   * Rejects a request that has cookies and was sent by a page from another origin. SameSite cookies and the requirement
   * that bodies are JSON already prevent these requests. This check also protects browsers in which one of these two
   * defenses has a bug.
   * @throws RequestError `FORBIDDEN`
   */
  refuseForeignCookies(request: IncomingMessage): void;
}

const preflightSeconds = 600;
const allowedMethods = 'GET, HEAD, POST';
const allowedHeaders = 'accept, authorization, content-type, x-api-key, x-request-id';
const exposedHeaders =
  'x-request-id, retry-after, ratelimit-limit, ratelimit-remaining, ratelimit-reset';

/** @param corsOrigins origins as browsers send them: `https://app.example` */
export function createCrossOriginPolicy(options: {
  readonly publicUrl: URL;
  readonly corsOrigins: readonly string[];
}): CrossOriginPolicy {
  const corsOrigins = new Set(options.corsOrigins);
  const ownOrigin = options.publicUrl.origin;
  return {
    announce({ request, head, method }) {
      const { origin } = request.headers;
      if (origin === undefined || !corsOrigins.has(origin)) return;
      head.set('access-control-allow-origin', origin);
      head.set('access-control-allow-credentials', 'true');
      head.set('access-control-expose-headers', exposedHeaders);
      if (method !== 'OPTIONS') return;
      head.set('access-control-allow-methods', allowedMethods);
      head.set('access-control-allow-headers', allowedHeaders);
      head.set('access-control-max-age', String(preflightSeconds));
    },

    refuseForeignCookies({ headers: { cookie, origin, host } }) {
      if (cookie === undefined || origin === undefined) return;
      const isOurs = origin === ownOrigin || corsOrigins.has(origin) || isAt(host, origin);
      if (!isOurs) throw edgeErrors.foreignCookies();
    },
  };
}

function isAt(host: string | undefined, origin: string): boolean {
  return host !== undefined && URL.canParse(origin) && new URL(origin).host === host.toLowerCase();
}
