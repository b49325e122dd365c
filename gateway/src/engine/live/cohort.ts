import { commaList, ident, param, replaceParameters, sql, type Sql } from '../sql/sql.ts';

/** A name that no alias of a statement has. */
const subscriber = ident('$v');

/** The maximum number of parameters. Each is a column of a row, which has at most 1,600 columns in PostgreSQL. */
export const maxCohortParameters = 1_000;

/**
 * A statement that runs another one for many subscribers, whose values are rows of text:
 * `SELECT "$v"."n", … FROM unnest($1::text[], …) WITH ORDINALITY AS "$v" ("p1", …, "n") CROSS JOIN LATERAL (…)`. Its
 * parameters are one list for each parameter of the statement, and its columns the number of the subscriber, from 1, and
 * the columns of the statement as text.
 *
 * @param statement returns exactly one row, and casts each of its parameters
 * @param columns the names of its columns
 */
export function cohortOf(statement: Sql, columns: readonly Sql[]): Sql {
  const { statement: inner, values } = replaceParameters(
    statement,
    (number) => sql`${subscriber}.${ident(`p${number}`)}`,
  );
  const own = columns.map((column) => sql`"$q".${column}::text`);
  const { rows, number } = subscriberRows(values.length);
  return sql`SELECT ${commaList([number, ...own])} FROM ${rows} CROSS JOIN LATERAL (${inner}) AS "$q"`;
}

/** The rows of values, and the number of each. A statement without parameters has one subscriber. */
function subscriberRows(count: number): { readonly rows: Sql; readonly number: Sql } {
  const number = sql`${subscriber}."n"`;
  if (count === 0) return { rows: sql`(SELECT 1::bigint AS "n") AS ${subscriber}`, number };
  const indexes = Array.from({ length: count }, (_, index) => index);
  // Each list is an object of its own, so that each becomes a parameter.
  const lists = indexes.map((index) => sql`${param({ list: index })}::text[]`);
  const names = indexes.map((index) => ident(`p${index + 1}`));
  return {
    rows: sql`unnest(${commaList(lists)}) WITH ORDINALITY AS ${subscriber} (${commaList([...names, sql`"n"`])})`,
    number,
  };
}
