import { assertNever } from '../../../platform/assert-never.ts';
import type { Link } from '../../api/model-index.ts';
import { commaList, ident, projectTable, sql, type Sql } from '../../sql/sql.ts';
import type { WritableColumn, WritableRelation, WritableTable } from '../writable-table.ts';
import { defineStatement, type NextSlot, type WriteStatement } from './statement.ts';

/**
 * Sets the foreign keys of existing rows to new parents. The statement returns the ids of the rows that exist.
 *
 * @param target the table on the other side of the relation, which has the foreign key
 * @param parents the new parent of each row, in the order of `rows`
 */
export function attachRows(
  { link }: WritableRelation,
  target: WritableTable,
  rows: readonly string[],
  parents: readonly string[],
): WriteStatement {
  return attach({ table: target, column: foreignKeyOf(link) }, [rows, parents]);
}

interface AttachStructure {
  readonly table: WritableTable;
  readonly column: string;
}

const attach = defineStatement(({ table, column }: AttachStructure, slot) => {
  const set = commaList([sql`${ident(column)} = v.owner`, ...table.updatedAt]);
  return sql`UPDATE ${table.sqlName} AS t SET ${set} FROM unnest(${slot()}::uuid[], ${slot()}::uuid[]) AS v (id, owner) WHERE t.${table.idColumn} = v.id RETURNING t.${table.idColumn}::text`;
});

/** The rows to detach from a parent: all rows, only the rows in `ids`, or all rows except those in `ids`. */
export interface DetachedRows {
  readonly kind: 'ALL' | 'ONLY' | 'EXCEPT';
  readonly ids: readonly string[];
}

/** Detaches rows from their parents by setting the foreign key to null or deleting the pair from the join table. */
export function detachRows(
  { link }: WritableRelation,
  target: WritableTable,
  parents: readonly string[],
  { kind, ids }: DetachedRows,
): WriteStatement {
  const values = kind === 'ALL' ? [parents] : [parents, ids];
  return link.kind === 'MANY_TO_MANY'
    ? deletePairs({ link, kind }, values)
    : clearForeignKeys({ table: target, column: foreignKeyOf(link), kind }, values);
}

/** Sets a foreign key to null in all rows that refer to one of the targets. */
export function releaseRows(
  table: WritableTable,
  { column }: WritableColumn,
  targets: readonly string[],
): WriteStatement {
  return clearForeignKeys({ table, column, kind: 'ALL' }, [targets]);
}

interface DeletePairsStructure {
  readonly link: Extract<Link, { kind: 'MANY_TO_MANY' }>;
  readonly kind: DetachedRows['kind'];
}

const deletePairs = defineStatement(({ link, kind }: DeletePairsStructure, slot) => {
  const which = detached(kind, ident(link.ownColumn), ident(link.otherColumn), slot);
  return sql`DELETE FROM ${projectTable(link.table)} AS t WHERE ${which}`;
});

interface ClearStructure extends AttachStructure {
  readonly kind: DetachedRows['kind'];
}

const clearForeignKeys = defineStatement(({ table, column, kind }: ClearStructure, slot) => {
  const key = ident(column);
  const set = commaList([sql`${key} = NULL`, ...table.updatedAt]);
  return sql`UPDATE ${table.sqlName} AS t SET ${set} WHERE ${detached(kind, key, table.idColumn, slot)}`;
});

function detached(kind: DetachedRows['kind'], parent: Sql, row: Sql, slot: NextSlot): Sql {
  const ofParents = sql`t.${parent} = ANY (${slot()}::uuid[])`;
  switch (kind) {
    case 'ALL':
      return ofParents;
    case 'ONLY':
      return sql`${ofParents} AND t.${row} = ANY (${slot()}::uuid[])`;
    case 'EXCEPT':
      return sql`${ofParents} AND t.${row} <> ALL (${slot()}::uuid[])`;
    default:
      return assertNever(kind);
  }
}

function foreignKeyOf(link: Link): string {
  if (link.kind !== 'INVERSE_SIDE')
    throw new Error('The other side of the relation has no foreign key.');
  return link.column;
}
