import type { IncomingMessage } from 'node:http';

import type { DataPlane } from '../data-plane/data-plane.ts';
import { whenReady } from '../platform/when-ready.ts';
import { edgeErrors } from './edge-errors.ts';
import { quotaOfAnonymous, takeSilently, type RequestLimits } from './request-limits.ts';
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
  /**
   * Like `announce`, for the API of the project with this ref, whose settings contain further origins. Credentials in
   * cookies are not allowed.
   * @returns a promise only if the settings are not cached
   * @throws RequestError `RATE_LIMITED` or `OVERLOADED`
   */
  announceProject(scope: RequestScope, ref: string): void | Promise<void>;
  /** Whether a page of another origin than the gateway's sent the request. Only browsers send an origin. */
  isForeign(request: IncomingMessage): boolean;
}

const preflightSeconds = 600;
const allowedMethods = 'GET, HEAD, POST';
const allowedHeaders = 'accept, authorization, content-type, x-api-key, x-request-id';
const projectHeaders = `${allowedHeaders}, x-view-as`;
const exposedHeaders =
  'x-request-id, retry-after, ratelimit-limit, ratelimit-remaining, ratelimit-reset';

export interface CrossOriginOptions {
  readonly publicUrl: URL;
  /** Origins as browsers send them: `https://app.example`. */
  readonly corsOrigins: readonly string[];
  readonly settings: DataPlane['settings'];
  readonly requestLimits: RequestLimits;
}

export function createCrossOriginPolicy(options: CrossOriginOptions): CrossOriginPolicy {
  const { settings, requestLimits } = options;
  const corsOrigins = new Set(options.corsOrigins);
  const ownOrigin = options.publicUrl.origin;
  const isForeign = ({ headers: { origin, host } }: IncomingMessage): boolean =>
    origin !== undefined && origin !== ownOrigin && !isAt(host, origin);
  /** A preflight has no credential, so that its look-ups count as anonymous requests. */
  const lookUp = (scope: RequestScope, ref: string) => {
    const known = settings.peek(ref);
    if (known !== undefined) return known;
    const quota = quotaOfAnonymous(requestLimits, scope.ipAddress);
    return whenReady(takeSilently(quota), () => settings.get(ref));
  };

  return {
    announce(scope) {
      const { origin } = scope.request.headers;
      if (origin === undefined || !corsOrigins.has(origin)) return;
      allow(scope, origin, allowedHeaders);
      scope.head.set('access-control-allow-credentials', 'true');
    },

    announceProject(scope, ref) {
      const { origin } = scope.request.headers;
      if (origin === undefined || !isForeign(scope.request)) return undefined;
      if (corsOrigins.has(origin)) {
        allow(scope, origin, projectHeaders);
        return undefined;
      }
      return whenReady(lookUp(scope, ref), (known) => {
        if (known?.allowedOrigins.includes(origin) === true) allow(scope, origin, projectHeaders);
      });
    },

    refuseForeignCookies(request) {
      const { cookie, origin } = request.headers;
      if (cookie === undefined || origin === undefined) return;
      if (isForeign(request) && !corsOrigins.has(origin)) throw edgeErrors.foreignCookies();
    },

    isForeign,
  };
}

function allow({ head, method }: RequestScope, origin: string, headers: string): void {
  head.set('access-control-allow-origin', origin);
  head.set('access-control-expose-headers', exposedHeaders);
  if (method !== 'OPTIONS') return;
  head.set('access-control-allow-methods', allowedMethods);
  head.set('access-control-allow-headers', headers);
  head.set('access-control-max-age', String(preflightSeconds));
}

function isAt(host: string | undefined, origin: string): boolean {
  return host !== undefined && URL.canParse(origin) && new URL(origin).host === host.toLowerCase();
}
