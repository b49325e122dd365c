import { commaList, ident, join, sql, type Sql } from '../../sql/sql.ts';
import type { TableDiff } from '../diff-tables.ts';
import { checkExpression } from '../tables/check-rule.ts';
import { typeName } from '../tables/column-type.ts';
import type { Check, Column, ForeignKey, Key } from '../tables/table.ts';
import { defaultExpression } from './ddl.ts';

/**
 * Queries that count the rows that a step affects in one table. They must run before the first step. Each query returns
 * one row with one column, `count`.
 */
export interface AffectedRows {
  all(): Sql;
  /** Counts the rows that have a value in a column that will be dropped. */
  values(column: Column): Sql;
  /** Counts the rows that a cast cannot convert, or that would lose data in the cast. */
  cast(column: Column): Sql;
  /** Counts the rows whose new value in the column is null. */
  nulls(column: Column): Sql;
  /** Counts the rows that violate a check. */
  violating(check: Check): Sql;
  /** Counts the rows that must be deleted to remove all duplicates. */
  duplicates(key: Key): Sql;
  /** Counts the rows whose foreign key does not match a row in the target table. */
  orphans(key: ForeignKey, target: ReferencedTable | null): Sql;
}

/** The table and column that a foreign key references, by their names before the first step. */
export interface ReferencedTable {
  readonly table: string;
  readonly column: string;
}

export function affectedRows(schema: string, diff: TableDiff): AffectedRows {
  const table = ident(schema, diff.before.name);
  const count = (where: Sql) => sql`SELECT count(*) AS count FROM ${table} WHERE ${where}`;
  const foreseen = (column: string) => foreseenValue(column, diff);
  return {
    all: () => sql`SELECT count(*) AS count FROM ${table}`,
    values: ({ name }) => count(sql`${ident(name)} IS NOT NULL`),
    cast: ({ name }) => {
      const pair = diff.columns.kept.find(({ after }) => after.name === name);
      const affected = pair?.cast?.affected ?? (() => sql`false`);
      return count(affected(ident(pair?.before.name ?? name)));
    },
    nulls: ({ name }) => count(sql`(${foreseen(name)}) IS NULL`),
    violating: ({ column, rule }) =>
      count(sql`(${checkExpression(rule, sql`(${foreseen(column)})`)}) IS FALSE`),
    duplicates: ({ columns }) => {
      const names = columns.map((_, index) => ident(String(index)));
      const values = columns.map(
        (column, index) => sql`${foreseen(column)} AS ${ident(String(index))}`,
      );
      const present = join(
        names.map((name) => sql`${name} IS NOT NULL`),
        sql` AND `,
      );
      // A subquery is needed because a new column's value is a constant, and PostgreSQL does not group by constants.
      const rows = sql`SELECT ${commaList(values)} FROM ${table}`;
      const groups = sql`SELECT count(*) AS copies FROM (${rows}) AS foreseen WHERE ${present} GROUP BY ${commaList(names)}`;
      return sql`SELECT coalesce(sum(copies - 1), 0)::bigint AS count FROM (${groups}) AS same`;
    },
    orphans: ({ column }, target) => {
      const value = foreseen(column);
      if (target === null) return count(sql`(${value}) IS NOT NULL`);
      // No table name starts with a colon, so the alias cannot hide a table.
      const alias = ':target';
      const found = sql`SELECT 1 FROM ${ident(schema, target.table)} AS ${ident(alias)} WHERE ${ident(alias, target.column)} = (${value})`;
      return count(sql`(${value}) IS NOT NULL AND NOT EXISTS (${found})`);
    },
  };
}

/**
 * An expression that computes the new value of a column from the current row. A value that cannot be cast becomes null
 * here, because the cast step already counts its row.
 */
function foreseenValue(name: string, { before, after, columns }: TableDiff): Sql {
  const pair = columns.kept.find((kept) => kept.after.name === name);
  if (pair === undefined) {
    const added = after.columns.find((column) => column.name === name);
    if (added === undefined) throw new Error(`There is no column ${name}.`);
    return defaultExpression(added) ?? sql`NULL::${typeName(added)}`;
  }
  const old = ident(before.name, pair.before.name);
  const { cast } = pair;
  if (cast === null) return old;
  const value = cast.using(old);
  if (cast.hazard !== 'MAY_FAIL' || cast.affected === null) return value;
  return sql`CASE WHEN ${cast.affected(old)} THEN NULL ELSE ${value} END`;
}
