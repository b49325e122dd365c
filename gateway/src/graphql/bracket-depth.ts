const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const quote = 0x22;
const numberSign = 0x23;
const backslash = 0x5c;
const opening: ReadonlySet<number> = new Set([0x28, 0x5b, 0x7b]);
const closing: ReadonlySet<number> = new Set([0x29, 0x5d, 0x7d]);

/**
 * Determines how deeply brackets are nested in a document, outside of strings and comments (GraphQL, section 2.1).
 * Whether the text is valid does not matter. The parser and everything after it recurse as deeply, so this must be
 * limited before the text is parsed.
 * @param limit the depth at which the search stops
 * @returns the depth, at most one more than the limit
 */
export function bracketDepth(text: string, limit: number): number {
  let depth = 0;
  let most = 0;
  for (let at = 0; at < text.length && most <= limit; at += 1) {
    const character = text.charCodeAt(at);
    if (opening.has(character)) {
      depth += 1;
      most = Math.max(most, depth);
    } else if (closing.has(character)) depth -= 1;
    else if (character === numberSign) at = endOfLine(text, at);
    else if (character === quote) at = endOfString(text, at);
  }
  return most;
}

function endOfLine(text: string, start: number): number {
  let at = start;
  while (at < text.length && !isLineEnd(text.charCodeAt(at))) at += 1;
  return at;
}

function isLineEnd(character: number): boolean {
  return character === lineFeed || character === carriageReturn;
}

/** Returns the position of the last quote of the string, or of the line end where an unterminated string stops. */
function endOfString(text: string, start: number): number {
  if (text.startsWith('"""', start)) {
    let end = text.indexOf('"""', start + 3);
    while (end !== -1 && text.charCodeAt(end - 1) === backslash) end = text.indexOf('"""', end + 3);
    return end === -1 ? text.length : end + 2;
  }
  let at = start + 1;
  for (; at < text.length; at += 1) {
    const character = text.charCodeAt(at);
    if (character === quote || isLineEnd(character)) return at;
    if (character === backslash) at += 1;
  }
  return at;
}
