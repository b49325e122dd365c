import { commaList, ident, join, literal, sql, type Sql } from '../../sql/sql.ts';
import type { TableDiff } from '../diff-tables.ts';
import { checkExpression, type CheckRule } from '../tables/check-rule.ts';
import type { ColumnType } from '../tables/column-type.ts';
import type { Check, Column, ForeignKey, Key } from '../tables/table.ts';
import { canBeNull, fillCast } from './fill.ts';
import { foreseenValue, keptValue } from './foreseen-value.ts';

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
  /** Counts the rows that have no value in the column before it is filled. */
  empty(column: Column): Sql;
  /** Counts the rows that cannot be filled from another column. Null if there can be none. */
  unfilled(column: Column): Sql | null;
  /** Counts the rows that violate a check. */
  violating(check: Check): Sql;
  /** Counts the rows that must be deleted to remove all duplicates. */
  duplicates(key: Key): Sql;
  /** Counts the rows that are too long for an index. Null if no row can be. */
  tooLong(key: Key): Sql | null;
  /**
   * Counts the rows whose foreign key does not match a row in the target table.
   *
   * @param target the changes to the target table. Null if it is new.
   */
  orphans(key: ForeignKey, target: TableDiff | null): Sql;
}

export function affectedRows(schema: string, diff: TableDiff): AffectedRows {
  const table = ident(schema, diff.before.name);
  const count = (where: Sql) => sql`SELECT count(*) AS count FROM ${table} WHERE ${where}`;
  const foreseen = (column: string) => foreseenValue(column, diff);
  const all = sql`SELECT count(*) AS count FROM ${table}`;
  const withoutFill = (column: Column) => {
    const pair = diff.columns.kept.find(({ after }) => after === column);
    return pair === undefined ? sql`NULL` : keptValue(pair, diff.before.name);
  };
  return {
    all: () => all,
    values: ({ name }) => count(sql`${ident(name)} IS NOT NULL`),
    cast: ({ name }) => {
      const pair = diff.columns.kept.find(({ after }) => after.name === name);
      const affected = pair?.cast?.affected ?? (() => sql`false`);
      return count(affected(ident(pair?.before.name ?? name)));
    },
    nulls: ({ name }) => count(sql`(${foreseen(name)}) IS NULL`),
    empty: (column) => count(sql`(${withoutFill(column)}) IS NULL`),
    unfilled: (column) => {
      const [first] = column.fills;
      if (first?.kind !== 'COLUMN') return null;
      const cast = fillCast(first.column, column, diff.after);
      const obstacles: Sql[] = [];
      if (column.notNull && canBeNull(column, diff.after)) {
        obstacles.push(sql`(${foreseen(column.name)}) IS NULL`);
      }
      if (cast?.hazard === 'MAY_FAIL' && cast.affected !== null) {
        const cannot = cast.affected(sql`(${foreseen(first.column)})`);
        obstacles.push(sql`(${withoutFill(column)}) IS NULL AND (${cannot})`);
      }
      return obstacles.length === 0 ? null : count(join(obstacles, sql` OR `));
    },
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
    tooLong: ({ columns }) => {
      const size = indexedSize(columns, diff);
      return size === null ? null : count(sql`${size} > ${literal(maxIndexedBytes)}`);
    },
    orphans: ({ columns, referencedColumns }, target) => {
      const values = columns.map(foreseen);
      const present = values.map((value) => sql`(${value}) IS NOT NULL`);
      if (target === null) return count(join(present, sql` AND `));
      // No table name starts with a colon, so the alias cannot hide a table.
      const alias = ':target';
      const equal = referencedColumns.map((name, index) => {
        const own = values[index] ?? sql`NULL`;
        return sql`${foreseenValue(name, target, alias)} = (${own})`;
      });
      const found = sql`SELECT 1 FROM ${ident(schema, target.before.name)} AS ${ident(alias)} WHERE ${join(equal, sql` AND `)}`;
      return count(sql`${join(present, sql` AND `)} AND NOT EXISTS (${found})`);
    },
  };
}

/** A B-tree entry has at most 2704 bytes, of which 8 are its header (BTMaxItemSize and IndexTupleData). */
const maxIndexedBytes = 2_696;

/** The types of columns whose values have no fixed size. */
const longTypes: ReadonlySet<ColumnType> = new Set(['text', 'numeric', 'bytea']);

/**
 * An expression for the size of a row's entry in an index, in bytes. Null if no entry can be too long.
 *
 * It never exceeds the real size, because rows that are counted prevent the migration. Values over 2 kB are stored in
 * the same form in the index: they were compressed when they were stored, if that made them smaller. Without their
 * header of 4 bytes, this is the size that PostgreSQL reports. Smaller values could be compressed in the index, so only
 * 508 bytes of them are counted (TOAST_INDEX_TARGET). A value that the migration casts or generates is not counted.
 */
function indexedSize(columns: readonly string[], diff: TableDiff): Sql | null {
  const { after, checks } = diff;
  const sizes = columns.flatMap((name) => {
    const stored = storedColumn(name, diff);
    if (stored === null || !longTypes.has(stored.type)) return [];
    const rules = after.checks.filter(({ column }) => column === name);
    if (
      rules.some(({ rule }) => isShort(rule)) &&
      !checks.added.some(({ column }) => column === name)
    )
      return [];
    const size = sql`coalesce(pg_column_size(${ident(stored.name)}), 0)`;
    return [sql`CASE WHEN ${size} > 2000 THEN ${size} + 4 ELSE least(${size}, 508) END`];
  });
  return sizes.length === 0 ? null : sql`(${join(sizes, sql` + `)})`;
}

/** The current column whose values a column will have in the same form. Null if there is none. */
function storedColumn(name: string, { after, columns }: TableDiff): Column | null {
  const added = columns.added.find((column) => column.name === name);
  const [fill] = added?.fills ?? [];
  const source = fill?.kind === 'COLUMN' ? fill.column : name;
  const pair = columns.kept.find((kept) => kept.after.name === source);
  if (pair === undefined || pair.cast !== null) return null;
  return added === undefined || fillCast(source, added, after) === null ? pair.before : null;
}

/** Whether values that satisfy the rule are short enough for an index. A character has at most 4 bytes. */
function isShort(rule: CheckRule): boolean {
  return rule.kind === 'ONE_OF' || (rule.kind === 'MAX_LENGTH' && rule.limit * 4 <= 500);
}
