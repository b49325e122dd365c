import { assertNever } from '../../platform/assert-never.ts';
import { UnsafeSqlError, quoteIdentifier, quoteString } from './quote.ts';

/** One piece of a statement. Text pieces come only from template strings in the source code. */
type Piece =
  | { readonly kind: 'TEXT'; readonly text: string }
  | { readonly kind: 'PARAMETER'; readonly value: unknown }
  /** A placeholder for the project's schema name, so that projects with the same model can share statements. */
  | { readonly kind: 'SCHEMA' };

/**
 * A fragment of SQL. Only the functions in this file can create one. The private field distinguishes it from other
 * objects of the same structure, such as parsed JSON.
 */
export class Sql {
  readonly #pieces: readonly Piece[];

  constructor(key: symbol, pieces: readonly Piece[]) {
    if (key !== constructionKey)
      throw new UnsafeSqlError('Use the sql template tag to create SQL.');
    this.#pieces = Object.freeze(merged(pieces));
    Object.freeze(this);
  }

  static piecesOf(value: unknown): readonly Piece[] {
    if (typeof value === 'object' && value !== null && #pieces in value) return value.#pieces;
    throw new UnsafeSqlError(
      'A value in an sql template must be SQL: wrap it in ident, param or literal.',
    );
  }
}

const constructionKey = Symbol('sql');

/** Joins adjacent text pieces, so that fewer pieces are copied at each level of a statement. */
function merged(pieces: readonly Piece[]): Piece[] {
  const result: Piece[] = [];
  let text = '';
  for (const piece of pieces) {
    if (piece.kind === 'TEXT') {
      text += piece.text;
      continue;
    }
    if (text !== '') result.push({ kind: 'TEXT', text });
    text = '';
    result.push(piece);
  }
  if (text !== '') result.push({ kind: 'TEXT', text });
  return result;
}

/**
 * Creates SQL from a template: ``sql`SELECT ${ident('name')} FROM ${table} WHERE id = ${param(id)}` ``. Every embedded
 * value must be `Sql`. The type checker and a check at run time reject strings.
 *
 * @throws UnsafeSqlError if it is not called as a template tag, or if an embedded value is not `Sql`
 */
export function sql(strings: TemplateStringsArray, ...slots: readonly Sql[]): Sql {
  if (!isTemplate(strings)) throw new UnsafeSqlError('sql must be called as a template tag.');
  const pieces: Piece[] = [];
  strings.forEach((text, index) => {
    if (text !== '') pieces.push({ kind: 'TEXT', text });
    if (index < slots.length) pieces.push(...Sql.piecesOf(slots[index]));
  });
  return new Sql(constructionKey, pieces);
}

/** JavaScript freezes the strings array of a template literal. An array that is created at run time is not frozen. */
function isTemplate(strings: unknown): boolean {
  return (
    Array.isArray(strings) &&
    Object.isFrozen(strings) &&
    'raw' in strings &&
    Object.isFrozen(strings.raw)
  );
}

/** A quoted, possibly qualified name: `ident('p_x', 'issue')` → `"p_x"."issue"`. @throws UnsafeSqlError */
export function ident(...names: readonly [string, ...string[]]): Sql {
  return text(names.map(quoteIdentifier).join('.'));
}

/**
 * A table in the schema of the project that the statement runs for: `"p_…"."issue"`. Only `renderTemplate` supports it.
 */
export function projectTable(name: string): Sql {
  return new Sql(constructionKey, [
    { kind: 'SCHEMA' },
    { kind: 'TEXT', text: `.${quoteIdentifier(name)}` },
  ]);
}

/** A sequence in the schema of the project that the statement runs for, as an argument of `nextval` and `setval`. */
export function projectSequence(name: string): Sql {
  const quoted = quoteString(`.${quoteIdentifier(name)}`);
  // The schema is the beginning of the string: `'` or, if the string contains a backslash, `E'`.
  const start = quoted.indexOf("'") + 1;
  return new Sql(constructionKey, [
    { kind: 'TEXT', text: quoted.slice(0, start) },
    { kind: 'SCHEMA' },
    { kind: 'TEXT', text: `${quoted.slice(start)}::regclass` },
  ]);
}

/** A value that is sent separately from the text. Parameters are numbered `$1`, `$2`, … in order of appearance. */
export function param(value: unknown): Sql {
  return new Sql(constructionKey, [{ kind: 'PARAMETER', value }]);
}

/**
 * A value that is written into the SQL text: a constant, or a value in DDL, which accepts no parameters. Negative
 * numbers are in parentheses, so that the result of `x -${literal(-1)}` does not contain a comment.
 *
 * @throws UnsafeSqlError for NUL, unpaired surrogates, and numbers that are not finite
 */
export function literal(value: string | number | bigint | boolean | null): Sql {
  if (value === null) return sql`NULL`;
  if (typeof value === 'string') return text(quoteString(value));
  if (typeof value === 'boolean') return value ? sql`true` : sql`false`;
  if (typeof value === 'bigint' || Number.isFinite(value)) {
    return text(value < 0 ? `(${value})` : String(value));
  }
  // Without this check, a value that bypassed the type checker would be converted with toString().
  throw new UnsafeSqlError('Only text, finite numbers, booleans and null can be literals.');
}

/** Joins fragments with a separator: `join([a, b], sql`, `)` → `a, b`. An empty list results in empty SQL. */
export function join(parts: readonly Sql[], separator: Sql): Sql {
  const between = Sql.piecesOf(separator);
  const pieces = parts.flatMap((part, index) => [
    ...(index === 0 ? [] : between),
    ...Sql.piecesOf(part),
  ]);
  return new Sql(constructionKey, pieces);
}

export function commaList(parts: readonly Sql[]): Sql {
  return join(parts, sql`, `);
}

/** A query as `pg` expects it. */
export interface SqlQuery {
  readonly text: string;
  readonly values: readonly unknown[];
}

/** Writes the values of a statement's parameters into its text. @throws UnsafeSqlError as `literal` does */
export function withConstants(
  statement: Sql,
  valueOf: (parameter: unknown) => string | number | boolean | null,
): Sql {
  const pieces = Sql.piecesOf(statement).flatMap((piece) =>
    piece.kind === 'PARAMETER' ? Sql.piecesOf(literal(valueOf(piece.value))) : [piece],
  );
  return new Sql(constructionKey, pieces);
}

/** Renders `{ text: 'SELECT … $1', values: […] }`. */
export function render(statement: Sql): SqlQuery {
  const values: unknown[] = [];
  const parts = Sql.piecesOf(statement).map((piece) => {
    switch (piece.kind) {
      case 'TEXT':
        return piece.text;
      case 'SCHEMA':
        throw new UnsafeSqlError('Use renderTemplate for a statement with project tables.');
      case 'PARAMETER':
        values.push(piece.value);
        return `$${values.length}`;
      default:
        return assertNever(piece);
    }
  });
  return { text: parts.join(''), values };
}

/** A statement that several projects can share: its text does not contain the schema name. */
export interface SqlTemplate {
  /** The text, split at the positions of the schema name. */
  readonly chunks: readonly [string, ...string[]];
  readonly values: readonly unknown[];
}

/** Renders a statement as a template. A function or object that occurs several times is sent as a single parameter. */
export function renderTemplate(statement: Sql): SqlTemplate {
  const parts: string[] = [];
  const earlier: string[] = [];
  const values: unknown[] = [];
  const numbers = new Map<unknown, number>();
  for (const piece of Sql.piecesOf(statement)) {
    switch (piece.kind) {
      case 'TEXT':
        parts.push(piece.text);
        break;
      case 'SCHEMA':
        earlier.push(parts.splice(0).join(''));
        break;
      case 'PARAMETER': {
        const isShared = typeof piece.value === 'function' || typeof piece.value === 'object';
        const number =
          (isShared ? numbers.get(piece.value) : undefined) ?? values.push(piece.value);
        if (isShared) numbers.set(piece.value, number);
        parts.push(`$${number}`);
        break;
      }
      default:
        assertNever(piece);
    }
  }
  const [first, ...others] = [...earlier, parts.join('')];
  return { chunks: [first, ...others], values };
}

/** The latest text of each template. If the string is reused, V8 does not have to compute its hash again. */
const latestTexts = new WeakMap<object, { readonly schema: string; readonly text: string }>();

/** Returns the text of a template for one project. @throws UnsafeSqlError for an invalid schema name */
export function textOf(template: Pick<SqlTemplate, 'chunks'>, schema: string): string {
  const { chunks } = template;
  if (chunks.length === 1) return chunks[0];
  const latest = latestTexts.get(template);
  if (latest?.schema === schema) return latest.text;
  const text = chunks.join(quoteIdentifier(schema));
  latestTexts.set(template, { schema, text });
  return text;
}

/** The text of a statement without parameters, such as DDL. @throws UnsafeSqlError if it has a parameter */
export function renderStandalone(statement: Sql): string {
  const { text, values } = render(statement);
  if (values.length > 0)
    throw new UnsafeSqlError('This statement cannot have parameters. Use literal() instead.');
  return text;
}

function text(trusted: string): Sql {
  return new Sql(constructionKey, [{ kind: 'TEXT', text: trusted }]);
}
