import { assertNever } from '../../platform/assert-never.ts';
import { UnsafeSqlError, quoteIdentifier, quoteString } from './quote.ts';

/** One piece of a statement. Text comes only from template strings in this code base. */
type Piece =
  | { readonly kind: 'TEXT'; readonly text: string }
  | { readonly kind: 'PARAMETER'; readonly value: unknown }
  /** The name of the project's schema goes here: projects with the same model share statements. */
  | { readonly kind: 'SCHEMA' };

/**
 * SQL as a value. Only the constructors of this file create one, and the private field distinguishes it
 * from an object that looks similar, such as parsed JSON.
 */
export class Sql {
  readonly #pieces: readonly Piece[];

  constructor(key: symbol, pieces: readonly Piece[]) {
    if (key !== constructionKey) throw new UnsafeSqlError('Write SQL with the sql template.');
    this.#pieces = Object.freeze(merged(pieces));
    Object.freeze(this);
  }

  static piecesOf(value: unknown): readonly Piece[] {
    if (typeof value === 'object' && value !== null && #pieces in value) return value.#pieces;
    throw new UnsafeSqlError(
      'Only SQL stands in SQL: use ident, param or literal for anything else.',
    );
  }
}

const constructionKey = Symbol('sql');

/** Joins adjacent texts, because building a statement copies the pieces at each level. */
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
 * ``sql`SELECT ${ident('name')} FROM ${table} WHERE id = ${param(id)}` ``: every slot must be `Sql`. A
 * string in a slot is an error at run time and in the types.
 *
 * @throws UnsafeSqlError when called other than as a template, or with a slot that is not `Sql`
 */
export function sql(strings: TemplateStringsArray, ...slots: readonly Sql[]): Sql {
  if (!isTemplate(strings))
    throw new UnsafeSqlError('sql is a template tag, not a function of text.');
  const pieces: Piece[] = [];
  strings.forEach((text, index) => {
    if (text !== '') pieces.push({ kind: 'TEXT', text });
    if (index < slots.length) pieces.push(...Sql.piecesOf(slots[index]));
  });
  return new Sql(constructionKey, pieces);
}

/** The strings of a template are frozen by the parser; those of an array made at run time are not. */
function isTemplate(strings: unknown): boolean {
  return (
    Array.isArray(strings) &&
    Object.isFrozen(strings) &&
    'raw' in strings &&
    Object.isFrozen(strings.raw)
  );
}

/** `ident('p_x', 'issue')` → `"p_x"."issue"`. @throws UnsafeSqlError */
export function ident(...names: readonly [string, ...string[]]): Sql {
  return text(names.map(quoteIdentifier).join('.'));
}

/**
 * A table of the project that the statement runs for: `"p_…"."issue"`. Only `renderTemplate` renders it.
 */
export function projectTable(name: string): Sql {
  return new Sql(constructionKey, [
    { kind: 'SCHEMA' },
    { kind: 'TEXT', text: `.${quoteIdentifier(name)}` },
  ]);
}

/** A value that is sent with the statement: `$1`, `$2`, … in order of appearance. */
export function param(value: unknown): Sql {
  return new Sql(constructionKey, [{ kind: 'PARAMETER', value }]);
}

/**
 * A value written into the statement, for constants and for DDL, which takes no parameters. Negative numbers
 * are in parentheses, so that `x - ${literal(-1)}` does not become a comment.
 *
 * @throws UnsafeSqlError for NUL, lone surrogates, and numbers that are not finite
 */
export function literal(value: string | number | bigint | boolean | null): Sql {
  if (value === null) return sql`NULL`;
  if (typeof value === 'string') return text(quoteString(value));
  if (typeof value === 'boolean') return value ? sql`true` : sql`false`;
  if (typeof value === 'bigint' || Number.isFinite(value)) {
    return text(value < 0 ? `(${value})` : String(value));
  }
  // A value that bypassed the types would otherwise be written as its toString().
  throw new UnsafeSqlError('Only text, finite numbers, booleans and null can be literals.');
}

/** `join([a, b], sql`, `)` → `a, b`; nothing for an empty list. */
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

/** `{ text: 'SELECT … $1', values: […] }` */
export function render(statement: Sql): SqlQuery {
  const values: unknown[] = [];
  const parts = Sql.piecesOf(statement).map((piece) => {
    switch (piece.kind) {
      case 'TEXT':
        return piece.text;
      case 'SCHEMA':
        throw new UnsafeSqlError('This statement is of no project yet.');
      case 'PARAMETER':
        values.push(piece.value);
        return `$${values.length}`;
      default:
        return assertNever(piece);
    }
  });
  return { text: parts.join(''), values };
}

/** A statement that many projects share: its text lacks the name of the schema. */
export interface SqlTemplate {
  /** The text between the occurrences of the schema's name; at least one chunk. */
  readonly chunks: readonly [string, ...string[]];
  readonly values: readonly unknown[];
}

/** A function or object that occurs several times becomes one parameter. */
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

/** The latest text of each template: reusing the string saves V8 from computing its hash again. */
const latestTexts = new WeakMap<object, { readonly schema: string; readonly text: string }>();

/** The text for one project. @throws UnsafeSqlError */
export function textOf(template: Pick<SqlTemplate, 'chunks'>, schema: string): string {
  const { chunks } = template;
  if (chunks.length === 1) return chunks[0];
  const latest = latestTexts.get(template);
  if (latest?.schema === schema) return latest.text;
  const text = chunks.join(quoteIdentifier(schema));
  latestTexts.set(template, { schema, text });
  return text;
}

/** The text of a statement without parameters, such as DDL. @throws UnsafeSqlError on a parameter */
export function renderStandalone(statement: Sql): string {
  const { text, values } = render(statement);
  if (values.length > 0)
    throw new UnsafeSqlError('This statement takes no parameters: use literal.');
  return text;
}

function text(trusted: string): Sql {
  return new Sql(constructionKey, [{ kind: 'TEXT', text: trusted }]);
}
