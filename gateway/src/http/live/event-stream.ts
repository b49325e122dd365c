import type { ServerResponse } from 'node:http';

import type { Outlet } from '../../data-plane/live/outlet.ts';
import { bufferOf, ByteList, bytesOf, type Bytes } from '../../platform/bytes.ts';
import { pieceBytes, piecesOf } from '../response-body.ts';
import type { OperationSink } from './operations.ts';
import { SendQueue } from './send-queue.ts';

const nextStart = bytesOf('event: next\ndata: ');
const eventEnd = bytesOf('\n\n');
const completeEvent = ByteList.of('event: complete\ndata: \n\n');
const comment = ByteList.of(':\n\n');

/**
 * Writes the events of one operation (GraphQL over Server-Sent Events, distinct connections mode), one after another. A
 * long event is written in pieces, so that a client that reads slowly makes the socket buffer about two pieces.
 */
export class EventStream implements OperationSink {
  readonly #response: ServerResponse;
  readonly #onMessage: () => void;
  readonly #queue = new SendQueue((event) => this.#write(event));
  #writtenAt = performance.now();

  /** @param response its headers were sent */
  constructor(response: ServerResponse, onMessage: () => void) {
    this.#response = response;
    this.#onMessage = onMessage;
  }

  get outlet(): Outlet {
    return this.#queue;
  }

  next(result: ByteList): Promise<void> {
    this.#onMessage();
    return this.#send(new ByteList().add(nextStart).addAll(inOneLine(result)).add(eventEnd));
  }

  async fail(errors: Parameters<OperationSink['fail']>[0]): Promise<void> {
    await this.next(ByteList.of(`{"errors":${JSON.stringify(errors)}}`));
    await this.complete();
  }

  async complete(): Promise<void> {
    await this.#send(completeEvent);
    this.end();
  }

  /** Ends the stream. Without `complete` before, clients connect again. */
  end(): void {
    if (!this.#response.writableEnded) this.#response.end();
  }

  /** Closes the connection at once. */
  abort(): void {
    this.#response.destroy();
  }

  /** Sends a comment if nothing was sent for a while, so that proxies keep the connection open. */
  keepAlive(now: number, afterMs: number): void {
    if (now - this.#writtenAt >= afterMs) void this.#send(comment);
  }

  #send(event: ByteList): Promise<void> {
    this.#writtenAt = performance.now();
    return this.#queue.send(event);
  }

  async #write(event: ByteList): Promise<void> {
    for (const piece of piecesOf(event)) {
      if (this.#response.writableEnded || this.#response.destroyed) return;
      const written = new Promise<void>((resolve) => {
        this.#response.write(piece, () => resolve());
      });
      if (this.#response.writableLength > pieceBytes) await written;
    }
  }
}

const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const space = 0x20;

/** Replaces line breaks, which JSON has only between its tokens, and which end the data of an event. */
function inOneLine(json: ByteList): ByteList {
  if (!json.parts.some(hasLineBreak)) return json;
  const list = new ByteList();
  for (const part of json.parts) list.add(hasLineBreak(part) ? withSpaces(part) : part);
  return list;
}

const hasLineBreak = (part: Bytes): boolean => part.includes('\n') || part.includes('\r');

function withSpaces(part: Bytes): Buffer {
  const copy = Buffer.from(bufferOf(part));
  copy.forEach((byte, at) => {
    if (byte === lineFeed || byte === carriageReturn) copy[at] = space;
  });
  return copy;
}
