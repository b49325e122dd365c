import { codePoints, complement, everything, type CodePoints } from './code-points.ts';

/** What a pattern says, without its anchors. */
export type PatternNode =
  | { readonly kind: 'CHARACTER'; readonly set: CodePoints }
  | { readonly kind: 'SEQUENCE'; readonly parts: readonly PatternNode[] }
  | { readonly kind: 'CHOICE'; readonly branches: readonly PatternNode[] }
  | {
      readonly kind: 'REPEAT';
      readonly body: PatternNode;
      readonly least: number;
      /** Null: without bound. */
      readonly most: number | null;
    };

/** Why a pattern is not in the subset, in words for its author. */
export class PatternError extends Error {
  override readonly name = 'PatternError';
  readonly hint: string;

  constructor(message: string, hint: string) {
    super(message);
    this.hint = hint;
  }
}

/** PostgreSQL's limit of a counted repetition (RE_DUP_MAX). */
const maxRepetitions = 255;
const escapable = '^$\\.*+?()[]{}|/';
const controlEscapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };

/**
 * Parses `^ … $` in the subset that a PostgreSQL ARE and a JavaScript `us` regular expression read
 * alike:
 *
 *     characters   .   [a-z_]  [^,]   \. and other escaped syntax   \n \r \t
 *     ( … )  (?: … )   a|b inside a group   * + ? {n} {n,} {n,m}
 *
 * Left out, since the two differ on it or lack it: `\d \w \s \b`, `\u…`, POSIX classes, back references,
 * look-around, lazy quantifiers and inline flags.
 *
 * @throws PatternError
 */
export function parsePattern(pattern: string): PatternNode {
  const characters = Array.from(pattern);
  if (characters[0] !== '^' || characters.at(-1) !== '$' || characters.length < 2) {
    throw new PatternError(
      'A pattern describes the whole value: it starts with ^ and ends with $.',
      'Write `^…$`; for a part of a value use `^[^x]*x` and so on.',
    );
  }
  const reader = new Reader(characters.slice(1, -1));
  const body = readSequence(reader);
  if (reader.peek() === '|') {
    throw new PatternError('A choice stands in a group.', 'Write `^(?:a|b)$`.');
  }
  if (!reader.done()) throw unexpected(reader.peek() ?? '');
  return body;
}

class Reader {
  readonly #characters: readonly string[];
  #position = 0;

  constructor(characters: readonly string[]) {
    this.#characters = characters;
  }

  done(): boolean {
    return this.#position >= this.#characters.length;
  }

  peek(): string | undefined {
    return this.#characters[this.#position];
  }

  next(): string {
    const character = this.#characters[this.#position];
    if (character === undefined) {
      throw new PatternError('The pattern ends too early.', 'Close its groups and brackets.');
    }
    this.#position += 1;
    return character;
  }

  accept(text: string): boolean {
    const found = this.#characters.slice(this.#position, this.#position + text.length).join('');
    if (found !== text) return false;
    this.#position += text.length;
    return true;
  }
}

function readChoice(reader: Reader): PatternNode {
  const branches = [readSequence(reader)];
  while (reader.accept('|')) branches.push(readSequence(reader));
  const [only] = branches;
  return branches.length === 1 && only !== undefined ? only : { kind: 'CHOICE', branches };
}

function readSequence(reader: Reader): PatternNode {
  const parts: PatternNode[] = [];
  while (!reader.done() && reader.peek() !== '|' && reader.peek() !== ')') {
    parts.push(readQuantified(reader));
  }
  return { kind: 'SEQUENCE', parts };
}

function readQuantified(reader: Reader): PatternNode {
  const body = readAtom(reader);
  const bounds = readQuantifier(reader);
  if (bounds === null) return body;
  if (['*', '+', '?', '{'].includes(reader.peek() ?? '')) {
    throw new PatternError(
      'A quantifier follows another.',
      'Keep one; lazy quantifiers change nothing in a yes or no.',
    );
  }
  return { kind: 'REPEAT', body, ...bounds };
}

function readQuantifier(reader: Reader): { least: number; most: number | null } | null {
  if (reader.accept('*')) return { least: 0, most: null };
  if (reader.accept('+')) return { least: 1, most: null };
  if (reader.accept('?')) return { least: 0, most: 1 };
  if (!reader.accept('{')) return null;
  const least = readCount(reader);
  const most = !reader.accept(',') ? least : reader.peek() === '}' ? null : readCount(reader);
  if (!reader.accept('}') || (most !== null && most < least) || most === 0) {
    throw new PatternError('A repetition is not right.', 'Write {2}, {2,} or {2,6}.');
  }
  return { least, most };
}

function readCount(reader: Reader): number {
  let digits = '';
  while (/^[0-9]$/.test(reader.peek() ?? '')) digits += reader.next();
  const count = Number(digits);
  if (digits === '' || count > maxRepetitions) {
    throw new PatternError(
      `A repetition counts from 0 to ${maxRepetitions}.`,
      'Use @constraint(maxLength:) for longer ones; write \\{ for the character.',
    );
  }
  return count;
}

function readAtom(reader: Reader): PatternNode {
  const character = reader.next();
  switch (character) {
    case '(':
      return readGroup(reader);
    case '[':
      return { kind: 'CHARACTER', set: readClass(reader) };
    case '.':
      return { kind: 'CHARACTER', set: everything };
    case '\\':
      return { kind: 'CHARACTER', set: single(readEscape(reader, escapable)) };
    default:
      if ('*+?{}]^$'.includes(character)) throw unexpected(character);
      return { kind: 'CHARACTER', set: single(character) };
  }
}

function readGroup(reader: Reader): PatternNode {
  if (reader.accept('?') && !reader.accept(':')) {
    throw new PatternError(
      'Look-around, named groups and inline flags are not supported.',
      'Use plain groups, (…) or (?:…), and more than one field or constraint if need be.',
    );
  }
  const body = readChoice(reader);
  if (reader.next() !== ')') throw unexpected(')');
  return body;
}

function readClass(reader: Reader): CodePoints {
  const negated = reader.accept('^');
  const ranges: (readonly [number, number])[] = [];
  while (!reader.accept(']')) {
    const from = readClassMember(reader, ranges.length === 0);
    const isRange = reader.peek() === '-' && from !== '-';
    if (!isRange) {
      ranges.push(...single(from));
      continue;
    }
    reader.next();
    if (reader.peek() === ']') ranges.push(...single(from), ...single('-'));
    else ranges.push(readRangeEnd(reader, from));
  }
  if (ranges.length === 0) {
    throw new PatternError('A character class is empty.', 'Write \\[ and \\] for the characters.');
  }
  const set = codePoints(ranges);
  return negated ? complement(set) : set;
}

function readRangeEnd(reader: Reader, from: string): readonly [number, number] {
  const [low, high] = [codePointOf(from), codePointOf(readClassMember(reader, false))];
  if (low > high) throw new PatternError('A range runs backwards.', 'Write it as [a-z].');
  return [low, high];
}

/** One character of a class. A bare hyphen may only be the first, or the last before the bracket. */
function readClassMember(reader: Reader, first: boolean): string {
  const character = reader.next();
  if (character === '\\') return readEscape(reader, `${escapable}-`);
  if (character === '[') {
    throw new PatternError('A class stands in a class.', 'Write \\[ for the character.');
  }
  if (character === '-' && !first && reader.peek() !== ']') {
    throw new PatternError('A hyphen stands where it is no range.', 'Write \\- for the character.');
  }
  return character;
}

function readEscape(reader: Reader, allowed: string): string {
  const character = reader.next();
  const control = controlEscapes[character];
  if (control !== undefined) return control;
  if (allowed.includes(character)) return character;
  throw new PatternError(
    `PostgreSQL and JavaScript read \\${character} differently.`,
    'Write a class of your own: [0-9] for \\d, [A-Za-z0-9_] for \\w, [ \\t] for \\s.',
  );
}

function unexpected(character: string): PatternError {
  return new PatternError(
    `There is a ${character} where it means nothing.`,
    `Write \\${character} for the character.`,
  );
}

function single(character: string): CodePoints {
  const point = codePointOf(character);
  return [[point, point]];
}

function codePointOf(character: string): number {
  return character.codePointAt(0) ?? 0;
}
