import { codePoints, complement, everything, type CodePoints } from './code-points.ts';

/** The syntax tree of a pattern, without its anchors. */
export type PatternNode =
  | { readonly kind: 'CHARACTER'; readonly set: CodePoints }
  | { readonly kind: 'SEQUENCE'; readonly parts: readonly PatternNode[] }
  | { readonly kind: 'CHOICE'; readonly branches: readonly PatternNode[] }
  | {
      readonly kind: 'REPEAT';
      readonly body: PatternNode;
      readonly least: number;
      /** Null if there is no upper bound. */
      readonly most: number | null;
    };

/** Thrown for a pattern that is not supported. The message and the hint are for the pattern's author. */
export class PatternError extends Error {
  override readonly name = 'PatternError';
  readonly hint: string;

  constructor(message: string, hint: string) {
    super(message);
    this.hint = hint;
  }
}

/** PostgreSQL's limit for counted repetitions (RE_DUP_MAX). */
const maxRepetitions = 255;
const escapable = '^$\\.*+?()[]{}|/';
const controlEscapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };

/**
 * Parses `^ … $` in the subset of regular expressions that has the same meaning in a PostgreSQL ARE and in JavaScript
 * with the flags `us`:
 *
 *     characters   .   [a-z_]  [^,]   \. and other escaped syntax   \n \r \t
 *     ( … )  (?: … )   a|b inside a group   * + ? {n} {n,} {n,m}
 *
 * Not supported, because the two differ or one of them lacks it: `\d \w \s \b`, `\u…`, POSIX classes, back
 * references, look-around, lazy quantifiers and inline flags.
 *
 * @throws PatternError if the pattern is not in this subset
 */
export function parsePattern(pattern: string): PatternNode {
  const characters = Array.from(pattern);
  if (characters[0] !== '^' || characters.at(-1) !== '$' || characters.length < 2) {
    throw new PatternError(
      'A pattern must start with ^ and end with $, because it describes the whole value.',
      'Write `^…$`. To match part of a value, also describe the rest, as in `^[^x]*x[^x]*$`.',
    );
  }
  const reader = new Reader(characters.slice(1, -1));
  const body = readSequence(reader);
  if (reader.peek() === '|') {
    throw new PatternError('Alternatives must be in a group.', 'Write `^(?:a|b)$`.');
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
      throw new PatternError(
        'The pattern is incomplete.',
        'Close all groups and brackets, and do not end with a backslash.',
      );
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
      'A quantifier follows another quantifier.',
      'Remove one of them. Lazy quantifiers have no effect on whether a value matches.',
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
    throw new PatternError(
      'A repetition count is invalid.',
      'Use a form such as {2}, {2,} or {2,6}.',
    );
  }
  return { least, most };
}

function readCount(reader: Reader): number {
  let digits = '';
  while (/^[0-9]$/.test(reader.peek() ?? '')) digits += reader.next();
  const count = Number(digits);
  if (digits === '' || count > maxRepetitions) {
    throw new PatternError(
      `A repetition count must be a number from 0 to ${maxRepetitions}.`,
      'For larger counts, use @constraint(maxLength:). To match the character {, write \\{.',
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
      'Use only groups of the form (…) or (?:…).',
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
    throw new PatternError(
      'A character class is empty.',
      'To match the characters [ and ], write \\[ and \\].',
    );
  }
  const set = codePoints(ranges);
  return negated ? complement(set) : set;
}

function readRangeEnd(reader: Reader, from: string): readonly [number, number] {
  const [low, high] = [codePointOf(from), codePointOf(readClassMember(reader, false))];
  if (low > high)
    throw new PatternError(
      'A character range is in reverse order.',
      'Write the character with the lower code point first, as in [a-z].',
    );
  return [low, high];
}

/** Reads one character of a class. An unescaped hyphen must be the first or the last character of the class. */
function readClassMember(reader: Reader, first: boolean): string {
  const character = reader.next();
  if (character === '\\') return readEscape(reader, `${escapable}-`);
  if (character === '[') {
    throw new PatternError(
      'Character classes cannot be nested.',
      'To match the character [, write \\[.',
    );
  }
  if (character === '-' && !first && reader.peek() !== ']') {
    throw new PatternError(
      'A hyphen in a character class is not part of a range.',
      'To match the character -, write \\-.',
    );
  }
  return character;
}

function readEscape(reader: Reader, allowed: string): string {
  const character = reader.next();
  const control = controlEscapes[character];
  if (control !== undefined) return control;
  if (allowed.includes(character)) return character;
  throw new PatternError(
    `The escape \\${character} is not supported, because PostgreSQL and JavaScript interpret it differently.`,
    'Use a character class: [0-9] for \\d, [A-Za-z0-9_] for \\w, [ \\t] for \\s.',
  );
}

function unexpected(character: string): PatternError {
  return new PatternError(
    `Unexpected character ${character}.`,
    `To match the character ${character}, write \\${character}.`,
  );
}

function single(character: string): CodePoints {
  const point = codePointOf(character);
  return [[point, point]];
}

function codePointOf(character: string): number {
  return character.codePointAt(0) ?? 0;
}
