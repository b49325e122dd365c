import type { Socket } from 'node:net';

/** The reason why a connection was closed: its client did not take the bytes that were waiting for it. */
export class SlowReaderError extends Error {
  override readonly name = 'SlowReaderError';

  constructor() {
    super('The client did not read the response in time.');
  }
}

/** How often each connection is checked within the timeout. */
const checksPerTimeout = 10;

/** What a check needs to know about a connection. `node:http` writes a long response in pieces: see `pieceBytes`. */
export type WritingSocket = Pick<Socket, 'writableLength' | 'bytesWritten' | 'destroy'>;

/**
 * Closes each connection whose client takes none of the pieces that wait for it within the timeout. One timer checks
 * all connections, so that a response needs no timer.
 * @param sockets the open connections
 * @returns a function that stops the checks
 */
export function cutOffSlowReaders(
  sockets: () => Iterable<WritingSocket>,
  timeoutMs: number,
): () => void {
  const waiting = new WeakMap<WritingSocket, { readonly taken: number; readonly since: number }>();
  const check = (socket: WritingSocket, now: number): void => {
    if (socket.writableLength === 0) {
      waiting.delete(socket);
      return;
    }
    const taken = socket.bytesWritten - socket.writableLength;
    const before = waiting.get(socket);
    if (before?.taken !== taken) waiting.set(socket, { taken, since: now });
    else if (now - before.since >= timeoutMs) socket.destroy(new SlowReaderError());
  };
  const timer = setInterval(() => {
    const now = performance.now();
    for (const socket of sockets()) check(socket, now);
  }, timeoutMs / checksPerTimeout);
  timer.unref();
  return () => clearInterval(timer);
}
