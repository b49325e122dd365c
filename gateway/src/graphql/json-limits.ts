/** Limits on the structure of JSON text. `BodyLimits` limits the length of the text. */
export interface JsonLimits {
  /** The maximum number of levels of nested objects and lists. */
  readonly depth: number;
  /** The maximum number of members in one object. Objects with many members take much longer to parse than lists. */
  readonly members: number;
  /** The maximum number of values in all objects and lists together. */
  readonly values: number;
}

export const defaultJsonLimits: JsonLimits = { depth: 128, members: 10_000, values: 200_000 };

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
  /** For each depth: the number of commas so far in the open object or list, and whether it is an object. */
  const commas = new Int32Array(limits.depth + 1);
  const isObject = new Uint8Array(limits.depth + 1);
  let depth = 0;
  let values = 0;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at] ?? 0;
    switch (character) {
      case quote:
        at = endOfString(text, at);
        break;
      case openBracket:
      case openBrace:
        depth += 1;
        values += 1;
        if (depth > limits.depth) return 'depth';
        commas[depth] = 0;
        isObject[depth] = character === openBrace ? 1 : 0;
        break;
      case closeBracket:
      case closeBrace:
        if (depth > 0) depth -= 1;
        break;
      case comma: {
        values += 1;
        const inThis = (commas[depth] ?? 0) + 1;
        commas[depth] = inThis;
        if (isObject[depth] === 1 && inThis >= limits.members) return 'members';
      }
    }
    if (values > limits.values) return 'values';
  }
  return null;
}

/** Returns the position of the quote that ends the string, or the end of the text. */
function endOfString(text: Uint8Array, start: number): number {
  for (let end = text.indexOf(quote, start + 1); end !== -1; end = text.indexOf(quote, end + 1)) {
    let before = end - 1;
    while (text[before] === backslash) before -= 1;
    // If the number of backslashes is even, they escape each other and not the quote.
    if ((end - before) % 2 === 1) return end;
  }
  return text.length;
}
