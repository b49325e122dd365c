import { createHash } from 'node:crypto';
import type { ModelType } from '../sdl/model.ts';
import { commaList, sql, type Sql } from '../sql/sql.ts';
import type { Column } from './column.ts';

/** A sort key: one of the columns that rows are sorted by. */
export interface OrderKey {
  /** The alias of the row itself or of a related row. */
  readonly alias: Sql;
  readonly column: Column;
  /** The value of the column as the caller sees it. */
  readonly expression: Sql;
  /**
   * Whether the value can be null: the column is nullable, the related row might be missing, or the caller might not
   * see it.
   */
  readonly nullable: boolean;
  readonly descending: boolean;
  readonly nullsFirst: boolean;
  /** The path of the column: `board.name`. */
  readonly label: string;
}

/**
 * The value of a sort key at a position. It depends on the direction of the comparison if only the beginning of a text
 * is known: see `cursor.ts`.
 */
export type PositionValue = (key: OrderKey) => Sql;

/** A position in a sorted list, given by a value for each sort key. */
export interface Position {
  readonly keys: readonly OrderKey[];
  /** The values of all sort keys, including redundant ones that are not in `keys`. */
  readonly values: readonly PositionValue[];
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
    const value = values[index];
    if (value === undefined) throw new Error('The cursor position has no value for a sort key.');
    return { key, column: key.expression, value: value(key) };
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
