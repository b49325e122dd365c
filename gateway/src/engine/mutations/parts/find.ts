import { commaList, ident, join, sql, type Sql } from '../../sql/sql.ts';
import type { PendingId } from '../draft.ts';
import type { TableShape, UniqueShape } from '../table-shape.ts';
import type { Part } from '../template.ts';
import type { Returning } from './insert.ts';

/** Rows that are named by the same key of the same type. */
export interface LookupGroup {
  readonly shape: TableShape;
  readonly unique: UniqueShape;
  readonly rows: readonly PendingId[];
}

export function lookupGroups(lookups: readonly PendingId[]): readonly LookupGroup[] {
  const groups = new Map<UniqueShape, { shape: TableShape; rows: PendingId[] }>();
  for (const pending of lookups) {
    if (pending.lookup === null) continue;
    const { shape, unique } = pending.lookup;
    const group = groups.get(unique) ?? { shape, rows: [] };
    groups.set(unique, group);
    group.rows.push(pending);
  }
  return [...groups].map(([unique, { shape, rows }]) => ({ shape, unique, rows }));
}

/**
 * Every row that is named by a key other than its id, in one statement, each with its group, its place in it, and
 * its id. They are locked, so that they stay until the write is done.
 */
export function lookupPart(groups: readonly LookupGroup[]): Part {
  return {
    key: `look up ${groups.map(({ shape, unique }) => `${shape.type.name}.${unique.key.name}`).join()}`,
    sql: (slot) => {
      const found = groups.map(
        ({ shape, unique }, index) =>
          sql`${ident(`w${index}`)} AS (${lookup(shape, unique, slot())})`,
      );
      const all = groups.map((_, index) => {
        const name = ident(`w${index}`);
        return sql`SELECT ${slot()}::text, ${name}.n::text, ${name}.id::text FROM ${name}`;
      });
      return sql`WITH ${commaList(found)} ${join(all, sql` UNION ALL `)}`;
    },
    values: [
      ...groups.map(({ rows, unique }) =>
        JSON.stringify(rows.map((row, n) => named(row, unique, n))),
      ),
      ...groups.map((_, index) => String(index)),
    ],
  };
}

function lookup(shape: TableShape, { columns }: UniqueShape, rows: Sql): Sql {
  const definitions = columns.map(({ sqlType }, index) => sql`${ident(`k${index}`)} ${sqlType}`);
  const matches = columns.map(({ ident: name }, index) => sql`t.${name} = v.${ident(`k${index}`)}`);
  return sql`SELECT v.n, t.${shape.idColumn} AS id FROM json_to_recordset(${rows}::json) AS v (n integer, ${commaList(definitions)}) JOIN ${shape.table} AS t ON ${join(matches, sql` AND `)} FOR KEY SHARE OF t`;
}

function named({ lookup: wanted }: PendingId, { columns }: UniqueShape, n: number): object {
  return Object.fromEntries([
    ['n', n],
    ...columns.map((_, index) => [`k${index}`, wanted?.values[index]] as const),
  ]);
}

/** The rows of these ids as they are now. */
export function readBackPart(shape: TableShape, ids: readonly string[], answer: Returning): Part {
  return {
    key: 'read back',
    sql: (slot) =>
      sql`SELECT t.${shape.idColumn}::text, ${answer.sql()} FROM ${shape.table} AS t WHERE t.${shape.idColumn} = ANY (${slot()}::uuid[])`,
    values: [ids],
  };
}
