import type { ChangeMarker } from '../../engine/migrations.ts';

/** How to read the changes of a table that were logged before one or more applies. */
export interface PresentNames {
  /** Null if the changes of the table are not logged anymore. */
  readonly table: string | null;
  /** The present names of columns that have another one. Null for a column that was dropped. */
  readonly columns: Readonly<Record<string, string | null>>;
  /** Columns that were added. */
  readonly added: readonly string[];
  /** Whether the images cannot be read. */
  readonly isReset: boolean;
}

/** @param markers of the applies after the changes, in their order */
export function presentNames(table: string, markers: readonly ChangeMarker[]): PresentNames {
  let names: PresentNames = { table, columns: {}, added: [], isReset: false };
  for (const marker of markers) {
    if (names.table === null) return names;
    names = afterMarker(names, names.table, marker);
  }
  return names;
}

function afterMarker(names: PresentNames, current: string, marker: ChangeMarker): PresentNames {
  const table = Object.hasOwn(marker.tables, current) ? (marker.tables[current] ?? null) : current;
  if (table === null) return { ...names, table };
  const renamed = memberOf(marker.columns, table) ?? {};
  const next = (column: string) =>
    Object.hasOwn(renamed, column) ? (renamed[column] ?? null) : column;
  const known = Object.entries(names.columns).map(
    ([column, name]) => [column, name === null ? null : next(name)] as const,
  );
  const reached = new Set(Object.values(names.columns));
  const others = Object.entries(renamed).filter(
    ([column]) =>
      !reached.has(column) &&
      !Object.hasOwn(names.columns, column) &&
      !names.added.includes(column),
  );
  const added = names.added.flatMap((column) => next(column) ?? []);
  return {
    table,
    columns: Object.fromEntries([...known, ...others]),
    added: [...added, ...(memberOf(marker.added, table) ?? [])],
    isReset: names.isReset || marker.reset.includes(table),
  };
}

/** A row of a table, named by its key. */
export interface NamedRow {
  readonly table: string;
  readonly key: Readonly<Record<string, string>>;
}

/** The names under which the changes of a row can have been logged. @param markers in their order */
export function formerNames(row: NamedRow, markers: readonly ChangeMarker[]) {
  const rows: NamedRow[] = [row];
  let { table, key } = row;
  for (const marker of [...markers].reverse()) {
    const columns = Object.entries(memberOf(marker.columns, table) ?? {});
    const former = (name: string) => columns.find(([, next]) => next === name)?.[0] ?? name;
    key = Object.fromEntries(Object.entries(key).map(([name, value]) => [former(name), value]));
    table = Object.entries(marker.tables).find(([, next]) => next === table)?.[0] ?? table;
    rows.push({ table, key });
  }
  return { tables: rows.map((each) => each.table), keys: rows.map((each) => each.key) };
}

function memberOf<Value>(
  members: Readonly<Record<string, Value>>,
  name: string,
): Value | undefined {
  return Object.hasOwn(members, name) ? members[name] : undefined;
}
