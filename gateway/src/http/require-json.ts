import type { IncomingMessage } from 'node:http';

import { parse as parseContentType } from 'content-type';

import { requestErrors } from '../platform/errors/request-errors.ts';

/**
 * Rejects every media type except JSON. A page on another site can make a browser send forms and `text/plain` without a
 * preflight, but not JSON.
 * @throws RequestError `UNSUPPORTED_MEDIA_TYPE`
 */
export function requireJson(request: IncomingMessage): void {
  const { headers } = request;
  if (!isJson(headers['content-type'] ?? '')) {
    throw requestErrors.notJson();
  }
  const encoding = headers['content-encoding'] ?? 'identity';
  if (encoding.toLowerCase() !== 'identity') throw requestErrors.bodyCompressed();
}

function isJson(contentType: string): boolean {
  if (contentType === 'application/json') return true;
  const { type, parameters } = parseContentType(contentType);
  return type === 'application/json' && /^utf-?8$/i.test(parameters['charset'] ?? 'utf-8');
}
