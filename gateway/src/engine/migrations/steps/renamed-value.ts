import { commaList, join, literal, sql, type Sql } from '../../sql/sql.ts';
import type { ValueRename } from '../match-values.ts';

/** An expression for the value of an enum column, or of a list column, after its values are renamed. */
export function renamedValue(column: Sql, list: boolean, renames: readonly ValueRename[]): Sql {
  if (renames.length === 0) return column;
  if (!list) return sql`(${renamed(column, renames)})`;
  const items = sql`SELECT ${renamed(sql`i.v`, renames)} FROM unnest(${column}) WITH ORDINALITY AS i (v, n) ORDER BY i.n`;
  return sql`(CASE WHEN ${column} IS NOT NULL THEN ARRAY(${items}) END)`;
}

/** Whether a value or an item of a list is renamed. */
export function hasRenamed(column: Sql, list: boolean, renames: readonly ValueRename[]): Sql {
  const names = sql`ARRAY[${commaList(renames.map(({ from }) => text(from)))}]`;
  return list ? sql`${column} && ${names}` : sql`${column} = ANY (${names})`;
}

/**
 * The renames in the order in which they are performed. If a value gets the former name of another value, all values
 * first get temporary names, so that no unique key is violated meanwhile. Names of enum values cannot contain colons.
 */
export function renamePhases(renames: readonly ValueRename[]): readonly (readonly ValueRename[])[] {
  const sources = new Set(renames.map(({ from }) => from));
  if (!renames.some(({ to }) => sources.has(to))) return [renames];
  return [
    renames.map(({ from, to }) => ({ from, to: `:${to}` })),
    renames.map(({ to }) => ({ from: `:${to}`, to })),
  ];
}

function renamed(value: Sql, renames: readonly ValueRename[]): Sql {
  const cases = renames.map(({ from, to }) => sql`WHEN ${text(from)} THEN ${text(to)}`);
  return sql`CASE ${value} ${join(cases, sql` `)} ELSE ${value} END`;
}

function text(name: string): Sql {
  return sql`${literal(name)}::text`;
}
