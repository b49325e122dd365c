import type { WebSocket } from 'ws';

import type { ByteList } from '../../platform/bytes.ts';
import { pieceBytes, piecesOf } from '../response-body.ts';
import { SendQueue } from './send-queue.ts';

/**
 * Sends the messages of one WebSocket, one after another. A long message is sent in pieces, so that a client that reads
 * slowly makes the socket buffer about two pieces and not the message.
 */
export class Outbox extends SendQueue {
  readonly #socket: WebSocket;

  constructor(socket: WebSocket) {
    super((message) => this.#write(message));
    this.#socket = socket;
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
