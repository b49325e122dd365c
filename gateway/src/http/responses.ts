import type { IncomingMessage, ServerResponse } from 'node:http';

import type { RequestScope } from './request-scope.ts';

const jsonType = 'application/json; charset=utf-8';

/**
 * Sends a body whose length is known. A response that has begun, or whose client is gone, is left alone.
 */
export function send(
  { request, response, head, method }: RequestScope,
  status: number,
  contentType: string,
  body: string | Buffer,
): void {
  if (response.headersSent || response.destroyed) return;
  const lingers = method !== 'HEAD' && hasUnreadBody(request);
  head.add('content-type', contentType);
  head.add('content-length', String(Buffer.byteLength(body)));
  if (lingers) head.add('connection', 'close');
  response.writeHead(status, head.pairs);
  if (lingers) sendAndLinger(response, body);
  else response.end(method === 'HEAD' ? undefined : body);
}

export function sendJson(scope: RequestScope, status: number, value: unknown): void {
  send(scope, status, jsonType, JSON.stringify(value));
}

/** Sends headers alone. */
export function sendEmpty({ response, head }: RequestScope, status: 204 | 304): void {
  if (response.headersSent || response.destroyed) return;
  response.writeHead(status, head.pairs);
  response.end();
}

const lingerMs = 5_000;
const lingerBytes = 64 * 1024 * 1024;

function hasUnreadBody({ headers, complete }: IncomingMessage): boolean {
  if (complete) return false;
  return 'transfer-encoding' in headers || Number(headers['content-length'] ?? 0) > 0;
}

/**
 * Answers while the client is still sending. Closing at once would make its system drop the answer unread
 * (RFC 9112, 9.6), so the rest of the body is thrown away first, up to a bound.
 */
function sendAndLinger(response: ServerResponse, body: string | Buffer): void {
  const request = response.req;
  let discarded = 0;
  const close = () => {
    clearTimeout(timer);
    request.off('data', onData).off('end', close).off('error', close).off('close', close);
    response.end();
  };
  const onData = (chunk: Buffer) => {
    discarded += chunk.length;
    if (discarded > lingerBytes) close();
  };
  const timer = setTimeout(close, lingerMs);
  response.write(body);
  request.on('data', onData).on('end', close).on('error', close).on('close', close);
  request.resume();
}
