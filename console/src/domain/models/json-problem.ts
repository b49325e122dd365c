import { isExactNumber, keepsEveryDigit } from '#console/lib/exact-json.ts';

/** A mistake in JSON text. */
export interface JsonProblem {
  /** The index of the character where the mistake is. */
  readonly offset: number;
  /** What is wrong there: `trailing comma`. */
  readonly reason: string;
}

/**
 * Finds the first mistake in JSON text; null if `parseExactJson` accepts the text and keeps every digit of
 * its numbers.
 * Browsers word the errors of `JSON.parse` differently, and not all of them state the position.
 */
export function findJsonProblem(
  text: string,
  takesLongNumbers = keepsEveryDigit,
): JsonProblem | null {
  try {
    readDocument({ text, takesLongNumbers, at: 0 });
    return null;
  } catch (error) {
    if (error instanceof Mistake) return { offset: error.offset, reason: error.message };
    throw error;
  }
}

/** `Invalid JSON at line 3, column 12: trailing comma.` */
export function jsonProblemText(text: string, { offset, reason }: JsonProblem): string {
  const before = text.slice(0, offset).split('\n');
  // Columns count code points: an emoji is one, although it has two code units.
  const column = Array.from(before.at(-1) ?? '').length + 1;
  return `Invalid JSON at line ${before.length}, column ${column}: ${reason}.`;
}

class Mistake extends Error {
  readonly offset: number;
  constructor(offset: number, reason: string) {
    super(reason);
    this.offset = offset;
  }
}

interface Reader {
  readonly text: string;
  readonly takesLongNumbers: boolean;
  at: number;
}

/** Prevents a stack overflow. The gateway accepts fewer nested lists and objects. */
const deepest = 1000;

function readDocument(reader: Reader): void {
  skipSpace(reader);
  readAny(reader, 0);
  skipSpace(reader);
  const rest = peek(reader);
  if (rest !== '') throw new Mistake(reader.at, 'unexpected text after the value');
}

const peek = ({ text, at }: Reader): string => text.charAt(at);

function skipSpace(reader: Reader): void {
  while (/^[ \t\r\n]$/.test(peek(reader))) reader.at += 1;
  const next = reader.text.slice(reader.at, reader.at + 2);
  if (next === '//' || next === '/*') throw new Mistake(reader.at, 'comments are not allowed');
}

function readAny(reader: Reader, depth: number): void {
  const character = peek(reader);
  if (depth > deepest) throw new Mistake(reader.at, `more than ${deepest} nested levels`);
  if (character === '{') readMembers(reader, depth, '}');
  else if (character === '[') readMembers(reader, depth, ']');
  else if (character === '"') readString(reader);
  else if (/^[-+.\d]$/.test(character)) readNumber(reader);
  else readWord(reader);
}

/** Reads an object or a list. */
function readMembers(reader: Reader, depth: number, end: '}' | ']'): void {
  const start = reader.at;
  reader.at += 1;
  skipSpace(reader);
  if (peek(reader) === end) {
    reader.at += 1;
    return;
  }
  for (;;) {
    if (end === '}') readKey(reader, start);
    else if (peek(reader) === '') throw unclosed(start, end);
    readAny(reader, depth + 1);
    skipSpace(reader);
    if (readSeparator(reader, start, end)) return;
  }
}

/** Reads a comma or the end. Returns whether it was the end. */
function readSeparator(reader: Reader, start: number, end: '}' | ']'): boolean {
  const separator = peek(reader);
  if (separator === end) {
    reader.at += 1;
    return true;
  }
  if (separator === '') throw unclosed(start, end);
  if (separator !== ',') {
    const isOther = separator === '}' || separator === ']';
    throw new Mistake(reader.at, isOther ? `expected "${end}"` : `expected a comma or "${end}"`);
  }
  const comma = reader.at;
  reader.at += 1;
  skipSpace(reader);
  if (peek(reader) === end) throw new Mistake(comma, 'trailing comma');
  return false;
}

const unclosed = (start: number, end: '}' | ']'): Mistake =>
  new Mistake(start, `the closing "${end}" is missing`);

function readKey(reader: Reader, start: number): void {
  const character = peek(reader);
  if (character === '') throw unclosed(start, '}');
  if (character === "'") throw new Mistake(reader.at, 'names must be in double quotes');
  if (character !== '"') {
    const isName = /^[\p{L}\d_$]$/u.test(character);
    throw new Mistake(reader.at, isName ? 'names must be in double quotes' : 'expected a name');
  }
  readString(reader);
  skipSpace(reader);
  if (peek(reader) !== ':') throw new Mistake(reader.at, 'expected a colon');
  reader.at += 1;
  skipSpace(reader);
}

function readString(reader: Reader): void {
  const start = reader.at;
  reader.at += 1;
  for (;;) {
    const character = peek(reader);
    if (character === '"') break;
    if (character === '') throw new Mistake(start, 'the closing quote is missing');
    if (character === '\n') {
      throw new Mistake(start, 'the closing quote is missing, or write the line break as \\n');
    }
    if (character < ' ') throw new Mistake(reader.at, 'write this control character as an escape');
    reader.at += character === '\\' ? lengthOfEscape(reader) : 1;
  }
  reader.at += 1;
}

function lengthOfEscape({ text, at }: Reader): number {
  const escape = /^\\(["\\/bfnrt]|u[\da-f]{4})/i.exec(text.slice(at, at + 6));
  if (escape === null || /^\\[BFNRTU]/.test(escape[0])) {
    throw new Mistake(at, 'invalid escape; write a backslash as \\\\');
  }
  return escape[0].length;
}

function readNumber(reader: Reader): void {
  const start = reader.at;
  const token = /^[-+.\w]+/.exec(reader.text.slice(start))?.[0] ?? '';
  if (!/^-?(0|[1-9]\d*)(\.\d+)?(e[+-]?\d+)?$/i.test(token)) {
    throw new Mistake(start, `${quote(token)} is not a number`);
  }
  if (!reader.takesLongNumbers && !isExactNumber(token)) {
    throw new Mistake(start, 'a number with too many digits; write it as a string');
  }
  reader.at += token.length;
}

const wordReasons: Readonly<Record<string, string>> = {
  '': 'a value is missing',
  ',': 'a value is missing before the comma',
  ':': 'a value is missing before the colon',
  '}': 'a value is missing',
  ']': 'a value is missing',
  "'": 'strings must be in double quotes',
  '`': 'strings must be in double quotes',
};

function readWord(reader: Reader): void {
  const word = /^[\p{L}\d_$]+/u.exec(reader.text.slice(reader.at))?.[0] ?? '';
  if (!['true', 'false', 'null'].includes(word)) {
    const known = word === '' ? wordReasons[peek(reader)] : undefined;
    const hint = ['true', 'false', 'null'].find((each) => each === word.toLowerCase());
    throw new Mistake(reader.at, known ?? unknownWord(word || peek(reader), hint));
  }
  reader.at += word.length;
}

const unknownWord = (word: string, hint: string | undefined): string =>
  hint === undefined
    ? `${quote(word)} is not a value; strings must be in double quotes`
    : `write ${hint} in lower case`;

const quote = (text: string): string => `“${text.length > 20 ? `${text.slice(0, 20)}…` : text}”`;
