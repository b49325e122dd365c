import { jsonText } from '../../../graphql/exact-number.ts';
import type { Link } from '../../api/model-index.ts';
import type { PgValue } from '../../sql/statement-runner.ts';
import { commaList, ident, projectSequence, projectTable, sql, type Sql } from '../../sql/sql.ts';
import type { Draft, DraftPair } from '../draft.ts';
import {
  DrawnNumber,
  isPending,
  PresetCell,
  storedCell,
  valuesOf,
  type NewRow,
} from '../row-ref.ts';
import type { WritableColumn, WritableRelation, WritableTable } from '../writable-table.ts';
import { columnLists, typedList } from './rows.ts';
import { defineStatement, type StatementForm, type WriteStatement } from './statement.ts';

/** The values that a write returns for each row, in terms of the alias `t`. */
export interface Returning {
  /** Creates the select list. It is called only when SQL text is rendered. Null if nothing is returned. */
  readonly list: (() => Sql) | null;
}

export const returnNothing: Returning = { list: null };

interface InsertStructure {
  readonly table: WritableTable;
  /** Whether PostgreSQL draws the key from the sequence. */
  readonly draws: boolean;
  readonly skipDuplicates: boolean;
  readonly returning: Returning;
}

interface InsertOptions {
  readonly returning: Returning;
  readonly skipDuplicates: boolean;
}

/**
 * Inserts rows. The statement contains every column: fields that the input leaves out are set to their defaults. The
 * text is therefore the same for all inputs, and PostgreSQL has to plan it only once. Only the key of a single row that
 * PostgreSQL draws from a sequence is left out.
 *
 *     INSERT INTO "p_x"."issue" AS t ("id", "title") VALUES ($1, $2) RETURNING …
 *     INSERT INTO "p_x"."issue" AS t ("id", "title") SELECT v.* FROM json_to_recordset($1) AS v (…) RETURNING …
 */
export function insertRows(
  table: WritableTable,
  rows: readonly NewRow[],
  { returning, skipDuplicates }: InsertOptions,
): WriteStatement {
  const [first] = rows;
  if (first !== undefined && rows.length === 1) {
    const structure = { table, draws: drawsKey(first), skipDuplicates, returning };
    return insertOne(structure, rowValues(first));
  }
  const structure = { table, draws: false, skipDuplicates, returning };
  return insertList(structure, [rowsJson(table, rows)]);
}

/** Whether PostgreSQL draws the key when it inserts the row, because no number was reserved. */
export function drawsKey({ table: { sequence, position }, cells }: NewRow): boolean {
  if (sequence === null) return false;
  const cell = cells[position(sequence.column.column)];
  return cell instanceof DrawnNumber && cell.number === null;
}

/** The columns that a statement inserts and their values: a slot for each value that `rowValues` returns. */
export function insertedCells(
  { table, draws }: Pick<InsertStructure, 'table' | 'draws'>,
  cell: (column: WritableColumn) => Sql,
): { readonly columns: Sql; readonly cells: Sql } {
  const { columns, columnList, sequence } = table;
  if (sequence === null || !draws)
    return { columns: columnList, cells: commaList(columns.map(cell)) };
  const given = columns.filter((column) => column !== sequence.column);
  // A statement must insert at least one column.
  return given.length === 0
    ? { columns: sequence.column.ident, cells: sql`nextval(${projectSequence(sequence.name)})` }
    : { columns: identList(given), cells: commaList(given.map(cell)) };
}

const insertOne = defineStatement((structure: InsertStructure, slot) => {
  const { columns, cells } = insertedCells(structure, slot);
  return insertInto(structure, columns, sql`VALUES (${cells})`);
});

const insertList = defineStatement((structure: InsertStructure, slot) =>
  insertInto(
    structure,
    structure.table.columnList,
    sql`SELECT v.* FROM json_to_recordset(${slot()}::json) AS v (${structure.table.columnDefinitions})`,
  ),
);

function insertInto(
  { table, skipDuplicates, returning }: InsertStructure,
  columns: Sql,
  source: Sql,
): Sql {
  const skip = skipDuplicates ? sql` ON CONFLICT DO NOTHING` : sql``;
  const end = returning.list === null ? sql`` : sql` RETURNING ${returning.list()}`;
  return sql`INSERT INTO ${table.sqlName} AS t (${columns}) ${source}${skip}${end}`;
}

function identList(columns: readonly WritableColumn[]): Sql {
  return commaList(columns.map((column) => column.ident));
}

/** The values of a row: see `insertedCells`. */
export function rowValues(row: NewRow): PgValue[] {
  const { columns, sequence } = row.table;
  const drawn = drawsKey(row) ? sequence?.column : undefined;
  const values: PgValue[] = [];
  for (const [index, column] of columns.entries()) {
    if (column !== drawn) values.push(storedCell(column, row.cells[index]));
  }
  return values;
}

/** `[{"id":"…","title":"…"}, …]`. Members that are null are left out. */
function rowsJson(table: WritableTable, rows: readonly NewRow[]): string {
  return jsonText(rows.map((row) => rowObject(table.columns, row)));
}

export function rowObject(columns: readonly WritableColumn[], row: NewRow): object {
  const object: Record<string, unknown> = {};
  for (const [index, column] of columns.entries()) {
    const cell = row.cells[index];
    if (cell === null || cell === undefined) continue;
    const member = isPending(cell) ? storedCell(column, cell) : column.codec.toMember(cell);
    const isText = cell instanceof PresetCell && typeof member === 'string';
    object[column.column] = isText ? column.codec.textToMember(member) : member;
  }
  return object;
}

/** Inserts rows into a join table. Pairs that already exist are skipped. */
function insertPairs({ link }: WritableRelation, pairs: readonly DraftPair[]): WriteStatement {
  if (link.kind !== 'MANY_TO_MANY')
    throw new Error('Only a many-to-many relation has a join table.');
  const own = link.toRow.map((column) => column.other);
  const other = link.toTarget.map((column) => column.other);
  const rows = pairs.map((pair) => [...valuesOf(pair.own, own), ...valuesOf(pair.other, other)]);
  return insertIntoJoinTable({ link }, columnLists(rows, own.length + other.length));
}

export type JoinTableLink = Extract<Link, { kind: 'MANY_TO_MANY' }>;

const insertIntoJoinTable = defineStatement(
  ({ link: { table, toRow, toTarget } }: { readonly link: JoinTableLink }, slot) => {
    const columns = [...toRow, ...toTarget];
    const lists = columns.map((column) => typedList(column.type, slot()));
    return sql`INSERT INTO ${projectTable(table)} (${commaList(columns.map(({ own }) => ident(own)))}) SELECT * FROM unnest(${commaList(lists)}) ON CONFLICT DO NOTHING`;
  },
);

/** Inserts a draft's new rows and pairs. The statements can be combined into one: see `together`. */
export function insertDraft({
  rows,
  pairs,
}: Pick<Draft, 'rows' | 'pairs'>): readonly WriteStatement[] {
  const options = { returning: returnNothing, skipDuplicates: false };
  return [
    ...[...rows].map(([table, each]) => insertRows(table, each, options)),
    ...[...pairs].map(([relation, each]) => insertPairs(relation, each)),
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
