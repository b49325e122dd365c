import { jsonText } from '../../../graphql/exact-number.ts';
import { assertNever } from '../../../platform/assert-never.ts';
import { columnsOfType, type LinkedColumns, type ModelColumn } from '../../api/model-index.ts';
import { columnTypeOf, typeName } from '../../migrations/tables/column-type.ts';
import { allOf, anyOf } from '../../queries/source.ts';
import { columnText, type PgValue, type Rows } from '../../sql/statement-runner.ts';
import { commaList, ident, join, projectTable, sql, type Sql } from '../../sql/sql.ts';
import type { NewRow, RowKey } from '../row-ref.ts';
import { detached, keyColumn, type DetachedRows, type RowValues } from '../statements/attach.ts';
import {
  condition,
  whereOf,
  whereValues,
  type RowFilter,
  type Where,
} from '../statements/change.ts';
import { rowObject, type JoinTableLink, type Returning } from '../statements/insert.ts';
import { asTexts, columnLists, isAnyOf } from '../statements/rows.ts';
import { defineStatement, type NextSlot, type WriteStatement } from '../statements/statement.ts';
import type { WritableColumn, WritableTable } from '../writable-table.ts';
import { keyOf } from '../written-rows.ts';
import type { FieldRule, UpdateAlternative, UpdateRules } from './write-rules.ts';

// The statements of writes to which rules apply. A condition of a rule is about the alias `t`. For new values, `t` is a
// subquery with these values, which is evaluated before they are written: relations are as they were before.

interface InsertStructure {
  readonly table: WritableTable;
  readonly creatable: Sql;
  readonly creatableFields: readonly FieldRule[];
  readonly skipDuplicates: boolean;
}

/** Names with spaces cannot be names of columns. */
const rowNumber = ident('row number');
const numbered = (what: string, index: number) => ident(`${what} ${index}`);

/**
 * Inserts rows if rules permit all of them:
 *
 *     WITH t AS MATERIALIZED (SELECT … FROM json_to_recordset($1) AS v (…)),
 *       refused AS MATERIALIZED (SELECT min(t."row number") AS n FROM t WHERE (…) IS NOT TRUE),
 *       inserted AS (INSERT … SELECT … FROM t WHERE (SELECT n FROM refused) IS NULL RETURNING …)
 *     SELECT refused.n, inserted.* FROM refused LEFT JOIN inserted ON TRUE
 *
 * The first column is the index of the first row that is not permitted, or null. The others are the texts of
 * `WritableTable.identity`, which are null if no row was inserted.
 */
export function insertPermitted(
  structure: InsertStructure,
  rows: readonly NewRow[],
): WriteStatement {
  return insert(structure, [jsonOfRows(structure, rows)]);
}

type GivenRows = Pick<InsertStructure, 'table' | 'creatableFields'>;

/** The value of `json` for `rowsOfJson`. */
export function jsonOfRows({ table, creatableFields }: GivenRows, rows: readonly NewRow[]): string {
  const objects = rows.map((row, index) => ({
    ['row number']: index,
    ...Object.fromEntries(
      creatableFields.map(({ field }, at) => [`given ${at}`, row.given.includes(field)]),
    ),
    ...rowObject(table.columns, row),
  }));
  return jsonText(objects);
}

/** A SELECT of new rows with all columns of the table. */
export function rowsOfJson({ table, creatableFields }: GivenRows, json: Sql): Sql {
  const times = columnsOfType(table.type).filter(({ column }) => table.position(column) < 0);
  const selected = [sql`v.*`, ...times.map((time) => sql`${now(time)} AS ${ident(time.column)}`)];
  const flags = creatableFields.map((_, index) => sql`${numbered('given', index)} boolean`);
  return sql`SELECT ${commaList(selected)} FROM json_to_recordset(${json}::json) AS v (${commaList([sql`${rowNumber} integer`, ...flags, table.columnDefinitions])})`;
}

const insert = defineStatement((structure: InsertStructure, slot) => {
  const { table, creatable, creatableFields, skipDuplicates } = structure;
  const given = rowsOfJson(structure, slot());
  const fields = creatableFields.map(
    ({ condition }, index) => sql`(${condition} OR NOT t.${numbered('given', index)})`,
  );
  const permitted = [creatable, ...fields];
  const cells = commaList(table.columns.map(({ ident: name }) => sql`t.${name}`));
  const skip = skipDuplicates ? sql` ON CONFLICT DO NOTHING` : sql``;
  const key = table.identity.map(
    ({ ident: name }, index) => sql`i.${name}::text AS ${numbered('key', index)}`,
  );
  const inserted = sql`INSERT INTO ${table.sqlName} AS i (${table.columnList}) SELECT ${cells} FROM t WHERE (SELECT n FROM refused) IS NULL ORDER BY t.${rowNumber}${skip} RETURNING ${commaList(key)}`;
  return sql`WITH t AS MATERIALIZED (${given}), refused AS MATERIALIZED (SELECT min(t.${rowNumber}) AS n FROM t WHERE (${allOf(permitted)}) IS NOT TRUE), inserted AS (${inserted}) SELECT refused.n::text, inserted.* FROM refused LEFT JOIN inserted ON TRUE`;
});

function now({ type }: ModelColumn): Sql {
  return sql`now()::${typeName({ type: columnTypeOf(type), list: false })}`;
}

interface LockStructure {
  readonly table: WritableTable;
  readonly where: Where;
  readonly update: UpdateRules;
}

/**
 * Locks up to `atMost + 1` matching rows that rules permit to update. It returns the texts of `WritableTable.identity`
 * and, for each alternative of the rules, whether it holds: `true` or `false`.
 */
export function lockPermitted(
  { table, filter, update }: Omit<LockStructure, 'where'> & { readonly filter: RowFilter },
  atMost: number,
): WriteStatement {
  const values = [...whereValues(table, filter), atMost];
  return lock({ table, where: whereOf(filter), update }, values);
}

const lock = defineStatement((structure: LockStructure, slot) => {
  const { table, update } = structure;
  const holds = alternativesOf(update).map(({ where }) => sql`((${where}) IS TRUE)::text`);
  const list = commaList([asTexts(table.identity), ...holds]);
  return sql`SELECT ${list} FROM ${table.sqlName} AS t WHERE ${condition(structure, slot)} AND (${update.permitted}) LIMIT ${slot()}::int + 1 FOR NO KEY UPDATE OF t`;
});

function alternativesOf({ alternatives }: UpdateRules): readonly UpdateAlternative[] {
  return alternatives.flat();
}

/** The rows that `lockPermitted` returned. */
export function lockedRows(
  { table, update }: Pick<LockStructure, 'table' | 'update'>,
  rows: Rows,
): readonly LockedRow[] {
  const width = table.identity.length;
  return rows.map((row) => ({
    key: keyOf(table, row),
    holds: alternativesOf(update).map((_, index) => columnText(row, width + index)),
  }));
}

/** A row that `lockPermitted` returned. */
export interface LockedRow {
  readonly key: RowKey;
  readonly holds: readonly string[];
}

interface UpdateStructure {
  readonly table: WritableTable;
  readonly update: UpdateRules;
  /** The columns to set. */
  readonly columns: readonly WritableColumn[];
}

interface ChangeStructure extends UpdateStructure {
  /**
   * `LOCKED`: locked rows, which get the same values. `LOCKED_EACH`: locked rows, each with values of its own. Otherwise
   * rows that refer to certain parents by the columns in `linked`, which become null.
   */
  readonly source: 'LOCKED' | 'LOCKED_EACH' | DetachedRows['kind'];
  readonly linked: readonly LinkedColumns[];
}

/**
 * Updates locked rows if rules permit the new values of all of them:
 *
 *     WITH o AS MATERIALIZED (SELECT * FROM unnest($1, $2) AS o ("key 0", "allow 0")),
 *       t AS MATERIALIZED (SELECT o.*, r."id", $3 AS "title" FROM … AS r JOIN o ON r."id" = o."key 0"),
 *       refused AS MATERIALIZED (SELECT count(*) AS n FROM t WHERE (t."allow 0" AND …) IS NOT TRUE),
 *       changed AS (UPDATE … AS u SET "title" = t."title" FROM t WHERE u."id" = t."id" AND (SELECT n FROM refused) = 0)
 *     SELECT refused.n FROM refused
 *
 * It returns the number of rows that are not permitted. If it is not zero, nothing was updated.
 *
 * @param values one for each column
 */
export function updateLocked(
  structure: UpdateStructure,
  rows: readonly LockedRow[],
  values: readonly PgValue[],
): WriteStatement {
  const all = [...lockedLists(structure, rows), ...values];
  return change({ ...structure, source: 'LOCKED', linked: [] }, all);
}

/** Like `updateLocked`, with a list of values for each row. */
export function updateEachLocked(
  structure: UpdateStructure,
  rows: readonly LockedRow[],
  values: RowValues,
): WriteStatement {
  const lists = columnLists(values, structure.columns.length);
  const all = [...lockedLists(structure, rows), ...lists];
  return change({ ...structure, source: 'LOCKED_EACH', linked: [] }, all);
}

function lockedLists(
  { table, update }: UpdateStructure,
  rows: readonly LockedRow[],
): readonly PgValue[] {
  const keys = rows.map(({ key }) => key);
  const holds = rows.map((row) => row.holds);
  return [
    ...columnLists(keys, table.key.length),
    ...columnLists(holds, alternativesOf(update).length),
  ];
}

/**
 * Sets a foreign key to null in the rows that refer to one of the parents and that rules permit to update. All others
 * keep it. It returns the number of rows whose new values are not permitted.
 */
export function clearPermitted(
  { linked, ...structure }: Omit<ChangeStructure, 'source'>,
  parents: RowValues,
  { kind, keys }: DetachedRows,
): WriteStatement {
  const all = [
    ...columnLists(parents, linked.length),
    ...(kind === 'ALL' ? [] : columnLists(keys, structure.table.key.length)),
  ];
  return change({ ...structure, source: kind, linked }, all);
}

const change = defineStatement((structure: ChangeStructure, slot) => {
  const { table, update, columns, source } = structure;
  const rows = changedRows(structure, slot);
  const valueOf = (column: WritableColumn, index: number): Sql => {
    switch (source) {
      case 'LOCKED':
        return sql`${slot()}::${column.sqlType}`;
      case 'LOCKED_EACH':
        return sql`o.${numbered('set', index)}`;
      case 'ALL':
      case 'ONLY':
      case 'EXCEPT':
        return sql`NULL::${column.sqlType}`;
      default:
        return assertNever(source);
    }
  };
  const values = new Map(
    columns.map((column, index) => [column.column, valueOf(column, index)] as const),
  );
  const newValues = columnsOfType(table.type).map((column) => {
    const name = ident(column.column);
    const value =
      values.get(column.column) ?? (isUpdateTime(column) ? now(column) : sql`r.${name}`);
    return sql`${value} AS ${name}`;
  });
  const isRow = table.key.map(
    ({ ident: name }, index) => sql`r.${name} = o.${numbered('key', index)}`,
  );
  const next = sql`SELECT ${commaList([...held(update), ...newValues])} FROM ${table.sqlName} AS r JOIN o ON ${join(isRow, sql` AND `)}`;
  const refused = sql`SELECT count(*) AS n FROM t WHERE (${isPermitted(update)}) IS NOT TRUE`;
  return sql`WITH o AS MATERIALIZED (${rows}), t AS MATERIALIZED (${next}), refused AS MATERIALIZED (${refused})${changed(structure)} SELECT refused.n::text FROM refused`;
});

/** The keys of the rows, and for each alternative of the rules whether it held before. */
function changedRows(structure: ChangeStructure, slot: NextSlot): Sql {
  const { table, update, columns, source, linked } = structure;
  if (source !== 'LOCKED' && source !== 'LOCKED_EACH') {
    const key = table.key.map(
      ({ ident: name }, index) => sql`t.${name} AS ${numbered('key', index)}`,
    );
    const holds = alternativesOf(update).map(
      ({ where }, index) => sql`((${where}) IS TRUE) AS ${numbered('allow', index)}`,
    );
    const which = detached(source, linked.map(keyColumn), table.key, slot);
    return sql`SELECT ${commaList([...key, ...holds])} FROM ${table.sqlName} AS t WHERE ${which} AND (${update.permitted}) FOR NO KEY UPDATE OF t`;
  }
  const given = [
    ...table.key.map(({ sqlType }, index) => ({ name: numbered('key', index), sqlType })),
    ...alternativesOf(update).map((_, index) => ({
      name: numbered('allow', index),
      sqlType: sql`boolean`,
    })),
    ...(source === 'LOCKED_EACH' ? columns : []).map(({ sqlType }, index) => ({
      name: numbered('set', index),
      sqlType,
    })),
  ];
  const lists = given.map(({ sqlType }) => sql`${slot()}::${sqlType}[]`);
  return sql`SELECT * FROM unnest(${commaList(lists)}) AS o (${commaList(given.map(({ name }) => name))})`;
}

function held(update: UpdateRules): readonly Sql[] {
  return alternativesOf(update).map((_, index) => sql`o.${numbered('allow', index)}`);
}

function isPermitted({ alternatives, required }: UpdateRules): Sql {
  let count = 0;
  const lists = alternatives.map((list) =>
    anyOf(
      list.map(({ check }) => {
        const held = sql`t.${numbered('allow', count)}`;
        count += 1;
        return [held, sql`(${check})`];
      }),
    ),
  );
  return allOf([...lists, sql`(${required})`]);
}

/** The UPDATE. Empty if no column is set: the statement then only checks the rules. */
function changed({ table, columns }: ChangeStructure): Sql {
  const set = [...columns.map(({ ident: name }) => sql`${name} = t.${name}`), ...table.updatedAt];
  if (set.length === 0) return sql``;
  const isRow = table.key.map(({ ident: name }) => sql`u.${name} = t.${name}`);
  return sql`, changed AS (UPDATE ${table.sqlName} AS u SET ${commaList(set)} FROM t WHERE ${join(isRow, sql` AND `)} AND (SELECT n FROM refused) = 0)`;
}

function isUpdateTime({ field }: ModelColumn): boolean {
  return field.kind === 'VALUE' && field.role === 'UPDATED_AT';
}

interface ReadStructure {
  readonly table: WritableTable;
  readonly readable: Sql;
  readonly returning: Returning;
}

/** Like `readRows`, but returns only the rows that rules permit to read. */
export function readPermitted(structure: ReadStructure, keys: readonly RowKey[]): WriteStatement {
  return read(structure, columnLists(keys, structure.table.key.length));
}

const read = defineStatement(({ table, readable, returning }: ReadStructure, slot) => {
  const answer = returning.list === null ? sql`` : sql`, ${returning.list()}`;
  return sql`SELECT ${asTexts(table.identity)}${answer} FROM ${table.sqlName} AS t WHERE ${isAnyOf(table.key, slot)} AND (${readable})`;
});

interface LinkStructure {
  readonly table: WritableTable;
  /** The columns that a foreign key references. */
  readonly columns: readonly WritableColumn[];
  readonly linkable: Sql;
}

/** Returns the indexes of the rows that do not exist, or that rules do not permit to refer to. */
export function findRefusedLinks(structure: LinkStructure, rows: RowValues): WriteStatement {
  return refusedLinks(structure, columnLists(rows, structure.columns.length));
}

const refusedLinks = defineStatement((structure: LinkStructure, slot) => {
  const { table, columns, linkable } = structure;
  const lists = columns.map(({ sqlType }) => sql`${slot()}::${sqlType}[]`);
  const names = columns.map((_, index) => numbered('key', index));
  const isRow = columns.map(
    ({ ident: name }, index) => sql`t.${name} = v.${numbered('key', index)}`,
  );
  return sql`SELECT (v.n - 1)::text FROM unnest(${commaList(lists)}) WITH ORDINALITY AS v (${commaList([...names, sql`n`])}) WHERE NOT EXISTS (SELECT FROM ${table.sqlName} AS t WHERE ${join(isRow, sql` AND `)} AND (${linkable})) ORDER BY v.n`;
});

interface PairStructure {
  readonly link: JoinTableLink;
  readonly own: WritableTable;
  readonly other: WritableTable;
  readonly pairable: { readonly own: Sql; readonly other: Sql };
}

/** Returns the indexes of the pairs that rules do not permit. */
export function findRefusedPairs(structure: PairStructure, pairs: RowValues): WriteStatement {
  const { toRow, toTarget } = structure.link;
  return refusedPairs(structure, columnLists(pairs, toRow.length + toTarget.length));
}

const refusedPairs = defineStatement(({ link, own, other, pairable }: PairStructure, slot) => {
  const columns = [...link.toRow, ...link.toTarget].map(keyColumn);
  const lists = columns.map(({ sqlType }) => sql`${slot()}::${sqlType}[]`);
  const names = columns.map((_, index) => numbered('key', index));
  const row = (
    table: WritableTable,
    linked: readonly LinkedColumns[],
    first: number,
    rule: Sql,
  ) => {
    const isRow = linked.map(
      (column, index) => sql`t.${ident(column.other)} = v.${numbered('key', first + index)}`,
    );
    return sql`EXISTS (SELECT FROM ${table.sqlName} AS t WHERE ${join(isRow, sql` AND `)} AND (${rule}))`;
  };
  const both = sql`${row(own, link.toRow, 0, pairable.own)} AND ${row(other, link.toTarget, link.toRow.length, pairable.other)}`;
  return sql`SELECT (v.n - 1)::text FROM unnest(${commaList(lists)}) WITH ORDINALITY AS v (${commaList([...names, sql`n`])}) WHERE NOT (${both}) ORDER BY v.n`;
});

interface UnpairStructure extends PairStructure {
  readonly kind: DetachedRows['kind'];
  /** Whether the caller can see the other row. */
  readonly readable: Sql;
}

/** Deletes the pairs that rules permit to delete. All others stay. */
export function deletePermittedPairs(
  structure: UnpairStructure,
  parents: RowValues,
  keys: RowValues,
): WriteStatement {
  const { kind, link, other } = structure;
  return unpair(structure, [
    ...columnLists(parents, link.toRow.length),
    ...(kind === 'ALL' ? [] : columnLists(keys, other.key.length)),
  ]);
}

const unpair = defineStatement((structure: UnpairStructure, slot) => {
  const { link, own, other, pairable, readable, kind } = structure;
  const inTable = ({ own: name, type }: LinkedColumns) => keyColumn({ own: '', other: name, type });
  const which = detached(kind, link.toRow.map(inTable), link.toTarget.map(inTable), slot);
  const row = (table: WritableTable, linked: readonly LinkedColumns[], rule: Sql) => {
    const isRow = linked.map((each) => sql`t.${ident(each.other)} = j.${ident(each.own)}`);
    return sql`EXISTS (SELECT FROM ${table.sqlName} AS t WHERE ${join(isRow, sql` AND `)} AND (${rule}))`;
  };
  const pair = sql`${row(own, link.toRow, pairable.own)} AND ${row(other, link.toTarget, sql`(${readable}) AND (${pairable.other})`)}`;
  // `detached` is about the alias t.
  const pairs = sql`SELECT t.ctid FROM ${projectTable(link.table)} AS t WHERE ${which}`;
  return sql`DELETE FROM ${projectTable(link.table)} AS j WHERE j.ctid = ANY (ARRAY(${pairs})) AND ${pair}`;
});
