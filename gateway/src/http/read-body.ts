import type { IncomingMessage } from 'node:http';

import type { BodyReservation } from './body-budget.ts';
import { requestErrors } from '../platform/errors/request-errors.ts';

export interface BodyLimits {
  readonly bytes: number;
  /** Maximum time from the call to `readBody` until the last byte of the body is received. */
  readonly milliseconds: number;
}

/** The timeout is shorter than the listener's limit for a whole request, so that the client gets a GraphQL error. */
export const defaultBodyLimits: BodyLimits = { bytes: 1_048_576, milliseconds: 15_000 };

/** Inspects long bodies while they are read. */
export interface BodyInspection {
  /** Shorter bodies are not inspected. */
  readonly fromBytes: number;
  /** Returns a function that takes each chunk and returns the error with which the body is rejected, or null. */
  readonly start: () => (chunk: Buffer) => Error | null;
}

/** Without a credential, clients send only requests such as signing in. */
export const anonymousBodyBytes = 65_536;

const nothing = Buffer.alloc(0);

/**
 * Reads a request's body. Buffers at most `limits.bytes`.
 * @param memory reserves memory for each part of the body before that part is buffered
 * @throws the errors of `inspection`
 * @throws RequestError `PAYLOAD_TOO_LARGE` (if Content-Length is too large, before the first byte is read),
 * `REQUEST_TIMEOUT`, `OVERLOADED`, or `BAD_REQUEST` if the client disconnects early. After an error, `send` discards
 * the part of the body that was not read.
 */
export function readBody(
  request: IncomingMessage,
  limits: BodyLimits,
  memory: Pick<BodyReservation, 'reserve'>,
  inspection?: BodyInspection,
): Promise<Buffer> {
  refuseDeclaredLength(request, limits);
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    let inspect: ReturnType<BodyInspection['start']> | null = null;
    /** Inspects the chunk, and those before it when the body becomes long. */
    const errorIn = (chunk: Buffer): Error | null => {
      if (inspection === undefined || length < inspection.fromBytes) return null;
      const started = inspect;
      inspect ??= inspection.start();
      if (started !== null) return inspect(chunk);
      return inspect(Buffer.concat([...chunks, chunk]));
    };
    const settle = (finish: () => void) => {
      clearTimeout(timer);
      request.off('data', onData).off('end', onEnd).off('error', onGone).off('close', onGone);
      request.pause();
      finish();
    };
    const onData = (chunk: Buffer) => {
      length += chunk.length;
      if (length > limits.bytes) settle(() => reject(requestErrors.bodyTooLarge(limits.bytes)));
      else if (!memory.reserve(chunk.length)) settle(() => reject(requestErrors.overloaded()));
      else {
        const error = errorIn(chunk);
        if (error !== null) settle(() => reject(error));
        else chunks.push(chunk);
      }
    };
    const onEnd = () => {
      const [first = nothing] = chunks;
      settle(() => resolve(chunks.length < 2 ? first : Buffer.concat(chunks, length)));
    };
    const onGone = () => settle(() => reject(requestErrors.bodyCutShort()));
    const timer = setTimeout(
      () => settle(() => reject(requestErrors.bodyTimedOut())),
      limits.milliseconds,
    );
    request.on('data', onData).on('end', onEnd).on('error', onGone).on('close', onGone);
  });
}

/** Rejects a body whose Content-Length exceeds the limit. */
export function refuseDeclaredLength(request: IncomingMessage, limits: BodyLimits): void {
  if (Number(request.headers['content-length'] ?? 0) > limits.bytes)
    throw requestErrors.bodyTooLarge(limits.bytes);
}
