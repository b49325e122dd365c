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
 * Called with the type and the content's length of each message, before the message is in memory.
 * @returns false to discard the message as it arrives
 */
export type AdmitFrame = (type: number, bytes: number) => boolean;

/**
 * Splits the server's output into messages (manual, 54.7). A message that arrives in several chunks is copied once into
 * one buffer.
 */
export class FrameReader {
  readonly #onFrame: OnFrame;
  readonly #admits: AdmitFrame;
  /** An incomplete message or an incomplete header. Null between messages. */
  #partial: Buffer | null = null;
  #filled = 0;
  /** The bytes to discard before the next message. */
  #discarded = 0;

  /** @param admits the default admits all messages */
  constructor(onFrame: OnFrame, admits: AdmitFrame = () => true) {
    this.#onFrame = onFrame;
    this.#admits = admits;
  }

  /**
   * Reads the next chunk and passes each complete message to `onFrame`.
   * @throws Error for an invalid length, and any error that a callback throws
   */
  read(chunk: Buffer): void {
    for (let at = 0; at < chunk.length;) at = this.#advance(chunk, at);
  }

  /** Reads a message or a part of one. @returns the position after it */
  #advance(chunk: Buffer, at: number): number {
    if (this.#discarded > 0) {
      const bytes = Math.min(this.#discarded, chunk.length - at);
      this.#discarded -= bytes;
      return at + bytes;
    }
    if (this.#partial !== null) return at + this.#fill(this.#partial, chunk, at);
    if (chunk.length - at < headBytes) return this.#begin(headBytes, chunk, at);
    const bytes = frameBytes(chunk, at);
    if (!this.#admits(chunk[at] ?? 0, bytes - headBytes)) {
      this.#discarded = bytes;
      return at;
    }
    if (at + bytes > chunk.length) return this.#begin(bytes, chunk, at);
    this.#onFrame(chunk[at] ?? 0, chunk, at + headBytes, at + bytes);
    return at + bytes;
  }

  /** Appends bytes from the chunk to the incomplete message. @returns the number of bytes that were copied */
  #fill(partial: Buffer, chunk: Buffer, at: number): number {
    const taken = chunk.copy(partial, this.#filled, at);
    this.#filled += taken;
    if (this.#filled < partial.length) return taken;
    const type = partial[0] ?? 0;
    const isHead = partial.length === headBytes;
    const bytes = isHead ? frameBytes(partial, 0) : partial.length;
    if (isHead && !this.#admits(type, bytes - headBytes)) {
      this.#partial = null;
      this.#discarded = bytes - headBytes;
    } else if (bytes > partial.length) {
      this.#begin(bytes, partial, 0);
    } else {
      this.#partial = null;
      this.#onFrame(type, partial, headBytes, bytes);
    }
    return taken;
  }

  /** Starts an incomplete message with the rest of a buffer. @returns the end of the buffer */
  #begin(bytes: number, first: Buffer, at: number): number {
    this.#partial = Buffer.allocUnsafe(bytes);
    this.#filled = first.copy(this.#partial, 0, at);
    return first.length;
  }
}

function frameBytes(bytes: Buffer, at: number): number {
  const length = bytes.readUInt32BE(at + 1);
  if (length < 4 || length > maxFrameBytes) throw new Error('Invalid PostgreSQL message length.');
  return 1 + length;
}
