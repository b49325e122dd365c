import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

import { requestErrors } from '../platform/errors/request-errors.ts';
import { acceptedEncodings } from './media-types.ts';
import type { RequestScope } from './request-scope.ts';
import { send, sendEmpty } from './responses.ts';

/** A file that is served from memory. */
export interface StaticAsset {
  readonly contentType: string;
  readonly body: Buffer;
  /** True if the address changes with the content, so that browsers can cache the file forever. */
  readonly isImmutable: boolean;
  /** Additional headers, such as a page's policy. */
  readonly headers?: Readonly<Record<string, string>>;
}

export type SendAsset = (scope: RequestScope) => Promise<void>;

const compress = promisify(gzip);

/**
 * Creates a handler that responds to GET and HEAD requests for one file. The file is compressed for clients that accept
 * gzip, and the compressed body is cached.
 */
export function createAssetSender(asset: StaticAsset): SendAsset {
  const etag = `"${createHash('sha256').update(asset.body).digest('base64url').slice(0, 22)}"`;
  let compressed: Promise<Buffer> | null = null;
  return async (scope) => {
    const { request, head, method } = scope;
    requireReading(method);
    const isKnown = request.headers['if-none-match'] === etag;
    const takesGzip =
      !isKnown && acceptedEncodings(request.headers['accept-encoding'], ['gzip']).length > 0;
    // Compress before headers are set, so that an error response does not get the file's headers.
    const body = takesGzip ? await (compressed ??= compress(asset.body)) : asset.body;
    head.setAll({ ...asset.headers, 'cache-control': cacheControl(asset), etag });
    head.add('vary', 'Accept-Encoding');
    if (isKnown) {
      sendEmpty(scope, 304);
      return;
    }
    if (takesGzip) head.set('content-encoding', 'gzip');
    send(scope, 200, asset.contentType, body, { compresses: false });
  };
}

export function requireReading(method: string): void {
  if (method === 'GET' || method === 'HEAD') return;
  throw requestErrors.methodNotAllowed('This URL supports only GET and HEAD.', 'GET, HEAD');
}

/** The `Cache-Control` value for an address whose content never changes. */
export const immutable = 'public, max-age=31536000, immutable';

function cacheControl({ isImmutable }: StaticAsset): string {
  return isImmutable ? immutable : 'no-cache';
}
