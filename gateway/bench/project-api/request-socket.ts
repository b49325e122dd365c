import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

const answerTimeoutMs = 10_000;
const headEnd = '\r\n\r\n';
const lastChunk = '0\r\n\r\n';

/**
 * A keep-alive HTTP/1.1 connection with one request at a time. It implements only the part of the protocol that the
 * measured servers use. Each response must have status 200 and contain the expected text.
 */
export class RequestSocket {
  readonly #socket: Socket;
  readonly #expected: string;
  #chunks: Buffer[] = [];
  #bytes = 0;
  /** Combined length of head and body. Null until the head has arrived, and null if the body is chunked. */
  #wanted: number | null = null;
  #chunked = false;
  #settle: { resolve: () => void; reject: (error: Error) => void } | null = null;

  static async open(port: number, expected: string): Promise<RequestSocket> {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    await once(socket, 'connect');
    return new RequestSocket(socket, expected);
  }

  private constructor(socket: Socket, expected: string) {
    this.#socket = socket;
    this.#expected = expected;
    socket.setTimeout(answerTimeoutMs, () => socket.destroy(new Error('No response within 10 s.')));
    socket.on('data', (chunk) => this.#receive(chunk));
    socket.on('error', (error) => this.#settle?.reject(error));
    socket.on('close', () => this.#settle?.reject(new Error('The server closed the connection.')));
  }

  /**
   * Sends a request and resolves when the whole response has arrived.
   * @throws Error if the response is not as expected
   */
  send(request: string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
      this.#socket.write(request);
    });
  }

  close(): void {
    this.#socket.destroy();
  }

  #receive(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
    if (this.#wanted === null && !this.#chunked) this.#readHead();
    const complete = this.#chunked ? endsWith(chunk, lastChunk) : this.#bytes === this.#wanted;
    if (complete) this.#finish();
  }

  #readHead(): void {
    const start = this.#chunks.length === 1 ? this.#chunks[0] : Buffer.concat(this.#chunks);
    const end = start?.indexOf(headEnd) ?? -1;
    if (start === undefined || end < 0) return;
    const head = start.toString('latin1', 0, end);
    const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
    if (length === undefined) this.#chunked = true;
    else this.#wanted = end + headEnd.length + Number(length);
  }

  #finish(): void {
    const answer = this.#chunks.length === 1 ? this.#chunks[0] : Buffer.concat(this.#chunks);
    const settle = this.#settle;
    this.#chunks = [];
    this.#bytes = 0;
    this.#wanted = null;
    this.#chunked = false;
    this.#settle = null;
    if (answer?.toString('latin1', 9, 12) === '200' && answer.includes(this.#expected))
      settle?.resolve();
    else
      settle?.reject(new Error(`Unexpected response: ${answer?.toString('utf8', 0, 1_000) ?? ''}`));
  }
}

const endsWith = (chunk: Buffer, text: string): boolean =>
  chunk.length >= text.length && chunk.toString('latin1', chunk.length - text.length) === text;
