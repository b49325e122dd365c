declare const isByteString: unique symbol;

/** UTF-8 text as a string that has one character from U+0000 to U+00FF for each byte (Node's encoding `latin1`). */
export type ByteString = string & { readonly [isByteString]: true };

/** UTF-8 text that is not decoded. Short texts are byte strings, because Node.js writes them faster than buffers. */
export type Bytes = ByteString | Buffer;

/** Texts of up to this many bytes become byte strings. A longer text shares the memory of the buffer that was read. */
const stringBytes = 32_768;
/** Short texts of a list are joined up to this length. */
const joinedBytes = 65_536;

/** Encodes a text as UTF-8. */
export function bytesOf(text: string): ByteString {
  // The characters of the result are bytes.
  return Buffer.from(text, 'utf8').toString('latin1') as ByteString;
}

/** Encodes a text that has only ASCII characters, which UTF-8 leaves as they are. */
export function asciiBytes(text: string): ByteString {
  // Each character is a byte.
  return text as ByteString;
}

/** Encodes a text that may be long as UTF-8. A long one becomes a buffer. */
export function bytesOfLong(text: string): Bytes {
  return text.length > stringBytes ? Buffer.from(text, 'utf8') : bytesOf(text);
}

/** Decodes UTF-8. */
export function textOfBytes(bytes: Bytes): string {
  return bufferOf(bytes).toString('utf8');
}

/** @returns the bytes of `buffer` from `start` to `end`, which share its memory if there are many */
export function bytesIn(buffer: Buffer, start: number, end: number): Bytes {
  return end - start > stringBytes
    ? buffer.subarray(start, end)
    : // The characters of the result are bytes.
      (buffer.toString('latin1', start, end) as ByteString);
}

/** A sequence of bytes. Parts are not copied when they are added. */
export class ByteList {
  readonly #parts: Bytes[] = [];
  #length = 0;

  /** Creates a list of the bytes of a text. */
  static of(text: string): ByteList {
    return new ByteList().add(bytesOf(text));
  }

  /** The number of bytes. */
  get length(): number {
    return this.#length;
  }

  get parts(): readonly Bytes[] {
    return this.#parts;
  }

  add(part: Bytes): this {
    this.#length += part.length;
    const last = this.#parts.length - 1;
    const before = this.#parts[last];
    if (typeof part === 'string' && typeof before === 'string' && before.length < joinedBytes) {
      // Two byte strings are a byte string.
      this.#parts[last] = (before + part) as ByteString;
    } else {
      this.#parts.push(part);
    }
    return this;
  }

  addAll({ parts }: ByteList): this {
    for (const part of parts) this.add(part);
    return this;
  }

  toBuffer(): Buffer {
    return Buffer.concat(this.#parts.map(bufferOf), this.#length);
  }

  /** Decodes the bytes as UTF-8. */
  toString(): string {
    return this.toBuffer().toString('utf8');
  }
}

export function bufferOf(bytes: Bytes): Buffer {
  return typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes;
}
