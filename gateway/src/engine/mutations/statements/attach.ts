import { assertNever } from '../../../platform/assert-never.ts';
import type { Link, LinkedColumns } from '../../api/model-index.ts';
import { columnTypeOf, typeName } from '../../migrations/tables/column-type.ts';
import { commaList, ident, join, projectTable, sql, type Sql } from '../../sql/sql.ts';
import type { PgValue } from '../../sql/statement-runner.ts';
import type { WritableForeignKey, WritableRelation, WritableTable } from '../writable-table.ts';
import type { JoinTableLink } from './insert.ts';
import { asTexts, columnLists, isAnyOf, isNoneOf, unnested, type KeyColumns } from './rows.ts';
import { defineStatement, type NextSlot, type WriteStatement } from './statement.ts';

/** Rows, each given by the values of the same columns. */
export type RowValues = readonly (readonly PgValue[])[];

/**
 * Sets the foreign keys of existing rows to new parents. The statement returns the keys of the rows that exist.
 *
 * @param target the table on the other side of the relation, which has the foreign key
 * @param rows the keys of the rows
 * @param parents the columns of the new parent that the foreign key references, for each of the rows
 */
export function attachRows(
  { link }: WritableRelation,
  target: WritableTable,
  rows: RowValues,
  parents: RowValues,
): WriteStatement {
  const columns = foreignKeyOf(link);
  return attach({ table: target, columns }, [
    ...columnLists(rows, target.key.length),
    ...columnLists(parents, columns.length),
  ]);
}

interface AttachStructure {
  readonly table: WritableTable;
  /** The columns of the foreign key, in the table, and of the row that it references. */
  readonly columns: readonly LinkedColumns[];
}

const attach = defineStatement(({ table, columns }: AttachStructure, slot) => {
  const keys = table.key.map((_, index) => ident(`key ${index}`));
  const owners = columns.map((_, index) => ident(`owner ${index}`));
  const set = columns.map(({ other }, index) => sql`${ident(other)} = v.${owners[index] ?? sql``}`);
  const lists = unnested([...table.key, ...columns.map(keyColumn)], slot);
  const isRow = table.key.map(
    (column, index) => sql`t.${column.ident} = v.${keys[index] ?? sql``}`,
  );
  return sql`UPDATE ${table.sqlName} AS t SET ${commaList([...set, ...table.updatedAt])} FROM ${lists} AS v (${commaList([...keys, ...owners])}) WHERE ${join(isRow, sql` AND `)} RETURNING ${asTexts(table.key)}`;
});

/** The rows to detach from a parent: all rows, only the rows with these keys, or all rows except those. */
export interface DetachedRows {
  readonly kind: 'ALL' | 'ONLY' | 'EXCEPT';
  readonly keys: RowValues;
}

/**
 * Detaches rows from their parents by setting the foreign key to null or deleting the pair from the join table.
 *
 * @param parents the columns of the parents that the foreign key, or the join table, references
 */
export function detachRows(
  { link }: WritableRelation,
  target: WritableTable,
  parents: RowValues,
  { kind, keys }: DetachedRows,
): WriteStatement {
  const own = link.kind === 'MANY_TO_MANY' ? link.toRow : link.columns;
  const values = [
    ...columnLists(parents, own.length),
    ...(kind === 'ALL' ? [] : columnLists(keys, target.key.length)),
  ];
  return link.kind === 'MANY_TO_MANY'
    ? deletePairs({ link, kind }, values)
    : clearForeignKeys({ table: target, columns: foreignKeyOf(link), kind }, values);
}

/** Sets a foreign key to null in all rows that refer to one of the targets. */
export function releaseRows(
  table: WritableTable,
  { linked: columns }: WritableForeignKey,
  targets: RowValues,
): WriteStatement {
  return clearForeignKeys({ table, columns, kind: 'ALL' }, columnLists(targets, columns.length));
}

interface DeletePairsStructure {
  readonly link: JoinTableLink;
  readonly kind: DetachedRows['kind'];
}

const deletePairs = defineStatement(({ link, kind }: DeletePairsStructure, slot) => {
  const ownColumn = ({ own, type }: LinkedColumns) => keyColumn({ own: '', other: own, type });
  const which = detached(kind, link.toRow.map(ownColumn), link.toTarget.map(ownColumn), slot);
  return sql`DELETE FROM ${projectTable(link.table)} AS t WHERE ${which}`;
});

interface ClearStructure extends AttachStructure {
  readonly kind: DetachedRows['kind'];
}

const clearForeignKeys = defineStatement(({ table, columns, kind }: ClearStructure, slot) => {
  const key = columns.map(keyColumn);
  const set = commaList([...key.map(({ ident: name }) => sql`${name} = NULL`), ...table.updatedAt]);
  return sql`UPDATE ${table.sqlName} AS t SET ${set} WHERE ${detached(kind, key, table.key, slot)}`;
});

/** Whether a row of the alias `t` is one of the rows to detach. */
export function detached(
  kind: DetachedRows['kind'],
  parent: KeyColumns,
  row: KeyColumns,
  slot: NextSlot,
): Sql {
  const ofParents = isAnyOf(parent, slot);
  switch (kind) {
    case 'ALL':
      return ofParents;
    case 'ONLY':
      return sql`${ofParents} AND ${isAnyOf(row, slot)}`;
    case 'EXCEPT':
      return sql`${ofParents} AND ${isNoneOf(row, slot)}`;
    default:
      return assertNever(kind);
  }
}

function foreignKeyOf(link: Link): readonly LinkedColumns[] {
  if (link.kind !== 'INVERSE_SIDE')
    throw new Error('The other side of the relation has no foreign key.');
  return link.columns;
}

/** The column of a foreign key. */
export function keyColumn({ other, type }: LinkedColumns): KeyColumns[number] {
  return { ident: ident(other), sqlType: typeName({ type: columnTypeOf(type), list: false }) };
}
