import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';

import { Canceller, type Cancellation } from '../platform/cancellation.ts';
import type { HttpRoute } from '../platform/telemetry/metrics.ts';
import type { Compression } from './compression.ts';
import type { Lingering } from './lingering.ts';
import { clientAddress } from './client-address.ts';

export interface RequestScopeOptions {
  readonly trustedProxyHops: number;
  /** The headers that every response has, as alternating names and values. */
  readonly headers: readonly string[];
  readonly compression: Compression;
  readonly lingering: Lingering;
}

/**
 * The caller of a request, recorded for the log line and the usage count. Code that handles a request receives its
 * caller as an argument and never reads this object.
 */
export interface RequestObservation {
  principal: 'unknown' | 'anonymous' | 'user' | 'apiKey' | 'endUser';
  keyId: string | null;
  /** The project whose API was called. Set when the caller has been admitted. */
  projectId: string | null;
}

const maxUserAgentLength = 512;

/**
 * One HTTP request, from its first header to the end of the response. Values that are rarely needed are computed on
 * first use.
 */
export class RequestScope {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** The response headers, collected until they are sent. */
  readonly head: ResponseHead;
  readonly requestId: string;
  readonly method: string;
  /** The path without the query. `/` if the request target has no path. */
  readonly path: string;
  readonly query: string;
  /** The part of the server that handles the request, for the log and the metrics. */
  route: HttpRoute = 'other';
  /** True if the request is refused like many others of its client, so that it is not worth a log line. */
  isSlowed = false;
  readonly compression: Compression;
  readonly lingering: Lingering;
  readonly observation: RequestObservation = { principal: 'unknown', keyId: null, projectId: null };
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
    this.compression = options.compression;
    this.lingering = options.lingering;
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

  /** Aborts if the client disconnects before it has received the whole response. */
  get signal(): Cancellation {
    return this.#canceller;
  }

  /** Calls `callback` when the response has been sent or the client has disconnected. */
  whenClosed(callback: () => void): void {
    if (this.response.closed) callback();
    else this.response.on('close', callback);
  }

  /** Call this when the connection closes before the response is complete. */
  clientWentAway(): void {
    this.#canceller.abort(new Error('The client disconnected.'));
  }
}

const usableRequestId = /^[A-Za-z0-9._-]{1,64}$/;

/** Returns the client's own request id if it is safe to use in logs and headers, and otherwise a new one. */
function requestIdOf(header: string | string[] | undefined): string {
  return typeof header === 'string' && usableRequestId.test(header) ? header : randomUUID();
}

/** A request target is either a path with a query or an absolute URL (RFC 9112, 3.2.2). */
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

/**
 * A response's headers in the format of `writeHead`: alternating names and values, with names in lower case. They are
 * collected here because setting each one on the response would take longer than the rest of a fast request.
 */
export class ResponseHead {
  readonly pairs: string[];

  /** @param given the headers that every response has (the array is copied) */
  constructor(given: readonly string[]) {
    this.pairs = given.slice();
  }

  /** Sets a header, replacing any previous value. */
  set(name: string, value: string): void {
    for (let index = 0; index < this.pairs.length; index += 2) {
      if (this.pairs[index] !== name) continue;
      this.pairs[index + 1] = value;
      return;
    }
    this.pairs.push(name, value);
  }

  setAll(headers: Readonly<Record<string, string>>): void {
    for (const [name, value] of Object.entries(headers)) this.set(name, value);
  }

  /** Adds a header without replacing earlier values, for `set-cookie` and `vary`. */
  add(name: string, value: string): void {
    this.pairs.push(name, value);
  }
}
