import type { IncomingMessage } from 'node:http';

import { requestCodes } from '../platform/errors/request-error.ts';
import type { RequestScope } from './request-scope.ts';
import { isCompressible, minCompressedBytes } from './compression.ts';
import {
  bodyStream,
  byteLengthOf,
  pipeInto,
  writeBody,
  type ResponseBody,
} from './response-body.ts';

const jsonType = 'application/json; charset=utf-8';

/**
 * Sends a response. Does nothing if the response has already started or the client has
 * disconnected.
 */
export function send(
  { request, response, head, method, compression, lingering }: RequestScope,
  status: number,
  contentType: string,
  body: ResponseBody,
  { compresses = true }: SendOptions = {},
): void {
  if (response.headersSent || response.destroyed) return;
  const lingers = method !== 'HEAD' && mayStillSend(request, status);
  const bytes = byteLengthOf(body);
  head.add('content-type', contentType);
  if (compresses && bytes >= minCompressedBytes && isCompressible(contentType)) {
    head.add('vary', 'Accept-Encoding');
    const accepted = request.headers['accept-encoding'];
    const started = lingers || method === 'HEAD' ? null : compression.start(accepted, bytes);
    if (started !== null) {
      head.add('content-encoding', started.encoding);
      response.writeHead(status, head.pairs);
      void pipeInto(response, bodyStream(body), started.stream).finally(() => started.end());
      return;
    }
  }
  head.add('content-length', String(bytes));
  if (lingers) head.add('connection', 'close');
  response.writeHead(status, head.pairs);
  if (lingers) lingering.send(response, body);
  else if (method === 'HEAD') response.end();
  else writeBody(response, body);
}

export interface SendOptions {
  /**
   * False for a body that is compressed already, or that contains a secret
   * (docs/decisions/0015-which-responses-are-compressed.md). @default true
   */
  readonly compresses?: boolean;
}

export function sendJson(scope: RequestScope, status: number, value: unknown): void {
  send(scope, status, jsonType, JSON.stringify(value));
}

/** Sends a response without a body. */
export function sendEmpty({ response, head }: RequestScope, status: 204 | 304): void {
  if (response.headersSent || response.destroyed) return;
  response.writeHead(status, head.pairs);
  response.end();
}

/** If the unread part of the body is at most this long, Node reads and discards it, and the connection stays open. */
const littleBytes = 64 * 1024;

/** Reports whether the client is probably still sending its body or will never finish sending it. */
function mayStillSend({ headers, complete }: IncomingMessage, status: number): boolean {
  if (complete) return false;
  if ('transfer-encoding' in headers) return true;
  const length = Number(headers['content-length'] ?? 0);
  return length > (status === requestCodes.REQUEST_TIMEOUT.status ? 0 : littleBytes);
}
