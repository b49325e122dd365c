import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';

import { Canceller, type Cancellation } from '../platform/cancellation.ts';
import type { HttpRoute } from '../platform/telemetry/metrics.ts';
import { clientAddress } from './client-address.ts';

export interface RequestScopeOptions {
  readonly trustedProxyHops: number;
  /** Headers of every answer, names and values in turn. */
  readonly headers: readonly string[];
}

/**
 * Whose request it turned out to be, for the log line and the usage count. The code that answers a request gets its
 * caller as an argument and never reads this.
 */
export interface RequestObservation {
  principal: 'unknown' | 'anonymous' | 'user' | 'apiKey';
  keyId: string | null;
  /** The project whose API was called, once the caller was admitted to it. */
  projectId: string | null;
}

const maxUserAgentLength = 512;

/** One request, from its first header to the end of its answer. What few requests need is computed on first use. */
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

  /** Call it when the connection closed before the answer was sent. */
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

/**
 * The headers of an answer, as `writeHead` takes them: names and values in turn, names in lower case. They are collected
 * here because setting them one by one on the response costs more than the rest of a quick answer.
 */
export class ResponseHead {
  readonly pairs: string[];

  /** @param given headers of every answer; the array is copied */
  constructor(given: readonly string[]) {
    this.pairs = given.slice();
  }

  /** Replaces any header of this name. */
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

  /** Keeps other headers of this name, for `set-cookie` and `vary`. */
  add(name: string, value: string): void {
    this.pairs.push(name, value);
  }
}
