import { commaList, ident, join, sql, type Sql } from '../../sql/sql.ts';
import type { Lookup, PendingId } from '../draft.ts';
import type { UniqueColumns, WritableTable } from '../writable-table.ts';
import type { Returning } from './insert.ts';
import { defineStatement, type WriteStatement } from './statement.ts';

/** Rows to look up by the same unique key of a table. */
export interface LookupGroup {
  readonly table: WritableTable;
  readonly unique: UniqueColumns;
  readonly rows: readonly PendingId[];
}

export function lookupGroups(lookups: readonly PendingId[]): readonly LookupGroup[] {
  const groups = new Map<UniqueColumns, LookupGroup & { readonly rows: PendingId[] }>();
  for (const pending of lookups) {
    if (pending.lookup === null) continue;
    const { table, unique } = pending.lookup;
    const group = groups.get(unique) ?? { table, unique, rows: [] };
    groups.set(unique, group);
    group.rows.push(pending);
  }
  return [...groups.values()];
}

/**
 * Finds, in one statement, all rows that are identified by a key other than the id. For each row, it returns the index
 * of the group, the index in the group, and the id. The rows are locked, so that they cannot be deleted before the
 * write ends.
 */
export function lookUpRows(groups: readonly LookupGroup[]): WriteStatement {
  return lookUp({ keys: groups.map(({ table, unique }) => [table, unique] as const) }, [
    ...groups.map(({ rows, unique }) => keysJson(rows, unique)),
    ...groups.map((_, index) => String(index)),
  ]);
}

interface LookupStructure {
  readonly keys: readonly (readonly [WritableTable, UniqueColumns])[];
}

const lookUp = defineStatement(({ keys }: LookupStructure, slot) => {
  const found = keys.map(
    ([table, unique], index) => sql`${ident(`w${index}`)} AS (${rowsByKey(table, unique, slot())})`,
  );
  const all = keys.map((_, index) => {
    const name = ident(`w${index}`);
    return sql`SELECT ${slot()}::text, ${name}.n::text, ${name}.id::text FROM ${name}`;
  });
  return sql`WITH ${commaList(found)} ${join(all, sql` UNION ALL `)}`;
});

function rowsByKey(table: WritableTable, { columns }: UniqueColumns, keys: Sql): Sql {
  const definitions = columns.map(({ sqlType }, index) => sql`${ident(`k${index}`)} ${sqlType}`);
  const matches = columns.map(({ ident: name }, index) => sql`t.${name} = v.${ident(`k${index}`)}`);
  return sql`SELECT v.n, t.${table.idColumn} AS id FROM json_to_recordset(${keys}::json) AS v (n integer, ${commaList(definitions)}) JOIN ${table.sqlName} AS t ON ${join(matches, sql` AND `)} FOR KEY SHARE OF t`;
}

/** `[{"n":0,"k0":"bug"}, …]` */
function keysJson(rows: readonly PendingId[], { columns }: UniqueColumns): string {
  const keyOf = (lookup: Lookup | null, n: number): object =>
    Object.fromEntries([
      ['n', n],
      ...columns.map((_, index) => [`k${index}`, lookup?.values[index]] as const),
    ]);
  return JSON.stringify(rows.map(({ lookup }, n) => keyOf(lookup, n)));
}

interface ReadBackStructure {
  readonly table: WritableTable;
  readonly returning: Returning;
}

/** Reads written rows by id. For each row, it returns the id and the values in `returning`. */
export function readRows(
  table: WritableTable,
  ids: readonly string[],
  returning: Returning,
): WriteStatement {
  return readBack({ table, returning }, [ids]);
}

const readBack = defineStatement(({ table, returning }: ReadBackStructure, slot) => {
  const answer = returning.list === null ? sql`` : sql`, ${returning.list()}`;
  return sql`SELECT t.${table.idColumn}::text${answer} FROM ${table.sqlName} AS t WHERE t.${table.idColumn} = ANY (${slot()}::uuid[])`;
});
