import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';

import { Canceller, type Cancellation } from '../platform/cancellation.ts';
import type { Viewer } from '../control-plane/access/viewer.ts';
import type { HttpRoute } from '../platform/telemetry/metrics.ts';
import { clientAddress } from './client-address.ts';
import { ResponseHead } from './response-head.ts';

export interface RequestScopeOptions {
  readonly trustedProxyHops: number;
  /** What every answer carries, names and values in turns. */
  readonly headers: readonly string[];
}

const maxUserAgentLength = 512;

/** One request, from its first header to the end of its answer. What not every request needs is worked out late. */
export class RequestScope {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** The answer's headers, until they are sent. */
  readonly head: ResponseHead;
  readonly requestId: string;
  readonly method: string;
  /** Without the query; `/` where the target is no path. */
  readonly path: string;
  readonly query: string;
  /** Which part of the server answers; for the log and the metrics. */
  route: HttpRoute = 'other';
  /** Who asks; null until that is known. */
  viewer: Viewer | null = null;
  /** In whose API's address the request came; empty elsewhere. */
  projectRef = '';
  /** That project, once it has turned out to be the viewer's. */
  projectId: string | null = null;
  readonly #trustedProxyHops: number;
  readonly #remoteAddress: string | undefined;
  readonly #canceller = new Canceller();

  constructor(request: IncomingMessage, response: ServerResponse, options: RequestScopeOptions) {
    const { path, query } = splitTarget(request.url ?? '/');
    this.request = request;
    this.response = response;
    this.requestId = requestIdOf(request.headers['x-request-id']);
    this.head = new ResponseHead(options.headers);
    this.head.add('x-request-id', this.requestId);
    this.method = request.method ?? 'GET';
    this.path = path;
    this.query = query;
    this.#trustedProxyHops = options.trustedProxyHops;
    this.#remoteAddress = request.socket.remoteAddress;
  }

  get ipAddress(): string {
    return clientAddress(this.request, this.#trustedProxyHops, this.#remoteAddress);
  }

  get userAgent(): string | null {
    return this.request.headers['user-agent']?.slice(0, maxUserAgentLength) ?? null;
  }

  /** Aborts when the client goes away before it has the whole answer. */
  get signal(): Cancellation {
    return this.#canceller;
  }

  /** To be called when the connection closed before the answer was out. */
  clientWentAway(): void {
    this.#canceller.abort(new Error('The client went away.'));
  }
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
