import type { WebSocket } from 'ws';

import type { ByteList } from '../../platform/bytes.ts';
import { pieceBytes, piecesOf } from '../response-body.ts';

/**
 * Sends the messages of one WebSocket, one after another. A long message is sent in pieces, so that a client that reads
 * slowly makes the socket buffer about two pieces and not the message.
 */
export class Outbox {
  readonly #socket: WebSocket;
  #last: Promise<void> = Promise.resolve();

  constructor(socket: WebSocket) {
    this.#socket = socket;
  }

  /** The promise resolves when further messages can be sent, also if the socket is closed before. */
  send(message: ByteList): Promise<void> {
    this.#last = this.#last.then(() => this.#write(message));
    return this.#last;
  }

  async #write(message: ByteList): Promise<void> {
    if (message.length <= pieceBytes) {
      const sent = this.#sendPiece(message.toBuffer(), true);
      if (this.#socket.bufferedAmount > pieceBytes) await sent;
      return;
    }
    let left = message.length;
    for (const piece of piecesOf(message)) {
      left -= piece.length;
      await this.#sendPiece(piece, left === 0);
    }
  }

  /** The promise resolves when the operating system has taken the piece. */
  #sendPiece(piece: Buffer, fin: boolean): Promise<void> {
    return new Promise((resolve) => {
      this.#socket.send(piece, { binary: false, compress: false, fin }, () => resolve());
    });
  }
}
