import { constants, createBrotliCompress, createGzip, type ZlibOptions } from 'node:zlib';
import type { Transform } from 'node:stream';

import { preferredEncoding } from './media-types.ts';

export interface CompressionOptions {
  /** Maximum responses that are compressed at a time. Others are sent as they are. @default 8 */
  readonly maxConcurrent?: number;
}

/**
 * Compresses responses for clients that accept it. The work is done by Node's thread pool, piece by piece, so that it
 * does not delay other requests. The levels are fast ones: a response is compressed once and read once.
 */
export interface Compression {
  /**
   * Starts a compression if the client accepts one, the body is worth it and there is capacity.
   * @param accepted the `Accept-Encoding` header
   * @returns null to send the body as it is. Otherwise, call `end` once, when the response has ended
   */
  start(accepted: string | undefined, bytes: number): StartedCompression | null;
}

export interface StartedCompression {
  readonly encoding: Encoding;
  readonly stream: Transform;
  end(): void;
}

type Encoding = 'br' | 'gzip';

/** A shorter body would not fit into fewer packets. */
export const minCompressedBytes = 1_024;

/** An encoder takes about 1 MiB, mostly for its window of 256 KiB. */
const brotliWindowBits = 18;
const gzipOptions: ZlibOptions = { level: 5 };

export function createCompression({ maxConcurrent = 8 }: CompressionOptions = {}): Compression {
  let running = 0;
  return {
    start(accepted, bytes) {
      if (accepted === undefined || bytes < minCompressedBytes) return null;
      const encoding = preferredEncoding(accepted);
      if (encoding === null || running >= maxConcurrent) return null;
      running += 1;
      const stream = encoding === 'br' ? brotli(bytes) : createGzip(gzipOptions);
      return { encoding, stream, end: () => void (running -= 1) };
    },
  };
}

function brotli(bytes: number): Transform {
  return createBrotliCompress({
    params: {
      [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
      [constants.BROTLI_PARAM_QUALITY]: 4,
      [constants.BROTLI_PARAM_LGWIN]: brotliWindowBits,
      [constants.BROTLI_PARAM_SIZE_HINT]: bytes,
    },
  });
}

const compressible =
  /^(?:text\/|image\/svg\+xml|application\/(?:json|javascript|graphql-response\+json|xml)\b)/;

/** Whether bodies of this type become shorter. Images and fonts are compressed already. */
export function isCompressible(contentType: string): boolean {
  return compressible.test(contentType);
}
