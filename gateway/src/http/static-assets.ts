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
  /** Whether its address changes with its content, so that browsers may keep it for ever. */
  readonly isImmutable: boolean;
  /** Further headers, such as the policy of a page. */
  readonly headers?: Readonly<Record<string, string>>;
}

export type SendAsset = (scope: RequestScope) => Promise<void>;

const compress = promisify(gzip);

/** Answers GET and HEAD for one file, compressed where the client can take it, once compressed kept so. */
export function createAssetSender(asset: StaticAsset): SendAsset {
  const etag = `"${createHash('sha256').update(asset.body).digest('base64url').slice(0, 22)}"`;
  let compressed: Promise<Buffer> | null = null;
  return async (scope) => {
    const { request, head, method } = scope;
    requireReading(method);
    const isKnown = request.headers['if-none-match'] === etag;
    const takesGzip =
      !isKnown && acceptedEncodings(request.headers['accept-encoding'], ['gzip']).length > 0;
    // Before the first header, so that a failure is answered without those of the file.
    const body = takesGzip ? await (compressed ??= compress(asset.body)) : asset.body;
    head.setAll({ ...asset.headers, 'cache-control': cacheControl(asset), etag });
    head.add('vary', 'Accept-Encoding');
    if (isKnown) {
      sendEmpty(scope, 304);
      return;
    }
    if (takesGzip) head.set('content-encoding', 'gzip');
    send(scope, 200, asset.contentType, body);
  };
}

export function requireReading(method: string): void {
  if (method === 'GET' || method === 'HEAD') return;
  throw requestErrors.methodNotAllowed('This can only be read.', 'GET, HEAD');
}

/** For an address whose content never changes. */
export const immutable = 'public, max-age=31536000, immutable';

function cacheControl({ isImmutable }: StaticAsset): string {
  return isImmutable ? immutable : 'no-cache';
}
