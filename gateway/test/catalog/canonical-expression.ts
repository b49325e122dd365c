import { decimalText, parseDecimal } from '../../src/engine/sdl/decimal.ts';
import { canonicalJson } from '../../src/engine/migrations/hash.ts';

/**
 * Normalizes an expression so that a generated expression can be compared with the form that PostgreSQL prints. Removes
 * quotes around names, casts of constants, parentheses and spaces, and writes numbers in one notation. This is
 * sufficient because the generated expressions are simple. `(char_length(title) >= 1)` and `char_length("title") >= 1`
 * → `char_length title >= '1'`
 */
export function canonicalExpression(text: string): string {
  return tokens(text)
    .filter(({ kind, text: token }) => kind !== 'SYMBOL' || !['(', ')', ','].includes(token))
    .map((token) => (token.kind === 'CONSTANT' ? constant(token.text) : token.text))
    .join(' ');
}

/** Normalizes a default value. The column's type determines how the constant is read. */
export function canonicalDefault(text: string, type: string): string {
  const found = tokens(text).filter(({ kind }) => kind !== 'SYMBOL');
  const read = (value: string) => canonicalValue(value, type.replace('[]', ''));
  return found
    .map((token) => (token.kind === 'CONSTANT' ? read(token.text) : token.text.toLowerCase()))
    .join(' ');
}

interface Token {
  readonly kind: 'WORD' | 'CONSTANT' | 'SYMBOL';
  readonly text: string;
}

const castPattern =
  '::\\s*(?:timestamp with time zone|time without time zone|double precision|[a-z]+)(?:\\(\\d+(?:,\\d+)?\\))?(?:\\[\\])?';
const tokenPattern = new RegExp(
  [
    '\\s+',
    castPattern,
    `(?<escaped>E'(?:[^'\\\\]|''|\\\\.)*')`,
    `(?<string>'(?:[^']|'')*')`,
    '(?<name>"(?:[^"]|"")*")',
    '(?<number>-?\\d+(?:\\.\\d+)?(?:[eE][+-]?\\d+)?)',
    '(?<word>[A-Za-z_][A-Za-z0-9_$]*)',
    '(?<symbol>[<>=~@!]+|.)',
  ].join('|'),
  'gsu',
);

function tokens(text: string): readonly Token[] {
  return [...text.matchAll(tokenPattern)].flatMap(({ groups = {} }): readonly Token[] => {
    const { escaped, string, name, number, word, symbol } = groups;
    if (escaped !== undefined) {
      const body = escaped.slice(2, -1).replaceAll("''", "'").replaceAll('\\\\', '\\');
      return [{ kind: 'CONSTANT', text: body }];
    }
    if (string !== undefined) {
      return [{ kind: 'CONSTANT', text: string.slice(1, -1).replaceAll("''", "'") }];
    }
    if (name !== undefined) {
      return [{ kind: 'WORD', text: name.slice(1, -1).replaceAll('""', '"') }];
    }
    if (number !== undefined) return [{ kind: 'CONSTANT', text: number }];
    if (word !== undefined) return [{ kind: 'WORD', text: word }];
    return symbol === undefined ? [] : [{ kind: 'SYMBOL', text: symbol }];
  });
}

/**
 * Puts a constant in quotes and normalizes it if it is a number. A number in a check constraint is always a bound,
 * never the content of a string: enum values are names, and patterns start with ^.
 */
function constant(text: string): string {
  const number = parseDecimal(text);
  return `'${number === null ? text : decimalText(number)}'`;
}

function canonicalValue(value: string, type: string): string {
  switch (type) {
    case 'integer':
    case 'bigint':
    case 'numeric':
    case 'double precision':
      return constant(value);
    case 'jsonb':
      return canonicalJson(JSON.parse(value));
    case 'timestamp with time zone':
      return instant(value);
    default:
      return `'${value}'`;
  }
}

/** `2024-01-01 02:00:00.5+02` and `2024-01-01T00:00:00.5Z` → seconds since 1970, including fractions */
function instant(text: string): string {
  const match = /^(\S+)[T ](\d\d:\d\d:\d\d)(?:\.(\d+))?(Z|[+-]\d\d)(?::?(\d\d))?$/.exec(text);
  if (match === null) return text;
  const [, day = '', time = '', fraction = '', hours = '', minutes = '00'] = match;
  const zone = hours === 'Z' ? 'Z' : `${hours}:${minutes}`;
  return `${Date.parse(`${day}T${time}${zone}`) / 1000}.${fraction.replace(/0+$/, '')}`;
}
