/** Limits on the structure of JSON text. `BodyLimits` limits the length of the text. */
export interface JsonLimits {
  /** The maximum number of levels of nested objects and lists. */
  readonly depth: number;
  /** The maximum number of members in one object. Objects with many members take much longer to parse than lists. */
  readonly members: number;
  /** The maximum number of values in all objects and lists together. */
  readonly values: number;
}

/** The depth allows for JSON values with the maximum depth (`requestLimits.jsonDepth`) inside other input. */
export const defaultJsonLimits: JsonLimits = { depth: 140, members: 10_000, values: 200_000 };

const quote = 0x22;
const backslash = 0x5c;
const comma = 0x2c;
const openBracket = 0x5b;
const closeBracket = 0x5d;
const openBrace = 0x7b;
const closeBrace = 0x7d;

/**
 * Determines in one pass whether JSON text exceeds a limit, before it is parsed: `JSON.parse` of 8 MB of brackets takes
 * seconds. Counts brackets and commas outside of strings; whether the text is valid JSON does not matter.
 * @returns the first limit that the text exceeds, or null
 */
export function exceededLimit(text: Uint8Array, limits: JsonLimits): keyof JsonLimits | null {
  return new JsonMeter(limits).scan(text);
}

/** Applies the limits to text that arrives in chunks. */
export class JsonMeter {
  readonly #limits: JsonLimits;
  /** For each depth: the number of commas so far in the open object or list, and whether it is an object. */
  readonly #commas: number[] = [];
  readonly #isObject: boolean[] = [];
  #depth = 0;
  #values = 0;
  #isInString = false;
  /** Whether the first character of the next chunk is escaped. */
  #isEscaped = false;

  constructor(limits: JsonLimits) {
    this.#limits = limits;
  }

  /** Scans the next chunk. @returns the first limit that the text so far exceeds, or null */
  scan(chunk: Uint8Array): keyof JsonLimits | null {
    let at = 0;
    if (this.#isInString) at = this.#endOfString(chunk, this.#isEscaped ? 1 : 0) + 1;
    for (; at < chunk.length; at += 1) {
      const character = chunk[at] ?? 0;
      switch (character) {
        case quote:
          at = this.#endOfString(chunk, at + 1);
          break;
        case openBracket:
        case openBrace:
          this.#depth += 1;
          this.#values += 1;
          if (this.#depth > this.#limits.depth) return 'depth';
          this.#commas[this.#depth] = 0;
          this.#isObject[this.#depth] = character === openBrace;
          break;
        case closeBracket:
        case closeBrace:
          if (this.#depth > 0) this.#depth -= 1;
          break;
        case comma: {
          this.#values += 1;
          const inThis = (this.#commas[this.#depth] ?? 0) + 1;
          this.#commas[this.#depth] = inThis;
          if (this.#isObject[this.#depth] === true && inThis >= this.#limits.members)
            return 'members';
        }
      }
      if (this.#values > this.#limits.values) return 'values';
    }
    return null;
  }

  /** Returns the position of the quote that ends the string, or the end of the chunk if it does not end there. */
  #endOfString(chunk: Uint8Array, start: number): number {
    let end = chunk.indexOf(quote, start);
    while (end !== -1 && isEscapedAt(chunk, start, end)) end = chunk.indexOf(quote, end + 1);
    this.#isInString = end === -1;
    if (!this.#isInString) return end;
    this.#isEscaped = isEscapedAt(chunk, start, chunk.length);
    return chunk.length;
  }
}

/** Whether an odd number of backslashes precedes a character. An even number escape each other. */
function isEscapedAt(chunk: Uint8Array, start: number, at: number): boolean {
  let before = at - 1;
  while (before >= start && chunk[before] === backslash) before -= 1;
  return (at - before) % 2 === 0;
}
