import type { TableMatch } from './match-tables.ts';
import type { Column, ForeignKey, Table } from './tables/table.ts';

/** Finds the current column whose values a column of a next table keeps. Null if its values are new. */
export type ColumnMatch = (after: Table, column: string) => Column | null;

/**
 * Matches the columns of kept tables. The columns of a relation are matched by the columns that they reference, so a
 * foreign key that will reference other rows is a new one.
 */
export function matchColumns(
  match: Pick<TableMatch, 'pairs' | 'nextName' | 'originBefore'>,
): ColumnMatch {
  const pairs = new Map(match.pairs.map((pair) => [pair.after.name, pair]));
  const known = new Map<string, Column | null>();

  const find: ColumnMatch = (after, column) => {
    const path = `${after.name}.${column}`;
    const found = known.get(path);
    if (found !== undefined) return found;
    // A key that references itself is matched with the rest of its columns.
    known.set(path, null);
    const before = pairs.get(after.name)?.before;
    const result = before === undefined ? null : findIn(before, after, column);
    known.set(path, result);
    return result;
  };

  const findIn = (before: Table, after: Table, name: string): Column | null => {
    const column = after.columns.find((each) => each.name === name);
    const origin = column === undefined ? null : match.originBefore(after, column.origin);
    const candidates = before.columns.filter((each) => each.origin === origin);
    const [only, ...others] = candidates;
    if (column === undefined || only === undefined) return null;
    const [old, next] = [foreignKeyOf(before, only.name), foreignKeyOf(after, name)];
    if (old !== null && next !== null) {
      const from = referencedBefore(old, next)?.[next.columns.indexOf(name)];
      return candidates.find((each) => each.name === from) ?? null;
    }
    const isAlone = after.columns.every((each) => each === column || each.origin !== column.origin);
    return isAlone && others.length === 0 ? only : null;
  };

  /** Returns the current columns of a foreign key, in the order of the next one. Null if it will reference others. */
  const referencedBefore = (old: ForeignKey, next: ForeignKey): readonly string[] | null => {
    const target = pairs.get(next.table)?.after;
    if (target === undefined || match.nextName(old.table) !== next.table) return null;
    if (old.columns.length !== next.columns.length) return null;
    const columns = next.referencedColumns.map((name) => {
      const index = old.referencedColumns.indexOf(find(target, name)?.name ?? '');
      return old.columns[index];
    });
    const all = columns.filter((name) => name !== undefined);
    return all.length === columns.length ? all : null;
  };

  return find;
}

function foreignKeyOf({ foreignKeys }: Table, column: string): ForeignKey | null {
  return foreignKeys.find(({ columns }) => columns.includes(column)) ?? null;
}
