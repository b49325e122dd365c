import { jsonText } from '../../../graphql/exact-number.ts';
import type { Link } from '../../api/model-index.ts';
import type { PgValue } from '../../sql/statement-runner.ts';
import { commaList, ident, projectTable, sql, type Sql } from '../../sql/sql.ts';
import type { Draft, DraftPair, DraftRow, RowId } from '../draft.ts';
import type { WritableColumn, WritableRelation, WritableTable } from '../writable-table.ts';
import { defineStatement, type StatementForm, type WriteStatement } from './statement.ts';

/** Returns a row's id. A pending id must already have been looked up. */
export type IdOf = (row: RowId) => string;

/** The values that a write returns for each row, in terms of the alias `t`. */
export interface Returning {
  /** Creates the select list. It is called only when SQL text is rendered. Null if nothing is returned. */
  readonly list: (() => Sql) | null;
}

export const returnNothing: Returning = { list: null };

interface InsertStructure {
  readonly table: WritableTable;
  readonly skipDuplicates: boolean;
  readonly returning: Returning;
}

interface InsertOptions {
  readonly idOf: IdOf;
  readonly returning: Returning;
  readonly skipDuplicates: boolean;
}

/**
 * Inserts rows. The statement contains every column: fields that the input leaves out are set to their defaults. The
 * text is therefore the same for all inputs, and PostgreSQL has to plan it only once.
 *
 *     INSERT INTO "p_x"."issue" AS t ("id", "title") VALUES ($1, $2) RETURNING …
 *     INSERT INTO "p_x"."issue" AS t ("id", "title") SELECT v.* FROM json_to_recordset($1) AS v (…) RETURNING …
 */
export function insertRows(
  table: WritableTable,
  rows: readonly DraftRow[],
  { idOf, returning, skipDuplicates }: InsertOptions,
): WriteStatement {
  const structure = { table, skipDuplicates, returning };
  const [first] = rows;
  return first !== undefined && rows.length === 1
    ? insertOne(structure, rowValues(table, first, idOf))
    : insertList(structure, [rowsJson(table, rows, idOf)]);
}

const insertOne = defineStatement((structure: InsertStructure, slot) =>
  insertInto(structure, sql`VALUES (${commaList(structure.table.columns.map(() => slot()))})`),
);

const insertList = defineStatement((structure: InsertStructure, slot) =>
  insertInto(
    structure,
    sql`SELECT v.* FROM json_to_recordset(${slot()}::json) AS v (${structure.table.columnDefinitions})`,
  ),
);

function insertInto({ table, skipDuplicates, returning }: InsertStructure, source: Sql): Sql {
  const skip = skipDuplicates ? sql` ON CONFLICT DO NOTHING` : sql``;
  const end = returning.list === null ? sql`` : sql` RETURNING ${returning.list()}`;
  return sql`INSERT INTO ${table.sqlName} AS t (${table.columnList}) ${source}${skip}${end}`;
}

/** The values of a row, one for each column. */
export function rowValues({ columns }: WritableTable, row: DraftRow, idOf: IdOf): PgValue[] {
  return columns.map((column, index) => cellValue(column, row.cells[index], idOf));
}

/** Converts a cell to a parameter. The cell of a foreign key is an id or a pending id. */
export function cellValue({ owningSide, codec }: WritableColumn, cell: unknown, idOf: IdOf) {
  if (cell === null || cell === undefined) return null;
  // `create-input.ts` and `update-input.ts` store only a `RowId` in the cell of a foreign key.
  return owningSide === null ? codec.toParameter(cell) : idOf(cell as RowId);
}

/** `[{"id":"…","title":"…"}, …]`. Members that are null are left out. */
function rowsJson(table: WritableTable, rows: readonly DraftRow[], idOf: IdOf): string {
  return jsonText(rows.map((row) => rowObject(table.columns, row, idOf)));
}

function rowObject(columns: readonly WritableColumn[], row: DraftRow, idOf: IdOf): object {
  const object: Record<string, unknown> = {};
  for (const [index, { column, owningSide, codec }] of columns.entries()) {
    const cell = row.cells[index];
    if (cell === null || cell === undefined) continue;
    // See `cellValue`.
    object[column] = owningSide === null ? codec.toMember(cell) : idOf(cell as RowId);
  }
  return object;
}

/** Inserts rows into a join table. Pairs that already exist are skipped. */
export function insertPairs(
  { link }: WritableRelation,
  pairs: readonly DraftPair[],
  idOf: IdOf,
): WriteStatement {
  if (link.kind !== 'MANY_TO_MANY')
    throw new Error('Only a many-to-many relation has a join table.');
  return insertIntoJoinTable({ link }, [
    pairs.map(({ own }) => idOf(own)),
    pairs.map(({ other }) => idOf(other)),
  ]);
}

type JoinTableLink = Extract<Link, { kind: 'MANY_TO_MANY' }>;

const insertIntoJoinTable = defineStatement(
  ({ link: { table, ownColumn, otherColumn } }: { readonly link: JoinTableLink }, slot) =>
    sql`INSERT INTO ${projectTable(table)} (${commaList([ident(ownColumn), ident(otherColumn)])}) SELECT * FROM unnest(${slot()}::uuid[], ${slot()}::uuid[]) ON CONFLICT DO NOTHING`,
);

/** Inserts a draft's new rows and pairs. The statements can be combined into one: see `together`. */
export function insertDraft({ rows, pairs }: Draft, idOf: IdOf): readonly WriteStatement[] {
  const options = { idOf, returning: returnNothing, skipDuplicates: false };
  return [
    ...[...rows].map(([table, each]) => insertRows(table, each, options)),
    ...[...pairs].map(([relation, each]) => insertPairs(relation, each, idOf)),
  ];
}

/**
 * Combines several statements into one. Their order is irrelevant, because foreign keys are checked at the end of the
 * whole statement.
 *
 *     WITH w0 AS (INSERT …), w1 AS (INSERT …) INSERT … RETURNING …
 */
export function together(before: readonly WriteStatement[], main: WriteStatement): WriteStatement {
  if (before.length === 0) return main;
  return withStatements(
    { before: before.map(({ form }) => form), main: main.form },
    [...before, main].flatMap(({ values }) => values),
  );
}

interface TogetherStructure {
  readonly before: readonly StatementForm[];
  readonly main: StatementForm;
}

const withStatements = defineStatement(({ before, main }: TogetherStructure, slot) => {
  const named = before.map((form, index) => sql`${ident(`w${index}`)} AS (${form.build(slot)})`);
  return sql`WITH ${commaList(named)} ${main.build(slot)}`;
});
