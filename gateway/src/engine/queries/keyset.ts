import { createHash } from 'node:crypto';
import { isScalarType, type GraphQLSchema } from 'graphql';
import { operationErrors, type ErrorPath } from '../errors.ts';
import type { ModelType, ValueType } from '../sdl/model.ts';
import { commaList, literal, sql, type Sql } from '../sql/sql.ts';
import { columnOf, isTextInAnswers, pgScalar, typedParam, type Column } from './column.ts';
import type { LeafReader } from './input.ts';
import type { Parameter } from './plan.ts';

/** A sort key: one of the columns that rows are sorted by. */
export interface OrderKey {
  /** The alias of the row itself or of a related row. */
  readonly alias: Sql;
  readonly column: Column;
  /**
   * Whether the value can be null, either because the column is nullable or because the related row might be missing.
   */
  readonly nullable: boolean;
  readonly descending: boolean;
  readonly nullsFirst: boolean;
  /** The path of the column: `board.name`. */
  readonly label: string;
}

/** A position in a sorted list, given by a value for each sort key. */
export interface Position {
  readonly keys: readonly OrderKey[];
  /** The values of all sort keys, including redundant ones that are not in `keys`. */
  readonly values: readonly Parameter[];
  /** Whether a row exactly at the position is included. */
  readonly inclusive: boolean;
}

/** A sort key with its value at a position. */
interface KeyValue {
  readonly key: OrderKey;
  readonly column: Sql;
  readonly value: Sql;
}

/**
 * The condition that a row comes after the position. If possible, it is a row comparison, which can use an index:
 * `("t1"."a", "t1"."id") > ($1, $2)`. Otherwise, the sort keys are compared one by one.
 */
export function isAfter({ keys, values, inclusive }: Position): Sql {
  const pairs = keys.map((key, index): KeyValue => {
    const parameter = values[index];
    if (parameter === undefined)
      throw new Error('The cursor position has no value for a sort key.');
    return {
      key,
      column: columnOf(key.alias, key.column.name),
      value: typedParam(key.column, parameter),
    };
  });
  const [first] = pairs;
  if (first === undefined) throw new Error('The list of sort keys is empty.');
  if (keys.every((key) => !key.nullable && key.descending === first.key.descending)) {
    const operator = comparison(first.key, inclusive);
    return pairs.length === 1
      ? sql`${first.column} ${operator} ${first.value}`
      : sql`(${commaList(pairs.map(({ column }) => column))}) ${operator} (${commaList(pairs.map(({ value }) => value))})`;
  }
  const stepwise = keyByKey(pairs, inclusive);
  // The first comparison is redundant, but it allows PostgreSQL to use an index on the first sort key.
  return first.key.nullable
    ? sql`(${stepwise})`
    : sql`${first.column} ${comparison(first.key, true)} ${first.value} AND (${stepwise})`;
}

/** `a > $1 OR (a = $1 AND (b < $2 OR (b = $2 AND id > $3)))` */
function keyByKey([pair, ...more]: readonly KeyValue[], inclusive: boolean): Sql {
  if (pair === undefined) throw new Error('The list of sort keys is empty.');
  if (more.length === 0) {
    return sql`${pair.column} ${comparison(pair.key, inclusive)} ${pair.value}`;
  }
  const rest = keyByKey(more, inclusive);
  const both = more.length === 1 ? rest : sql`(${rest})`;
  return sql`${isBeyond(pair)} OR (${isEqual(pair)} AND ${both})`;
}

/** The column and the value can both be null. */
function isBeyond({ key, column, value }: KeyValue): Sql {
  const compared = sql`${column} ${comparison(key, false)} ${value}`;
  if (!key.nullable) return compared;
  return key.nullsFirst
    ? sql`${compared} OR (${column} IS NOT NULL AND ${value} IS NULL)`
    : sql`${compared} OR (${column} IS NULL AND ${value} IS NOT NULL)`;
}

function isEqual({ key, column, value }: KeyValue): Sql {
  return key.nullable ? sql`${column} IS NOT DISTINCT FROM ${value}` : sql`${column} = ${value}`;
}

function comparison({ descending }: OrderKey, inclusive: boolean): Sql {
  if (descending) return inclusive ? sql`<=` : sql`<`;
  return inclusive ? sql`>=` : sql`>`;
}

export interface CursorKey {
  readonly expression: Sql;
  readonly type: ValueType;
}

/**
 * A cursor is a JSON list in base64url. The list contains the signature of the sort order and the row's value for each
 * sort key. Because a cursor contains values, it still identifies the same position after the row is updated or
 * deleted.
 */
export function cursorOf(signature: string, keys: readonly CursorKey[]): Sql {
  const values = keys.map(({ expression, type }) =>
    isTextInAnswers(type) ? sql`${expression}::text` : expression,
  );
  const list = sql`json_build_array(${commaList([literal(signature), ...values])})`;
  const base64 = sql`encode(convert_to(${list}::text, 'UTF8'), 'base64')`;
  // PostgreSQL's base64 output contains line breaks and padding.
  return sql`translate(${base64}, E'+/=\\n', '-_')`;
}

/**
 * Identifies a type and its sort order: two signatures are equal only if both the type and the sort order are equal.
 */
export function signatureOf(type: ModelType, keys: readonly OrderKey[]): string {
  const order = keys.map(({ label, column, descending, nullsFirst }) => [
    label,
    column.type.name,
    descending,
    nullsFirst,
  ]);
  const text = JSON.stringify([type.name, order]);
  return createHash('sha256').update(text).digest('base64url').slice(0, 8);
}

interface CursorReader {
  readonly schema: GraphQLSchema;
  readonly signature: string;
  readonly keys: readonly OrderKey[];
  readonly read: LeafReader;
  readonly path: ErrorPath;
}

/**
 * Returns one parameter for each sort key. A parameter throws OperationError if the text is not a cursor or if the
 * cursor belongs to a different sort order.
 */
export function cursorParameters(reader: CursorReader): readonly Parameter[] {
  return reader.keys.map((_key, index) => (variables) => {
    const values = decode(reader, reader.read(variables));
    return values[index] ?? null;
  });
}

function decode(
  { schema, signature, keys, path }: CursorReader,
  cursor: unknown,
): readonly (string | null)[] {
  const bad = () => operationErrors.badCursor(path);
  if (typeof cursor !== 'string') throw bad();
  const list = parseList(Buffer.from(cursor, 'base64url').toString('utf8'));
  if (list === null || list[0] !== signature || list.length !== keys.length + 1) throw bad();
  return keys.map(({ column, nullable }, index) => {
    const value = list[index + 1];
    if (value === null && nullable) return null;
    try {
      return pgScalar(column.type, parsedBy(schema, column.type, value), path);
    } catch {
      throw bad();
    }
  });
}

function parseList(text: string): readonly unknown[] | null {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value : null;
  } catch {
    return null;
  }
}

/** Parses a value from a cursor. Cursors are not signed, so their values are checked like any other input. */
function parsedBy(schema: GraphQLSchema, { kind, name }: ValueType, value: unknown): unknown {
  if (kind === 'ENUM') return typeof value === 'string' ? value : null;
  const scalar = schema.getType(name);
  return isScalarType(scalar) ? scalar.parseValue(value) : value;
}
