import { randomUUID } from 'node:crypto';

/**
 * A JSON number that JavaScript would round, kept as its text. Numbers that JavaScript represents exactly stay numbers.
 */
export class ExactNumber {
  /** The name of this property is not a GraphQL name, so that no input object accepts a number. */
  readonly 'exact number': string;

  /** @param text a JSON number (RFC 8259, section 6) */
  constructor(text: string) {
    this['exact number'] = text;
  }

  get text(): string {
    return this['exact number'];
  }

  toJSON(): string {
    return isWriting ? `${mark}${this.text}` : this.text;
  }
}

/** Begins the strings that stand for numbers while JSON is read and written. Clients cannot guess it. */
const mark = `${randomUUID()}:`;

/** Whether `jsonText` is running. */
let isWriting = false;

/** Like `JSON.stringify`, but writes the digits of an `ExactNumber`. */
export function jsonText(value: unknown): string {
  isWriting = true;
  try {
    const text = JSON.stringify(value);
    return text.includes(mark) ? text.replace(markedNumbers, '$1') : text;
  } finally {
    isWriting = false;
  }
}

const markedNumbers = new RegExp(`"${mark}([^"]*)"`, 'g');

/**
 * Like `JSON.parse`, but numbers that would be rounded become an `ExactNumber`. (`JSON.parse` with the source text of
 * numbers needs Node.js 21.) @throws SyntaxError
 */
export function parseExactJson(text: string): {
  readonly value: unknown;
  readonly isExact: boolean;
} {
  const value: unknown = JSON.parse(text);
  if (!mayRound.test(text)) return { value, isExact: false };
  const marked = markNumbers(text);
  if (marked === text) return { value, isExact: false };
  return { value: JSON.parse(marked, readMarked), isExact: true };
}

/**
 * Matches any JSON text that contains a number that could be rounded: one with at least 16 digits, or with an exponent
 * of at least 3 digits. A float represents each number with at most 15 digits. Some other texts match too.
 */
const mayRound = /[:,[\s]-?(?:[\d.]{16}|[\d.]+[eE][+-]?\d{3})/;

const readMarked = (_key: string, value: unknown): unknown =>
  typeof value === 'string' && value.startsWith(mark)
    ? new ExactNumber(value.slice(mark.length))
    : value;

const quote = 0x22;
const minus = 0x2d;
const zero = 0x30;
const nine = 0x39;
const backslash = 0x5c;

/** Replaces the numbers in valid JSON text that would be rounded by marked strings. */
function markNumbers(text: string): string {
  const token = /-?\d[\d.eE+-]*/y;
  let result = '';
  let copied = 0;
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charCodeAt(at);
    if (character === quote) at = endOfString(text, at + 1);
    else if (character === minus || (character >= zero && character <= nine)) {
      token.lastIndex = at;
      const [number = ''] = token.exec(text) ?? [];
      if (typeof numberOf(number) !== 'number') {
        result += `${text.slice(copied, at)}"${mark}${number}"`;
        copied = at + number.length;
      }
      at += number.length - 1;
    }
  }
  return result + text.slice(copied);
}

/** Returns the position of the quote that ends a string. */
function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start);
  while (end !== -1 && isEscaped(text, start, end)) end = text.indexOf('"', end + 1);
  return end === -1 ? text.length : end;
}

/** Whether an odd number of backslashes precedes a character. */
function isEscaped(text: string, start: number, at: number): boolean {
  let before = at - 1;
  while (before >= start && text.charCodeAt(before) === backslash) before -= 1;
  return (at - before) % 2 === 0;
}

/** A number with more characters is an `ExactNumber`, even if it would not be rounded. */
const maxCompared = 400;

/**
 * The value of a JSON number: a number if JavaScript would print the same value, otherwise an `ExactNumber`.
 * @param text a JSON number, or an IntValue or FloatValue of GraphQL
 */
export function numberOf(text: string): number | ExactNumber {
  const number = Number(text);
  if (text.length > maxCompared || !Number.isFinite(number)) return new ExactNumber(text);
  return normal(text) === normal(String(number)) ? number : new ExactNumber(text);
}

/** The significant digits and the exponent: `-1.50e3` → `-15e2`. Numbers of the same value have the same form. */
function normal(text: string): string {
  const { sign, digits, scale } = partsOf(text);
  let length = digits.length;
  while (digits[length - 1] === '0') length -= 1;
  return length === 0 ? '0' : `${sign}${digits.slice(0, length)}e${digits.length - length - scale}`;
}

interface NumberParts {
  readonly sign: string;
  /** All digits, without leading zeros. */
  readonly digits: string;
  /** The number of digits after the point if the number is written without an exponent. Negative for `1e3`. */
  readonly scale: number;
}

function partsOf(text: string): NumberParts {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(text) ?? [];
  return {
    sign,
    digits: (whole + fraction).replace(/^0+/, ''),
    scale: fraction.length - Number(exponent),
  };
}

/** The number of characters of a JSON number without its exponent, as PostgreSQL prints it: 4 for `1e3`. */
export function writtenLength(text: string): number {
  const { sign, digits, scale } = partsOf(text);
  return sign.length + Math.max(digits.length - scale, 1) + (scale > 0 ? 1 + scale : 0);
}
