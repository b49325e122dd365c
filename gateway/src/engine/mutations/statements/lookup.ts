import { commaList, ident, join, sql, type Sql } from '../../sql/sql.ts';
import type { NamedRow, RowKey } from '../row-ref.ts';
import type { UniqueColumns, WritableTable } from '../writable-table.ts';
import type { Returning } from './insert.ts';
import { asTexts, columnLists, isAnyOf } from './rows.ts';
import { defineStatement, type WriteStatement } from './statement.ts';

/** Rows to look up by the same key of a table. */
export interface LookupGroup {
  readonly table: WritableTable;
  readonly unique: UniqueColumns;
  /** The condition for rows of the alias `t` that access rules let the caller name. Null if no rules apply. */
  readonly named: Sql | null;
  readonly rows: readonly NamedRow[];
}

/** @param namedBy returns `LookupGroup.named` */
export function lookupGroups(
  lookups: readonly NamedRow[],
  namedBy: (table: WritableTable, unique: UniqueColumns) => Sql | null,
): readonly LookupGroup[] {
  const groups = new Map<UniqueColumns, LookupGroup & { readonly rows: NamedRow[] }>();
  for (const row of lookups) {
    const { table, unique } = row;
    const group = groups.get(unique) ?? {
      table,
      unique,
      named: namedBy(table, unique),
      rows: [],
    };
    groups.set(unique, group);
    group.rows.push(row);
  }
  return [...groups.values()];
}

/**
 * Finds, in one statement, all rows that are identified by a key which does not contain the columns that are needed. For
 * each row, it returns the index of the group, the index in the group, and the texts of `WritableTable.identity`. The
 * rows are locked, so that they cannot be deleted before the write ends.
 */
export function lookUpRows(groups: readonly LookupGroup[]): WriteStatement {
  return lookUp(
    { keys: groups.map(({ table, unique, named }) => [table, unique, named] as const) },
    [
      ...groups.map(({ rows, unique }) => keysJson(rows, unique)),
      ...groups.map((_, index) => String(index)),
    ],
  );
}

interface LookupStructure {
  readonly keys: readonly (readonly [WritableTable, UniqueColumns, Sql | null])[];
}

const lookUp = defineStatement(({ keys }: LookupStructure, slot) => {
  const found = keys.map((key, index) => sql`${ident(`w${index}`)} AS (${rowsByKey(key, slot())})`);
  const width = Math.max(...keys.map(([{ identity }]) => identity.length));
  const all = keys.map(([{ identity }], index) => {
    const name = ident(`w${index}`);
    const texts = Array.from({ length: width }, (_, each) =>
      each < identity.length ? sql`${name}.${ident(`i${each}`)}::text` : sql`NULL`,
    );
    return sql`SELECT ${slot()}::text, ${name}.n::text, ${commaList(texts)} FROM ${name}`;
  });
  return sql`WITH ${commaList(found)} ${join(all, sql` UNION ALL `)}`;
});

function rowsByKey([table, { columns }, named]: LookupStructure['keys'][number], keys: Sql): Sql {
  const where = named === null ? sql`` : sql` WHERE ${named}`;
  const definitions = columns.map(({ sqlType }, index) => sql`${ident(`k${index}`)} ${sqlType}`);
  const matches = columns.map(({ ident: name }, index) => sql`t.${name} = v.${ident(`k${index}`)}`);
  const identity = table.identity.map(
    ({ ident: name }, index) => sql`t.${name} AS ${ident(`i${index}`)}`,
  );
  return sql`SELECT v.n, ${commaList(identity)} FROM json_to_recordset(${keys}::json) AS v (n integer, ${commaList(definitions)}) JOIN ${table.sqlName} AS t ON ${join(matches, sql` AND `)}${where} FOR KEY SHARE OF t`;
}

/** `[{"n":0,"k0":"bug"}, …]` */
function keysJson(rows: readonly NamedRow[], { columns }: UniqueColumns): string {
  const keyOf = ({ values }: NamedRow, n: number): object =>
    Object.fromEntries([
      ['n', n],
      ...columns.map(({ codec }, index) => [`k${index}`, codec.toMember(values[index])] as const),
    ]);
  return JSON.stringify(rows.map(keyOf));
}

interface ReadBackStructure {
  readonly table: WritableTable;
  readonly returning: Returning;
}

/** Reads written rows by key. For each row, it returns `WritableTable.identity` and the values in `returning`. */
export function readRows(
  table: WritableTable,
  keys: readonly RowKey[],
  returning: Returning,
): WriteStatement {
  return readBack({ table, returning }, columnLists(keys, table.key.length));
}

const readBack = defineStatement(({ table, returning }: ReadBackStructure, slot) => {
  const answer = returning.list === null ? sql`` : sql`, ${returning.list()}`;
  return sql`SELECT ${asTexts(table.identity)}${answer} FROM ${table.sqlName} AS t WHERE ${isAnyOf(table.key, slot)}`;
});
