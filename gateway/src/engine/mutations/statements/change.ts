import type { PgValue } from '../../sql/statement-runner.ts';
import { commaList, join, sql, type Sql } from '../../sql/sql.ts';
import type { Assignment } from '../update-input.ts';
import type { WritableColumn, WritableTable } from '../writable-table.ts';
import { storedCell, type NewRow, type RowKey } from '../row-ref.ts';
import { drawsKey, insertedCells, rowValues, type Returning } from './insert.ts';
import { asTexts, columnLists, isAnyOf, ofAlias } from './rows.ts';
import { defineStatement, type NextSlot, type WriteStatement } from './statement.ts';

/** The rows that a statement changes and the values that it returns. */
export interface ChangeTarget extends RowsOf {
  readonly returning: Returning;
}

interface RowsOf {
  readonly table: WritableTable;
  readonly filter: RowFilter;
}

/** The rows that match a condition on the alias `t`, or the rows with the given keys. */
export type RowFilter =
  | { readonly kind: 'CONDITION'; readonly condition: Sql }
  | { readonly kind: 'KEYS'; readonly keys: readonly RowKey[] };

/** The part of a filter that determines the statement's text. */
export type Where = Sql | 'KEYS';

export function whereOf(filter: RowFilter): Where {
  return filter.kind === 'KEYS' ? 'KEYS' : filter.condition;
}

export function whereValues({ key }: WritableTable, filter: RowFilter): readonly PgValue[] {
  return filter.kind === 'KEYS' ? columnLists(filter.keys, key.length) : [];
}

export function condition({ table, where }: SelectedStructure, slot: NextSlot): Sql {
  return where === 'KEYS' ? isAnyOf(table.key, slot) : where;
}

interface SelectedStructure {
  readonly table: WritableTable;
  readonly where: Where;
}

interface DeleteStructure extends SelectedStructure {
  readonly returning: Returning;
}

interface UpdateStructure extends DeleteStructure {
  /** The columns to set. */
  readonly columns: readonly WritableColumn[];
}

/**
 *     UPDATE "p_x"."issue" AS t SET "title" = $1, "updated_at" = now() WHERE … RETURNING …
 *
 * If there are no assignments, the statement only locks the rows as an UPDATE would.
 */
export function updateRows(
  { table, filter, returning }: ChangeTarget,
  assignments: readonly Assignment[],
): WriteStatement {
  const structure = { table, where: whereOf(filter), returning, columns: columnsOf(assignments) };
  return update(structure, [...valuesOf(assignments), ...whereValues(table, filter)]);
}

const update = defineStatement((structure: UpdateStructure, slot) => {
  const { table, returning } = structure;
  const set = setList(structure, slot);
  const where = condition(structure, slot);
  return set === null
    ? sql`SELECT ${listOf(returning)} FROM ${table.sqlName} AS t WHERE ${where} FOR NO KEY UPDATE OF t`
    : sql`UPDATE ${table.sqlName} AS t SET ${set} WHERE ${where} RETURNING ${listOf(returning)}`;
});

/**
 * Updates nothing if more than `atMost` rows match. The first column of each returned row is the number of matching
 * rows, counted up to `atMost + 1`. If no row was updated, one row is returned and its other columns are null.
 *
 *     WITH target AS MATERIALIZED (SELECT t."id" FROM … AS t WHERE … LIMIT $1 + 1 FOR NO KEY UPDATE OF t),
 *       t AS (UPDATE … AS t SET … FROM target WHERE t."id" = target."id"
 *             AND (SELECT count(*) FROM target) <= $1 RETURNING t.*)
 *     SELECT (SELECT count(*) FROM target)::text, … FROM (VALUES (1)) AS one LEFT JOIN t ON true
 */
export function updateCountedRows(
  { table, filter, returning }: ChangeTarget,
  assignments: readonly Assignment[],
  atMost: number,
): WriteStatement {
  const structure = { table, where: whereOf(filter), returning, columns: columnsOf(assignments) };
  const values = [...valuesOf(assignments), atMost, ...whereValues(table, filter)];
  return updateCounted(structure, values);
}

const updateCounted = defineStatement((structure: UpdateStructure, slot) => {
  const { table } = structure;
  const set = setList(structure, slot);
  const atMost = slot();
  const changed =
    set === null
      ? sql`SELECT t.* FROM ${table.sqlName} AS t JOIN target ON ${isTarget(table)} WHERE ${fits(atMost)}`
      : sql`UPDATE ${table.sqlName} AS t SET ${set} FROM target WHERE ${isTarget(table)} AND ${fits(atMost)} RETURNING t.*`;
  const target = targetRows(structure, condition(structure, slot), atMost);
  return counted(structure, sql`${target} FOR NO KEY UPDATE OF t`, changed);
});

/**
 * Like `updateCountedRows`, but deletes the rows. It can return the deleted rows with their relations, because a
 * statement sees the tables as they were before it started.
 */
export function deleteCountedRows(
  { table, filter, returning }: ChangeTarget,
  atMost: number,
): WriteStatement {
  const structure = { table, where: whereOf(filter), returning };
  return deleteCounted(structure, [atMost, ...whereValues(table, filter)]);
}

const deleteCounted = defineStatement((structure: DeleteStructure, slot) => {
  const { table } = structure;
  const atMost = slot();
  const deleted = sql`DELETE FROM ${table.sqlName} AS t USING target WHERE ${isTarget(table)} AND ${fits(atMost)} RETURNING t.*`;
  const target = targetRows(structure, condition(structure, slot), atMost);
  return counted(structure, sql`${target} FOR UPDATE OF t`, deleted);
});

/** `DELETE FROM … AS t WHERE … RETURNING …`. RETURNING reads other tables as they were before the deletion. */
export function deleteRows({ table, filter, returning }: ChangeTarget): WriteStatement {
  return deleteAll({ table, where: whereOf(filter), returning }, whereValues(table, filter));
}

const deleteAll = defineStatement(
  (structure: DeleteStructure, slot) =>
    sql`DELETE FROM ${structure.table.sqlName} AS t WHERE ${condition(structure, slot)} RETURNING ${listOf(structure.returning)}`,
);

interface UpsertChange {
  readonly assignments: readonly Assignment[];
  /** The row to insert if no row matches. */
  readonly row: NewRow;
}

/**
 *     WITH target AS MATERIALIZED (SELECT t.* FROM … AS t WHERE … FOR NO KEY UPDATE OF t),
 *       updated AS (UPDATE … FROM target … RETURNING t.*),
 *       inserted AS (INSERT … SELECT … WHERE NOT EXISTS (SELECT FROM target) RETURNING t.*)
 *     SELECT … FROM (SELECT * FROM updated UNION ALL SELECT * FROM inserted) AS t
 *
 * If two of these statements run at the same time and neither finds the row, one of them violates the unique key: see
 * `UpsertRace`.
 */
export function upsertRow(
  { table, filter, returning }: ChangeTarget,
  { assignments, row }: UpsertChange,
): WriteStatement {
  const structure: UpsertStructure = {
    table,
    where: whereOf(filter),
    returning,
    columns: columnsOf(assignments),
    draws: drawsKey(row),
  };
  const cells = rowValues(row);
  return upsert(structure, [...valuesOf(assignments), ...whereValues(table, filter), ...cells]);
}

interface UpsertStructure extends UpdateStructure {
  /** Whether PostgreSQL draws the key of the new row from a sequence. */
  readonly draws: boolean;
}

const upsert = defineStatement((structure: UpsertStructure, slot) => {
  const { table, returning } = structure;
  const set = setList(structure, slot);
  const updated =
    set === null
      ? sql`SELECT * FROM target`
      : sql`UPDATE ${table.sqlName} AS t SET ${set} FROM target WHERE ${isTarget(table)} RETURNING t.*`;
  const where = condition(structure, slot);
  const { columns, cells } = insertedCells(structure, ({ sqlType }) => sql`${slot()}::${sqlType}`);
  return sql`WITH target AS MATERIALIZED (SELECT t.* FROM ${table.sqlName} AS t WHERE ${where} FOR NO KEY UPDATE OF t), updated AS (${updated}), inserted AS (INSERT INTO ${table.sqlName} AS t (${columns}) SELECT ${cells} WHERE NOT EXISTS (SELECT FROM target) RETURNING t.*) SELECT ${listOf(returning)} FROM (SELECT * FROM updated UNION ALL SELECT * FROM inserted) AS t`;
});

/** Locks up to `atMost + 1` matching rows and returns their keys. */
export function lockRows({ table, filter }: RowsOf, atMost: number): WriteStatement {
  return lock({ table, where: whereOf(filter) }, [...whereValues(table, filter), atMost]);
}

const lock = defineStatement(
  (structure: SelectedStructure, slot) =>
    sql`SELECT ${asTexts(structure.table.identity)} FROM ${structure.table.sqlName} AS t WHERE ${condition(structure, slot)} LIMIT ${slot()}::int + 1 FOR NO KEY UPDATE OF t`,
);

interface LockInOrderStructure {
  readonly table: WritableTable;
  /** Conditions that select one row each. */
  readonly conditions: readonly Sql[];
  readonly forDelete: boolean;
}

/**
 * Locks the rows that match one of the conditions, in the order of their keys:
 *
 *     SELECT FROM … AS t WHERE t."id" IN (SELECT t."id" FROM … AS t WHERE … UNION ALL SELECT …)
 *     ORDER BY t."id" FOR NO KEY UPDATE OF t
 */
export function lockInOrder(structure: LockInOrderStructure): WriteStatement {
  return lockOrdered(structure, []);
}

const lockOrdered = defineStatement(
  ({ table: { sqlName, key }, conditions, forDelete }: LockInOrderStructure) => {
    const columns = ofAlias(key);
    const keys = conditions.map(
      (each) => sql`SELECT ${columns} FROM ${sqlName} AS t WHERE ${each}`,
    );
    const row = key.length === 1 ? columns : sql`(${columns})`;
    const strength = forDelete ? sql`FOR UPDATE` : sql`FOR NO KEY UPDATE`;
    return sql`SELECT FROM ${sqlName} AS t WHERE ${row} IN (${join(keys, sql` UNION ALL `)}) ORDER BY ${columns} ${strength} OF t`;
  },
);

function columnsOf(assignments: readonly Assignment[]): readonly WritableColumn[] {
  return assignments.map(({ column }) => column);
}

function valuesOf(assignments: readonly Assignment[]): readonly PgValue[] {
  return assignments.map(({ column, value }) => storedCell(column, value));
}

/** `"title" = $1, "updated_at" = now()`. Null if no column is set. */
function setList({ table, columns }: UpdateStructure, slot: NextSlot): Sql | null {
  const list = [...columns.map((column) => sql`${column.ident} = ${slot()}`), ...table.updatedAt];
  return list.length === 0 ? null : commaList(list);
}

function listOf({ list }: Returning): Sql {
  return list === null ? sql`` : list();
}

function fits(atMost: Sql): Sql {
  return sql`(SELECT count(*) FROM target) <= ${atMost}::int`;
}

/** The SELECT of the target rows, without its locking clause. */
function targetRows({ table }: SelectedStructure, where: Sql, atMost: Sql): Sql {
  return sql`SELECT ${ofAlias(table.key)} FROM ${table.sqlName} AS t WHERE ${where} LIMIT ${atMost}::int + 1`;
}

/** Whether a row of the alias `t` is a row of `target`, which contains keys. */
function isTarget({ key }: WritableTable): Sql {
  return join(
    key.map(({ ident }) => sql`t.${ident} = target.${ident}`),
    sql` AND `,
  );
}

function counted({ returning }: DeleteStructure, target: Sql, changed: Sql): Sql {
  const ctes = sql`WITH target AS MATERIALIZED (${target}), t AS (${changed})`;
  const count = sql`(SELECT count(*) FROM target)::text`;
  return returning.list === null
    ? sql`${ctes} SELECT ${count}`
    : sql`${ctes} SELECT ${count}, ${returning.list()} FROM (VALUES (1)) AS one LEFT JOIN t ON true`;
}
