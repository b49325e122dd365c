import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

import { bufferOf, ByteList } from '../platform/bytes.ts';
import { errorCode } from '../platform/files/error-code.ts';

export type ResponseBody = string | Buffer | ByteList;

/**
 * A longer body is written in pieces of this many bytes, each after the client has taken the one before. The listener
 * closes connections whose clients do not take a piece in time.
 */
const pieceBytes = 65_536;

export function byteLengthOf(body: ResponseBody): number {
  return body instanceof ByteList ? body.length : Buffer.byteLength(body);
}

/** Writes the body and ends the response. */
export function writeBody(response: ServerResponse, body: ResponseBody): void {
  if (byteLengthOf(body) > pieceBytes) {
    void pipeInto(response, bodyStream(body));
  } else if (!(body instanceof ByteList)) {
    response.end(body);
  } else {
    // Node.js writes the headers and a string in one piece, which is faster than two.
    const [only = ''] = body.parts;
    if (body.parts.length < 2 && typeof only === 'string') response.end(only, 'latin1');
    else response.end(body.toBuffer());
  }
}

/** Sends a stream as the rest of the response. The promise resolves even if the client disconnects. */
export async function pipeInto(response: ServerResponse, ...streams: Stages): Promise<void> {
  try {
    await pipeline([...streams, response]);
  } catch (error) {
    // The client disconnected, so there is no one to report the error to.
    if (!disconnects.has(errorCode(error) ?? '')) throw error;
  }
}

type Stages = readonly [NodeJS.ReadableStream, ...NodeJS.ReadWriteStream[]];

const disconnects: ReadonlySet<string> = new Set([
  'ERR_STREAM_PREMATURE_CLOSE',
  'ERR_STREAM_DESTROYED',
  'ECONNRESET',
  'EPIPE',
]);

export function bodyStream(body: ResponseBody): Readable {
  return Readable.from(piecesOf(body), { objectMode: false });
}

export function* piecesOf(body: ResponseBody): Generator<Buffer> {
  const parts = body instanceof ByteList ? body.parts.map(bufferOf) : [Buffer.from(body)];
  for (const part of parts) {
    for (let at = 0; at < part.length; at += pieceBytes) yield part.subarray(at, at + pieceBytes);
  }
}
