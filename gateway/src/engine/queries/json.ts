import { commaList, ident, literal, sql, type Sql } from '../sql/sql.ts';
import { maxIdentifierBytes } from '../sql/quote.ts';
import type { ParentKind } from '../api/bindings.ts';
import { isTypename, type BoundField, type SelectedField } from './selection.ts';

/** A field of a JSON object: the response key and the expression that PostgreSQL converts to JSON. */
export type JsonField = readonly [key: string, value: Sql];

/** The fields of an object, in order. `__typename` becomes a constant. */
export function jsonFields<P extends ParentKind>(
  fields: readonly SelectedField<P>[],
  expressionOf: (field: BoundField<P>, index: number) => Sql,
): readonly JsonField[] {
  return fields.map((field, index) => [
    field.responseKey,
    isTypename(field) ? literal(field.typeName) : expressionOf(field, index),
  ]);
}

/** How to build a JSON object from a row of a subquery. */
export interface JsonRow {
  /** The select list of the subquery. */
  readonly columns: Sql;
  /** Returns the expression for the object, given the alias of the subquery. */
  readonly json: (alias: Sql) => Sql;
}

/**
 * Builds an object with `row_to_json` and one column per field, or with `json_build_object` if PostgreSQL would truncate
 * a column name.
 */
export function jsonRow(fields: readonly JsonField[]): JsonRow {
  if (fields.every(([key]) => Buffer.byteLength(key) <= maxIdentifierBytes)) {
    return {
      columns: commaList(fields.map(([key, value]) => sql`${value} AS ${ident(key)}`)),
      // Without `.*`, the name would refer to a column that has the same name as the alias.
      json: (alias) => sql`row_to_json(${alias}.*)`,
    };
  }
  return {
    columns: sql`${builtObject(fields)} AS "object"`,
    json: (alias) => sql`${alias}."object"`,
  };
}

/** A function of PostgreSQL has at most 100 arguments. `JSON_OBJECT` has no limit, but PostgreSQL 15 does not have it. */
const maxPairs = 50;

function builtObject(fields: readonly JsonField[]): Sql {
  const pairs = fields.map(([key, value]) => sql`${literal(key)}, ${value}`);
  if (pairs.length <= maxPairs) return sql`json_build_object(${commaList(pairs)})`;
  const parts = Array.from({ length: Math.ceil(pairs.length / maxPairs) }, (_, index) => {
    const part = pairs.slice(index * maxPairs, (index + 1) * maxPairs);
    // The members without the braces.
    return sql`right(left(json_build_object(${commaList(part)})::text, -1), -1)`;
  });
  return sql`('{' || concat_ws(', ', ${commaList(parts)}) || '}')::json`;
}

/** An expression that builds an object: `(SELECT row_to_json(o) FROM (SELECT … AS "key") AS o)`. */
export function jsonObject(fields: readonly JsonField[]): Sql {
  return sql`(${jsonSelect(fields, sql``)})`;
}

/** A SELECT that builds an object for each row of `from`. `from` starts with ` FROM` or is empty. */
export function jsonSelect(fields: readonly JsonField[], from: Sql): Sql {
  const { columns, json } = jsonRow(fields);
  return sql`SELECT ${json(object)} FROM (SELECT ${columns}${from}) AS ${object}`;
}

/** `coalesce(json_agg(… ORDER BY …) FILTER (…), '[]'::json)` */
export function jsonList(
  item: Sql,
  rest: { readonly order?: Sql; readonly filter?: Sql } = {},
): Sql {
  return sql`coalesce(json_agg(${item}${rest.order ?? sql``})${rest.filter ?? sql``}, '[]'::json)`;
}

const object = ident('o');
