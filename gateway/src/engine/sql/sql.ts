import { UnsafeSqlError, quoteIdentifier, quoteString } from './quote.ts';

/** One piece of a statement. Text comes only from template strings in our own code. */
type Piece =
  | { readonly kind: 'TEXT'; readonly text: string }
  | { readonly kind: 'PARAMETER'; readonly value: unknown }
  /** Where the name of the project's schema goes: statements of the API serve every project of a model. */
  | { readonly kind: 'SCHEMA' };

/**
 * SQL as a value. Its only ways in are the constructors of this file, and the private field tells a
 * real one from any object that looks like it, such as parsed JSON.
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

/** Texts beside each other become one: a statement is put together level by level, each copying the last. */
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
 * ``sql`SELECT ${ident('name')} FROM ${table} WHERE id = ${param(id)}` ``: every slot takes `Sql` and
 * nothing else; a string in a slot is an error here and in the types.
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

/** A template's strings come frozen from the parser; an array made at run time does not. */
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
 * A table of whichever project the statement will run for: `"p_…"."issue"`. Only `renderTemplate` knows
 * what to do with it.
 */
export function projectTable(name: string): Sql {
  return new Sql(constructionKey, [
    { kind: 'SCHEMA' },
    { kind: 'TEXT', text: `.${quoteIdentifier(name)}` },
  ]);
}

/** A value that travels beside the statement: `$1`, `$2`, … in order of appearance. */
export function param(value: unknown): Sql {
  return new Sql(constructionKey, [{ kind: 'PARAMETER', value }]);
}

/**
 * A value written into the statement, for DDL, which takes no parameters. Negative numbers stand in
 * parentheses, so that `x - ${literal(-1)}` never becomes a comment.
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
  // Also where an object comes past the types: it would be written as its toString otherwise.
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

/** What `pg` takes as a query. */
export interface SqlQuery {
  readonly text: string;
  readonly values: readonly unknown[];
}

/** `{ text: 'SELECT … $1', values: […] }` */
export function render(statement: Sql): SqlQuery {
  const values: unknown[] = [];
  const parts = Sql.piecesOf(statement).map((piece) => {
    if (piece.kind === 'TEXT') return piece.text;
    if (piece.kind === 'SCHEMA') throw new UnsafeSqlError('This statement is of no project yet.');
    values.push(piece.value);
    return `$${values.length}`;
  });
  return { text: parts.join(''), values };
}

/** A statement that many projects share: its text lacks the name of their schema. */
export interface SqlTemplate {
  /** The text around the places where the schema's name goes; at least one. */
  readonly chunks: readonly [string, ...string[]];
  readonly values: readonly unknown[];
}

/** A value that stands in several places, told by identity, is one parameter. */
export function renderTemplate(statement: Sql): SqlTemplate {
  const parts: string[] = [];
  const earlier: string[] = [];
  const values: unknown[] = [];
  const numbers = new Map<unknown, number>();
  for (const piece of Sql.piecesOf(statement)) {
    if (piece.kind === 'TEXT') parts.push(piece.text);
    else if (piece.kind === 'SCHEMA') earlier.push(parts.splice(0).join(''));
    else {
      const isShared = typeof piece.value === 'function' || typeof piece.value === 'object';
      const number = (isShared ? numbers.get(piece.value) : undefined) ?? values.push(piece.value);
      if (isShared) numbers.set(piece.value, number);
      parts.push(`$${number}`);
    }
  }
  const [first, ...others] = [...earlier, parts.join('')];
  return { chunks: [first, ...others], values };
}

/** Of each template its latest text: a project that asks often is given the same string, whose hash V8 knows. */
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

/** The text of a statement that must stand alone, such as DDL. @throws UnsafeSqlError on a parameter */
export function renderStandalone(statement: Sql): string {
  const { text, values } = render(statement);
  if (values.length > 0)
    throw new UnsafeSqlError('This statement takes no parameters: use literal.');
  return text;
}

function text(trusted: string): Sql {
  return new Sql(constructionKey, [{ kind: 'TEXT', text: trusted }]);
}
