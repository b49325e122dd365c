import { commaList, sql, type Sql } from '../../sql/sql.ts';
import type { CellChange } from '../read-update.ts';
import type { TableShape } from '../table-shape.ts';
import type { Part } from '../template.ts';
import { rowId, type IdOf, type Returning } from './insert.ts';

/** Which rows, as a condition over the alias `t`; and what their change returns. */
export interface ChangeTarget {
  readonly shape: TableShape;
  readonly where: Part;
  readonly returning: Returning;
}

/**
 *     UPDATE "p_x"."issue" AS t SET "title" = $1, "updated_at" = now() WHERE … RETURNING …
 *
 * Where there is nothing to set, the rows are locked as the update would lock them.
 */
export function updatePart(target: ChangeTarget, sets: readonly CellChange[], idOf: IdOf): Part {
  const { shape, where, returning } = target;
  return {
    key: `update ${where.key} ${setsKey(sets)} ${returning.key}`,
    sql: (slot) => {
      const list = assignments(shape, sets, slot);
      const which = where.sql(slot);
      return list === null
        ? sql`SELECT ${returning.sql()} FROM ${shape.table} AS t WHERE ${which} FOR NO KEY UPDATE OF t`
        : sql`UPDATE ${shape.table} AS t SET ${list} WHERE ${which} RETURNING ${returning.sql()}`;
    },
    values: [...setValues(sets, idOf), ...where.values],
  };
}

/**
 * Changes nothing where more rows match than it may change. Its rows begin with how many matched, up to one more
 * than that; a row of nulls follows where none was changed.
 *
 *     WITH target AS MATERIALIZED (SELECT t."id" FROM … AS t WHERE … LIMIT $1 + 1 FOR NO KEY UPDATE OF t),
 *       t AS (UPDATE … AS t SET … FROM target WHERE t."id" = target."id"
 *             AND (SELECT count(*) FROM target) <= $1 RETURNING t.*)
 *     SELECT (SELECT count(*) FROM target)::text, … FROM (VALUES (1)) AS one LEFT JOIN t ON true
 */
export function updateManyPart(
  target: ChangeTarget,
  sets: readonly CellChange[],
  atMost: number,
  idOf: IdOf,
): Part {
  const { shape, returning } = target;
  return {
    key: `update many ${setsKey(sets)} ${returning.key}`,
    sql: (slot) => {
      const list = assignments(shape, sets, slot);
      const most = slot();
      const changed =
        list === null
          ? sql`SELECT t.* FROM ${shape.table} AS t JOIN target ON t.${shape.idColumn} = target.${shape.idColumn} WHERE ${fits(most)}`
          : sql`UPDATE ${shape.table} AS t SET ${list} FROM target WHERE t.${shape.idColumn} = target.${shape.idColumn} AND ${fits(most)} RETURNING t.*`;
      return counted(target, most, sql`FOR NO KEY UPDATE OF t`, changed, slot);
    },
    values: [...setValues(sets, idOf), atMost, ...target.where.values],
  };
}

/** As `updateManyPart`. What it returns is what was there: the statement sees the database as it was before. */
export function deleteManyPart(target: ChangeTarget, atMost: number): Part {
  const { shape, returning } = target;
  return {
    key: `delete many ${returning.key}`,
    sql: (slot) => {
      const most = slot();
      const deleted = sql`DELETE FROM ${shape.table} AS t USING target WHERE t.${shape.idColumn} = target.${shape.idColumn} AND ${fits(most)} RETURNING t.*`;
      return counted(target, most, sql`FOR UPDATE OF t`, deleted, slot);
    },
    values: [atMost, ...target.where.values],
  };
}

/** `DELETE FROM … AS t WHERE … RETURNING …`, which also reads other tables as they were before. */
export function deletePart({ shape, where, returning }: ChangeTarget): Part {
  return {
    key: `delete ${returning.key}`,
    sql: (slot) =>
      sql`DELETE FROM ${shape.table} AS t WHERE ${where.sql(slot)} RETURNING ${returning.sql()}`,
    values: where.values,
  };
}

export interface UpsertChange {
  readonly sets: readonly CellChange[];
  /** Of the row that is inserted where none matches: a value for each column. */
  readonly values: Part['values'];
}

/**
 *     WITH target AS MATERIALIZED (SELECT t.* FROM … AS t WHERE … FOR NO KEY UPDATE OF t),
 *       updated AS (UPDATE … FROM target … RETURNING t.*),
 *       inserted AS (INSERT … SELECT … WHERE NOT EXISTS (SELECT FROM target) RETURNING t.*)
 *     SELECT … FROM (SELECT * FROM updated UNION ALL SELECT * FROM inserted) AS t
 *
 * Of two that find no row at once, one breaks the unique key, and its sender tries again.
 */
export function upsertPart(target: ChangeTarget, change: UpsertChange, idOf: IdOf): Part {
  const { shape, where, returning } = target;
  return {
    key: `upsert ${setsKey(change.sets)} ${returning.key}`,
    sql: (slot) => {
      const list = assignments(shape, change.sets, slot);
      const updated =
        list === null
          ? sql`SELECT * FROM target`
          : sql`UPDATE ${shape.table} AS t SET ${list} FROM target WHERE t.${shape.idColumn} = target.${shape.idColumn} RETURNING t.*`;
      const which = where.sql(slot);
      const cells = commaList(shape.columns.map(({ sqlType }) => sql`${slot()}::${sqlType}`));
      return sql`WITH target AS MATERIALIZED (SELECT t.* FROM ${shape.table} AS t WHERE ${which} FOR NO KEY UPDATE OF t), updated AS (${updated}), inserted AS (INSERT INTO ${shape.table} AS t (${shape.columnList}) SELECT ${cells} WHERE NOT EXISTS (SELECT FROM target) RETURNING t.*) SELECT ${returning.sql()} FROM (SELECT * FROM updated UNION ALL SELECT * FROM inserted) AS t`;
    },
    values: [...setValues(change.sets, idOf), ...where.values, ...change.values],
  };
}

/** Locks the rows that a change is about, at most one more than it may change, and returns their ids. */
export function lockPart(
  { shape, where }: Pick<ChangeTarget, 'shape' | 'where'>,
  atMost: number,
): Part {
  return {
    key: 'lock',
    sql: (slot) =>
      sql`SELECT t.${shape.idColumn}::text FROM ${shape.table} AS t WHERE ${where.sql(slot)} LIMIT ${slot()}::int + 1 FOR NO KEY UPDATE OF t`,
    values: [...where.values, atMost],
  };
}

/** The rows of these ids. */
export function idsWhere(shape: TableShape, ids: readonly string[]): Part {
  return {
    key: 'by id',
    sql: (slot) => sql`t.${shape.idColumn} = ANY (${slot()}::uuid[])`,
    values: [ids],
  };
}

/** The rows that the root field's own argument names. */
export function fieldWhere(where: Sql): Part {
  return { key: '', sql: () => where, values: [] };
}

function setsKey(sets: readonly CellChange[]): string {
  return sets.map(({ column }) => column.name).join();
}

/** `"title" = $1, "updated_at" = now()`; null where nothing is set. */
function assignments(
  { touches }: TableShape,
  sets: readonly CellChange[],
  slot: () => Sql,
): Sql | null {
  const list = [...sets.map(({ column }) => sql`${column.ident} = ${slot()}`), ...touches];
  return list.length === 0 ? null : commaList(list);
}

function setValues(sets: readonly CellChange[], idOf: IdOf): Part['values'] {
  return sets.map(({ column, value }) => {
    if (value === null) return null;
    return column.key === null ? column.codec.toParameter(value) : idOf(rowId(value));
  });
}

function fits(most: Sql): Sql {
  return sql`(SELECT count(*) FROM target) <= ${most}::int`;
}

function counted(
  { shape, where, returning }: ChangeTarget,
  most: Sql,
  lock: Sql,
  changed: Sql,
  slot: () => Sql,
): Sql {
  const ctes = sql`WITH target AS MATERIALIZED (SELECT t.${shape.idColumn} FROM ${shape.table} AS t WHERE ${where.sql(slot)} LIMIT ${most}::int + 1 ${lock}), t AS (${changed})`;
  const count = sql`(SELECT count(*) FROM target)::text`;
  return returning.key === ''
    ? sql`${ctes} SELECT ${count}`
    : sql`${ctes} SELECT ${count}, ${returning.sql()} FROM (VALUES (1)) AS one LEFT JOIN t ON true`;
}
