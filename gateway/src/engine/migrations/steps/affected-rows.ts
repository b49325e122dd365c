import { commaList, ident, join, sql, type Sql } from '../../sql/sql.ts';
import type { TableDiff } from '../diff-tables.ts';
import { checkExpression } from '../tables/check-rule.ts';
import { typeName } from '../tables/column-type.ts';
import type { Check, Column, ForeignKey, Key } from '../tables/table.ts';
import { defaultExpression } from './ddl.ts';

/**
 * Queries that count the rows a step will affect, on one table as it is before the first step. Each returns one row
 * with one column, `count`.
 */
export interface AffectedRows {
  all(): Sql;
  /** Rows with a value in a column that is dropped. */
  values(column: Column): Sql;
  /** Rows that a cast cannot convert, or whose value loses something. */
  cast(column: Column): Sql;
  /** Rows whose value will be null. */
  nulls(column: Column): Sql;
  /** Rows that violate a check. */
  violating(check: Check): Sql;
  /** Rows to delete until no two are equal. */
  duplicates(key: Key): Sql;
  /** Rows that refer to no row of the target. */
  orphans(key: ForeignKey, target: ReferencedTable | null): Sql;
}

/** The table that a foreign key refers to, as it is before the first step. */
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
      // In a subquery, since PostgreSQL does not group by constants, which new columns are.
      const rows = sql`SELECT ${commaList(values)} FROM ${table}`;
      const groups = sql`SELECT count(*) AS copies FROM (${rows}) AS foreseen WHERE ${present} GROUP BY ${commaList(names)}`;
      return sql`SELECT coalesce(sum(copies - 1), 0)::bigint AS count FROM (${groups}) AS same`;
    },
    orphans: ({ column }, target) => {
      const value = foreseen(column);
      if (target === null) return count(sql`(${value}) IS NOT NULL`);
      // No table of a user's has a name with a colon, so the alias hides none.
      const alias = ':target';
      const found = sql`SELECT 1 FROM ${ident(schema, target.table)} AS ${ident(alias)} WHERE ${ident(alias, target.column)} = (${value})`;
      return count(sql`(${value}) IS NOT NULL AND NOT EXISTS (${found})`);
    },
  };
}

/**
 * The value that a column will have, computed from the row as it is. Rows that cannot be cast count as null,
 * since the step of the cast counts them.
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
