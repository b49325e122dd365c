/** The message types that affect a statement (manual, 54.7). */
export const commandComplete = 0x43; // C
export const dataRow = 0x44; // D
export const errorResponse = 0x45; // E
export const readyForQuery = 0x5a; // Z

/** The type byte and the four-byte length, which includes itself. */
const headBytes = 5;

/** Maximum length of a message. PostgreSQL does not create longer ones. */
const maxFrameBytes = 2 ** 30 + 1_024;

/**
 * Called with each message: its type, and the start and end of its content in `bytes`. The reader does not write to the
 * buffer again.
 */
export type OnFrame = (type: number, bytes: Buffer, start: number, end: number) => void;

/**
 * Splits the server's output into messages (manual, 54.7). A message that arrives in several chunks is copied once into
 * one buffer.
 */
export class FrameReader {
  readonly #onFrame: OnFrame;
  /** An incomplete message or an incomplete header. Null between messages. */
  #partial: Buffer | null = null;
  #filled = 0;

  constructor(onFrame: OnFrame) {
    this.#onFrame = onFrame;
  }

  /**
   * Reads the next chunk and passes each complete message to `onFrame`.
   * @throws Error for an invalid length, and any error that `onFrame` throws
   */
  read(chunk: Buffer): void {
    let at = 0;
    while (this.#partial !== null && at < chunk.length) at += this.#fill(this.#partial, chunk, at);
    while (chunk.length - at >= headBytes) {
      const end = at + frameBytes(chunk, at);
      if (end > chunk.length) break;
      this.#onFrame(chunk[at] ?? 0, chunk, at + headBytes, end);
      at = end;
    }
    if (at < chunk.length) this.#keep(chunk, at);
  }

  /** Appends bytes from the chunk to the incomplete message. @returns the number of bytes that were copied */
  #fill(partial: Buffer, chunk: Buffer, at: number): number {
    const taken = chunk.copy(partial, this.#filled, at);
    this.#filled += taken;
    if (this.#filled < partial.length) return taken;
    const bytes = partial.length === headBytes ? frameBytes(partial, 0) : partial.length;
    if (bytes > partial.length) {
      this.#begin(bytes, partial, 0);
    } else {
      this.#partial = null;
      this.#onFrame(partial[0] ?? 0, partial, headBytes, bytes);
    }
    return taken;
  }

  #keep(chunk: Buffer, at: number): void {
    const isHeadThere = chunk.length - at >= headBytes;
    this.#begin(isHeadThere ? frameBytes(chunk, at) : headBytes, chunk, at);
  }

  #begin(bytes: number, first: Buffer, at: number): void {
    this.#partial = Buffer.allocUnsafe(bytes);
    this.#filled = first.copy(this.#partial, 0, at);
  }
}

function frameBytes(bytes: Buffer, at: number): number {
  const length = bytes.readUInt32BE(at + 1);
  if (length < 4 || length > maxFrameBytes) throw new Error('Invalid PostgreSQL message length.');
  return 1 + length;
}
