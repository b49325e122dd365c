import type { IncomingMessage, ServerResponse } from 'node:http';

const jsonType = 'application/json; charset=utf-8';

/**
 * Sends a body whose length is known. A response that has begun, or whose client is gone, is left alone.
 */
export function send(
  response: ServerResponse,
  status: number,
  contentType: string,
  body: string | Buffer,
): void {
  if (response.headersSent || response.destroyed) return;
  response.statusCode = status;
  response.setHeader('content-type', contentType);
  response.setHeader('content-length', Buffer.byteLength(body));
  if (response.req.method === 'HEAD') response.end();
  else if (hasUnreadBody(response.req)) sendAndLinger(response, body);
  else response.end(body);
}

export function sendJson(response: ServerResponse, status: number, value: unknown): void {
  send(response, status, jsonType, JSON.stringify(value));
}

export function setHeaders(
  response: ServerResponse,
  headers: Readonly<Record<string, string>>,
): void {
  if (response.headersSent) return;
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
}

const lingerMs = 5_000;
const lingerBytes = 64 * 1024 * 1024;

function hasUnreadBody(request: IncomingMessage): boolean {
  const { headers, complete } = request;
  const hasBody = 'transfer-encoding' in headers || Number(headers['content-length'] ?? 0) > 0;
  return hasBody && !complete;
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
  response.setHeader('connection', 'close');
  response.write(body);
  request.on('data', onData).on('end', close).on('error', close).on('close', close);
  request.resume();
}
