import { ident, sql, type Sql } from '../../sql/sql.ts';
import type { ColumnPair, TableDiff } from '../diff-tables.ts';
import { typeName } from '../tables/column-type.ts';
import { fillExpression, fillsOf } from './fill.ts';
import { renamedValue } from './renamed-value.ts';

/**
 * An expression that computes the new value of a column from the current row. A value that cannot be cast becomes null
 * here, because the cast step already counts its row.
 *
 * @param row the name of the table in the query
 */
export function foreseenValue(name: string, diff: TableDiff, row: string = diff.before.name): Sql {
  const { after, columns } = diff;
  const column = after.columns.find((each) => each.name === name);
  if (column === undefined) throw new Error(`There is no column ${name}.`);
  const pair = columns.kept.find((kept) => kept.after === column);
  const kept = pair === undefined ? null : keptValue(pair, row);
  const fill = fillExpression(column, { fills: fillsOf(column, diff), table: after }, (from) =>
    foreseenValue(from, diff, row),
  );
  if (kept === null) return fill ?? sql`NULL::${typeName(column)}`;
  return fill === null ? kept : sql`coalesce(${kept}, ${fill})`;
}

/** The value of a column that is kept, without what nulls are replaced by. */
export function keptValue({ before, cast, renames }: ColumnPair, row: string): Sql {
  const old = renamedValue(ident(row, before.name), before.list, renames);
  if (cast === null) return old;
  const value = cast.using(old);
  if (cast.hazard !== 'MAY_FAIL' || cast.affected === null) return value;
  return sql`CASE WHEN ${cast.affected(old)} THEN NULL ELSE ${value} END`;
}
