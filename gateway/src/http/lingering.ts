import type { ServerResponse } from 'node:http';

import { piecesOf, type ResponseBody } from './response-body.ts';

/**
 * Sends responses while their clients are still sending a body. If a connection were closed immediately, the client's
 * operating system could discard the unread response (RFC 9112, 9.6). The rest of the body is therefore read and
 * discarded first, up to a limit.
 */
export interface Lingering {
  /** Sends a body and closes the connection. The headers have been sent. */
  send(response: ServerResponse, body: ResponseBody): void;
}

const lingerMs = 5_000;
const lingerBytes = 64 * 1024 * 1024;
/** Discarding takes time, so only this many connections linger at once. Further ones are closed immediately. */
const maxConnections = 64;

export function createLingering(max = maxConnections): Lingering {
  let connections = 0;

  return {
    send(response, body) {
      for (const piece of piecesOf(body)) response.write(piece);
      if (connections >= max) {
        response.end();
        return;
      }
      connections += 1;
      const request = response.req;
      let discarded = 0;
      let isOpen = true;
      const close = () => {
        if (!isOpen) return;
        isOpen = false;
        connections -= 1;
        clearTimeout(timer);
        request.off('data', onData).off('end', close).off('error', close).off('close', close);
        response.end();
      };
      const onData = (chunk: Buffer) => {
        discarded += chunk.length;
        if (discarded > lingerBytes) close();
      };
      const timer = setTimeout(close, lingerMs);
      request.on('data', onData).on('end', close).on('error', close).on('close', close);
      request.resume();
    },
  };
}
