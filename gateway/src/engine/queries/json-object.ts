import { commaList, ident, literal, sql, type Sql } from '../sql/sql.ts';
import { maxIdentifierBytes } from '../sql/quote.ts';

/** A field of an object in the answer: its response key, and what PostgreSQL makes JSON of. */
export type JsonField = readonly [key: string, value: Sql];

/** How an object of the answer is built from one row of a subquery. */
export interface JsonRow {
  /** What that subquery selects. */
  readonly columns: Sql;
  /** The object, over the subquery's alias. */
  readonly json: (alias: Sql) => Sql;
}

/** `row_to_json` of columns named as the answer is; where PostgreSQL would cut a name, `JSON_OBJECT`. */
export function jsonRow(fields: readonly JsonField[]): JsonRow {
  if (fields.every(([key]) => Buffer.byteLength(key) <= maxIdentifierBytes)) {
    return {
      columns: commaList(fields.map(([key, value]) => sql`${value} AS ${ident(key)}`)),
      // With the star, no column of the alias's own name can be meant.
      json: (alias) => sql`row_to_json(${alias}.*)`,
    };
  }
  const pairs = fields.map(([key, value]) => sql`${literal(key)} : ${value}`);
  return {
    columns: sql`JSON_OBJECT(${commaList(pairs)} RETURNING json) AS "object"`,
    json: (alias) => sql`${alias}."object"`,
  };
}

/** `(SELECT row_to_json(o) FROM (SELECT … AS "key") AS o)`: an object as an expression. */
export function jsonObject(fields: readonly JsonField[]): Sql {
  return sql`(${jsonSelect(fields, sql``)})`;
}

/** The same for each row of `from`, which starts with ` FROM` or is empty. */
export function jsonSelect(fields: readonly JsonField[], from: Sql): Sql {
  const { columns, json } = jsonRow(fields);
  return sql`SELECT ${json(object)} FROM (SELECT ${columns}${from}) AS ${object}`;
}

/** `coalesce(json_agg(…), '[]'::json)`; `rest` stands within and behind the aggregate. */
export function jsonList(
  item: Sql,
  rest: { readonly order?: Sql; readonly filter?: Sql } = {},
): Sql {
  return sql`coalesce(json_agg(${item}${rest.order ?? sql``})${rest.filter ?? sql``}, '[]'::json)`;
}

const object = ident('o');
