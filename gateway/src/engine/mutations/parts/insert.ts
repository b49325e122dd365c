import { commaList, ident, projectTable, sql, type Sql } from '../../sql/sql.ts';
import type { PgValue } from '../../sql/statement-runner.ts';
import type { DraftPair, DraftRow, RowId } from '../draft.ts';
import type { TableShape, WriteColumn, WriteRelation } from '../table-shape.ts';
import type { Part } from '../template.ts';

/** The id that a row has by the time a statement is bound. */
export type IdOf = (row: RowId) => string;

/** What a change returns of its rows, over the alias `t`; nothing where the key is empty. */
export interface Returning {
  readonly key: '' | 'ID' | 'ROW' | 'ID_AND_ROW';
  /** Asked only where a statement's text is made. */
  readonly sql: () => Sql;
}

export interface InsertOptions {
  readonly idOf: IdOf;
  readonly returning: Returning;
  readonly skipDuplicates: boolean;
}

/**
 * Every column stands in the statement, with its default where a row is given none: then there is one text for a
 * table however callers leave things out, and PostgreSQL plans it once.
 *
 *     INSERT INTO "p_x"."issue" AS t ("id", "title") VALUES ($1, $2) RETURNING …
 *     INSERT INTO "p_x"."issue" AS t ("id", "title") SELECT v.* FROM json_to_recordset($1) AS v (…) RETURNING …
 */
export function insertPart(
  shape: TableShape,
  rows: readonly DraftRow[],
  { idOf, returning, skipDuplicates }: InsertOptions,
): Part {
  const [only, ...more] = rows;
  const isOne = only !== undefined && more.length === 0;
  const tail = (source: Sql): Sql => {
    const skip = skipDuplicates ? sql` ON CONFLICT DO NOTHING` : sql``;
    const end = returning.key === '' ? sql`` : sql` RETURNING ${returning.sql()}`;
    return sql`INSERT INTO ${shape.table} AS t (${shape.columnList}) ${source}${skip}${end}`;
  };
  const key = `${skipDuplicates ? 'insert new' : 'insert'} ${shape.type.name} ${isOne ? '1' : '*'} ${returning.key}`;
  if (isOne) {
    return {
      key,
      sql: (slot) => tail(sql`VALUES (${commaList(shape.columns.map(() => slot()))})`),
      values: rowValues(shape, only, idOf),
    };
  }
  return {
    key,
    sql: (slot) =>
      tail(
        sql`SELECT v.* FROM json_to_recordset(${slot()}::json) AS v (${shape.columnDefinitions})`,
      ),
    values: [rowsJson(shape, rows, idOf)],
  };
}

export function rowValues({ columns }: TableShape, row: DraftRow, idOf: IdOf): PgValue[] {
  return columns.map((column, index) => {
    const cell = row.cells[index];
    if (cell === null || cell === undefined) return null;
    return column.key === null ? column.codec.toParameter(cell) : idOf(rowId(cell));
  });
}

/** A key's cell holds an id or what stands for one. */
export function rowId(cell: unknown): RowId {
  // `readCreate` and `readUpdate` put nothing else there.
  return cell as RowId;
}

/** `[{"id":"…","title":"…"}, …]`; what is null is left out. */
function rowsJson(shape: TableShape, rows: readonly DraftRow[], idOf: IdOf): string {
  return JSON.stringify(rows.map((row) => rowObject(shape.columns, row, idOf)));
}

function rowObject(columns: readonly WriteColumn[], row: DraftRow, idOf: IdOf): object {
  const object: Record<string, unknown> = {};
  for (const [index, column] of columns.entries()) {
    const cell = row.cells[index];
    if (cell === null || cell === undefined) continue;
    object[column.column] = column.key === null ? column.codec.toMember(cell) : idOf(rowId(cell));
  }
  return object;
}

/** Pairs of a join table; those that stand there already are left alone. */
export function pairsPart(relation: WriteRelation, pairs: readonly DraftPair[], idOf: IdOf): Part {
  const { link, field } = relation;
  if (link.kind !== 'MANY_TO_MANY') throw new Error('Pairs stand in join tables.');
  const columns = commaList([ident(link.ownColumn), ident(link.otherColumn)]);
  return {
    key: `pair ${link.table} ${link.ownColumn} ${field.name}`,
    sql: (slot) =>
      sql`INSERT INTO ${projectTable(link.table)} (${columns}) SELECT * FROM unnest(${slot()}::uuid[], ${slot()}::uuid[]) ON CONFLICT DO NOTHING`,
    values: [pairs.map(({ own }) => idOf(own)), pairs.map(({ other }) => idOf(other))],
  };
}

/**
 * Statements in one: foreign keys are checked when all of it is done, so their order means nothing.
 *
 *     WITH w0 AS (INSERT …), w1 AS (INSERT …) INSERT … RETURNING …
 */
export function togetherPart(before: readonly Part[], main: Part): Part {
  if (before.length === 0) return main;
  return {
    key: [...before, main].map(({ key }) => key).join(' + '),
    sql: (slot) => {
      const parts = before.map((part, index) => sql`${ident(`w${index}`)} AS (${part.sql(slot)})`);
      return sql`WITH ${commaList(parts)} ${main.sql(slot)}`;
    },
    values: [...before, main].flatMap(({ values }) => values),
  };
}
