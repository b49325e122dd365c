import { operationErrors, type ErrorPath } from '../../errors.ts';
import { columnText, type PgValue } from '../../sql/statement-runner.ts';
import type { Draft } from '../draft.ts';
import type { FieldInput } from '../input-reader.ts';
import { detachedOf, foreignKeyChanges, requireAttached } from '../relink.ts';
import {
  CellOf,
  keyText,
  knownCell,
  knownValues,
  NamedRow,
  NewRow,
  PresetCell,
  valuesOf,
  type RowKey,
  type RowRef,
} from '../row-ref.ts';
import { insertDraft } from '../statements/insert.ts';
import type { Assignment, Detachment } from '../update-input.ts';
import {
  writableTable,
  type WritableColumn,
  type WritableForeignKey,
  type WritableRelation,
  type WritableTable,
} from '../writable-table.ts';
import type { WriteSession } from '../write-session.ts';
import { explainLinks } from './explain-write.ts';
import {
  clearPermitted,
  deletePermittedPairs,
  findRefusedLinks,
  findRefusedPairs,
  lockedRows,
  lockPermitted,
  updateEachLocked,
} from './statements.ts';
import { updateRules, writeRules } from './write-rules.ts';

/** A reference from a foreign key to a row that exists. */
interface Link {
  readonly table: WritableTable;
  /** The columns that identify the row. */
  readonly columns: readonly WritableColumn[];
  readonly values: readonly PgValue[];
  readonly place: ErrorPath;
}

/**
 * Requires that rules permit to refer to every existing row to which a foreign key of new rows or of assignments refers.
 * A row that the same request creates, or that a preset names, needs no permission.
 * @throws OperationError `NOT_FOUND`, as if the row did not exist
 */
export async function requireLinks(
  session: WriteSession,
  rows: readonly NewRow[],
  assignments: readonly Assignment[],
): Promise<void> {
  const cells = (row: NewRow) => (column: WritableColumn) =>
    row.cells[row.table.position(column.column)];
  const assigned = new Map(assignments.map(({ column, value }) => [column.column, value]));
  const links = [
    ...rows.flatMap((row) => linksOf(session, row.table, cells(row), row.location.path)),
    ...linksOf(session, tableOf(session), ({ column }) => assigned.get(column), session.path),
  ];
  const groups = new Map<string, Link[]>();
  for (const link of links) {
    const key = [link.table.type.name, ...link.columns.map(({ column }) => column)].join(' ');
    groups.set(key, [...(groups.get(key) ?? []), link]);
  }
  for (const group of groups.values()) await requireGroup(session, group);
}

function tableOf({ api, field }: WriteSession): WritableTable {
  return writableTable(api.index, field.type);
}

async function requireGroup(session: WriteSession, links: readonly Link[]): Promise<void> {
  const [first] = links;
  if (first === undefined) return;
  const { table, columns } = first;
  const { linkable } = writeRules(session.api, table.type);
  const values = links.map((link) => link.values);
  await explainLinks(session, table, columns, values);
  const [refused] = await session.run(findRefusedLinks({ table, columns, linkable }, values));
  if (refused === undefined) return;
  const { path } = session;
  const place = links[Number(columnText(refused, 0))]?.place ?? path;
  throw operationErrors.notConnected(table.type.name, place, { path });
}

function linksOf(
  session: WriteSession,
  { fields }: WritableTable,
  cellOf: (column: WritableColumn) => unknown,
  path: ErrorPath,
): readonly Link[] {
  return fields.flatMap((field): readonly Link[] => {
    if (field.kind === 'VALUE') return [];
    const { key } = field;
    const cells = key.columns.map(cellOf);
    const [cell] = cells;
    if (cell === undefined || cell === null || cell instanceof PresetCell) return [];
    const target = writableTable(session.api.index, session.api.index.type(key.field.target));
    if (cell instanceof CellOf) return linkTo(cell.row, target, cell.location.path);
    const values = key.columns.map((column, index) => knownCell(column, cells[index]) ?? null);
    if (values.includes(null)) return [];
    const columns = referencedColumns(target, key);
    return [
      {
        table: target,
        columns,
        values,
        place: [...path, key.columns[0]?.name ?? ''],
      },
    ];
  });
}

/** A named row is found by the key in the input. Its other values must not decide which error is reported. */
function linkTo(row: RowRef, table: WritableTable, place: ErrorPath): readonly Link[] {
  if (row instanceof NewRow) return [];
  if (row instanceof NamedRow) {
    const { columns } = row.unique;
    const values = columns.map((column, index) => column.codec.toParameter(row.values[index]));
    return [{ table, columns, values, place }];
  }
  const names = table.key.map(({ column }) => column);
  return [{ table, columns: table.key, values: valuesOf(row, names), place }];
}

function referencedColumns(
  table: WritableTable,
  { references }: WritableForeignKey,
): readonly WritableColumn[] {
  return references.map((name) => {
    const column = table.columns[table.position(name)];
    if (column === undefined) throw new Error(`${table.type.name} has no column ${name}.`);
    return column;
  });
}

/**
 * Disconnects the current partners of rows that the input connects in one-to-one relations, if rules permit to update
 * them. The unique key of the foreign key rejects the new partner otherwise.
 */
export async function releaseHolders(
  session: WriteSession,
  { releases }: FieldInput,
): Promise<void> {
  for (const { table, key, target } of releases) {
    const values = knownValues(target, key.references);
    if (values === null) continue;
    const update = updateRules(session.api, table.type, []);
    const structure = { table, update, columns: key.columns, linked: key.linked };
    await session.run(clearPermitted(structure, [values], { kind: 'ALL', keys: [] }));
  }
}

/** Inserts pairs into join tables. @throws OperationError `NOT_FOUND` if rules do not permit a pair */
export async function insertPairs(session: WriteSession, { pairs }: Draft): Promise<void> {
  for (const [relation, each] of pairs) {
    const { link } = relation;
    const [first] = each;
    if (link.kind !== 'MANY_TO_MANY' || first === undefined) continue;
    const own = first.own.table;
    const other = writableTable(session.api.index, link.target);
    const columns = {
      own: link.toRow.map((column) => column.other),
      other: link.toTarget.map((column) => column.other),
    };
    const values = each.map((pair) => [
      ...valuesOf(pair.own, columns.own),
      ...valuesOf(pair.other, columns.other),
    ]);
    const structure = { link, own, other, pairable: pairableOf(session, own, other) };
    const [refused] = await session.run(findRefusedPairs(structure, values));
    if (refused !== undefined) {
      const pair = each[Number(columnText(refused, 0))];
      throw operationErrors.notConnected(other.type.name, placeOf(session, pair?.other), {
        path: session.path,
      });
    }
    const [statement] = insertDraft({ rows: new Map(), pairs: new Map([[relation, each]]) });
    if (statement !== undefined) await session.run(statement);
  }
}

function pairableOf({ api }: WriteSession, own: WritableTable, other: WritableTable) {
  return {
    own: writeRules(api, own.type).pairable,
    other: writeRules(api, other.type).pairable,
  };
}

function placeOf({ path }: WriteSession, row: RowRef | undefined): ErrorPath {
  return row instanceof NamedRow || row instanceof NewRow ? row.location.path : path;
}

/**
 * Sets the foreign keys of existing rows to new parents. This is an update of these rows, and it needs the permission to
 * refer to the parents.
 * @throws OperationError `NOT_FOUND` or `FORBIDDEN`
 */
export async function attachRows(session: WriteSession, { attachments }: Draft): Promise<void> {
  for (const [relation, each] of attachments) {
    const { link, owningField } = relation;
    if (link.kind !== 'INVERSE_SIDE' || owningField === null) continue;
    for (const { parent, row } of each) {
      const links = linkTo(parent, parent.table, row.location.path);
      await requireGroup(session, links);
    }
    const { table, changes } = foreignKeyChanges(session, relation, each);
    const keys = changes.map(({ key }) => key.map(String));
    const structure = { table, update: updateRules(session.api, table.type, []) };
    const rows = await session.run(
      lockPermitted({ ...structure, filter: { kind: 'KEYS', keys } }, keys.length),
    );
    requireAttached(session, table, { attachments: each, rows });
    const parents = new Map(
      changes.map(({ key, parent }) => [keyText(table.key, key), parent] as const),
    );
    const locked = lockedRows(structure, rows);
    const values = locked.map(({ key }) => parents.get(keyText(table.key, key)) ?? []);
    const columns = foreignKeyColumns(table, owningField);
    const [refused] = await session.run(
      updateEachLocked({ ...structure, columns }, locked, values),
    );
    if (columnText(refused, 0) !== '0') {
      throw operationErrors.forbidden('update', table.type.name, { path: session.path });
    }
  }
}

function foreignKeyColumns({ fields, type }: WritableTable, name: string) {
  const field = fields.find((each) => each.kind === 'FOREIGN_KEY' && each.key.field.name === name);
  if (field?.kind !== 'FOREIGN_KEY') throw new Error(`${type.name} has no foreign key ${name}.`);
  return field.key.columns;
}

/** Detaches rows from the updated rows, if the caller can see them and rules permit it. All others stay. */
export async function detachRows(
  session: WriteSession,
  detachment: Detachment,
  parentTable: WritableTable,
  parents: readonly RowKey[],
): Promise<void> {
  const which = detachedOf(session, detachment, parentTable, parents);
  if (which === null) return;
  const { table, owners, rows } = which;
  const { relation } = detachment;
  const { readable } = writeRules(session.api, table.type);
  if (relation.link.kind === 'MANY_TO_MANY') {
    const structure = {
      link: relation.link,
      own: parentTable,
      other: table,
      pairable: pairableOf(session, parentTable, table),
      readable,
      kind: rows.kind,
    };
    await session.run(deletePermittedPairs(structure, owners, rows.keys));
    return;
  }
  const update = updateRules(session.api, table.type, []);
  await clear(session, relation, { table, update }, { owners, rows });
}

async function clear(
  session: WriteSession,
  { owningField, link }: WritableRelation,
  structure: Pick<Parameters<typeof clearPermitted>[0], 'table' | 'update'>,
  { owners, rows }: Pick<NonNullable<ReturnType<typeof detachedOf>>, 'owners' | 'rows'>,
): Promise<void> {
  const { table } = structure;
  if (link.kind !== 'INVERSE_SIDE' || owningField === null) return;
  const columns = foreignKeyColumns(table, owningField);
  const [refused] = await session.run(
    clearPermitted({ ...structure, columns, linked: link.columns }, owners, rows),
  );
  if (columnText(refused, 0) === '0') return;
  throw operationErrors.forbidden('update', table.type.name, { path: session.path });
}
