import { commaList, ident, param, replaceParameters, sql, type Sql } from '../sql/sql.ts';

/** A name that no alias of a statement has. */
export const subscriber = ident('$v');

/** The maximum number of parameters. Each is a column of a row, which has at most 1,600 columns in PostgreSQL. */
export const maxCohortParameters = 1_000;

/** SQL for many subscribers. */
export interface ForSubscribers {
  /** The SQL with the values of a subscriber instead of parameters. */
  readonly inner: Sql;
  /** An item of FROM, with a row of values for each subscriber. It must precede `inner`, which is LATERAL. */
  readonly subscribers: Sql;
  /** The number of the subscriber, from 1. */
  readonly number: Sql;
  /** The parameters that were replaced. */
  readonly replaced: readonly unknown[];
}

/**
 * Prepares SQL that casts each of its parameters to run for many subscribers. Their values are lists of text, one for
 * each parameter: `unnest($1::text[], …) WITH ORDINALITY AS "$v" ("p1", …, "n")`. Without parameters, there is one
 * subscriber.
 *
 * @param more the names of further columns, whose lists follow those of the parameters
 */
export function forSubscribers(statement: Sql, more: readonly Sql[] = []): ForSubscribers {
  const { statement: inner, values: replaced } = replaceParameters(
    statement,
    (number) => sql`${subscriber}.${ident(`p${number}`)}`,
  );
  const number = sql`${subscriber}."n"`;
  if (replaced.length + more.length === 0) {
    const subscribers = sql`(SELECT 1::bigint AS "n") AS ${subscriber}`;
    return { inner, subscribers, number, replaced };
  }
  const names = [...replaced.map((_, index) => ident(`p${index + 1}`)), ...more];
  const lists = names.map(() => listParameter());
  const subscribers = sql`unnest(${commaList(lists)}) WITH ORDINALITY AS ${subscriber} (${commaList([...names, sql`"n"`])})`;
  return { inner, subscribers, number, replaced };
}

/** `$1::text[]`. Each call is another parameter. */
export function listParameter(): Sql {
  return sql`${param({})}::text[]`;
}

/**
 * A statement that runs another one for many subscribers: `SELECT "$v"."n", "$q"."c0"::text FROM … CROSS JOIN LATERAL (…)
 * AS "$q"`. Its columns are the number of the subscriber and the columns of the statement as text.
 *
 * @param statement returns exactly one row
 * @param columns the names of its columns
 */
export function cohortOf(statement: Sql, columns: readonly Sql[]): Sql {
  const { inner, subscribers, number } = forSubscribers(statement);
  const own = columns.map((column) => sql`"$q".${column}::text`);
  return sql`SELECT ${commaList([number, ...own])} FROM ${subscribers} CROSS JOIN LATERAL (${inner}) AS "$q"`;
}
