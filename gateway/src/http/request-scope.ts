import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';

import type { Viewer } from '../platform/access/viewer.ts';
import type { HttpRoute } from '../platform/telemetry/metrics.ts';
import { clientAddress } from './client-address.ts';

/** One request, from its first header to the end of its answer. */
export interface RequestScope {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly requestId: string;
  readonly method: string;
  /** Without the query; `/` where the target is no path. */
  readonly path: string;
  readonly query: string;
  readonly ipAddress: string;
  readonly userAgent: string | null;
  /** Which part of the server answers; for the log and the metrics. */
  route: HttpRoute;
  /** Who asks, as far as it is known; for the log. */
  principal: Viewer['kind'] | 'unknown';
}

const maxUserAgentLength = 512;

export function openRequestScope(
  request: IncomingMessage,
  response: ServerResponse,
  options: { readonly trustedProxyHops: number },
): RequestScope {
  const { path, query } = splitTarget(request.url ?? '/');
  return {
    request,
    response,
    requestId: requestIdOf(request.headers['x-request-id']),
    method: request.method ?? 'GET',
    path,
    query,
    ipAddress: clientAddress(request, options.trustedProxyHops),
    userAgent: request.headers['user-agent']?.slice(0, maxUserAgentLength) ?? null,
    route: 'other',
    principal: 'unknown',
  };
}

const usableRequestId = /^[A-Za-z0-9._-]{1,64}$/;

/** The caller's own id where it is harmless in logs and headers, otherwise a new one. */
function requestIdOf(header: string | string[] | undefined): string {
  return typeof header === 'string' && usableRequestId.test(header) ? header : randomUUID();
}

/** A request target is a path with a query, or (RFC 9112, 3.2.2) a whole address. */
function splitTarget(target: string): { path: string; query: string } {
  const pathAndQuery = target.startsWith('/') ? target : afterAuthority(target);
  const questionMark = pathAndQuery.indexOf('?');
  return questionMark < 0
    ? { path: pathAndQuery, query: '' }
    : { path: pathAndQuery.slice(0, questionMark), query: pathAndQuery.slice(questionMark + 1) };
}

function afterAuthority(target: string): string {
  if (!URL.canParse(target)) return '/';
  const { pathname, search } = new URL(target);
  return `${pathname}${search}`;
}
