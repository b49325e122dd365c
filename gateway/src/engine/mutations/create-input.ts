import { issueTexts } from '../errors.ts';
import type { Draft } from './draft.ts';
import type { InputReader } from './input-reader.ts';
import { newValueOf } from './new-values.ts';
import { CellOf, DrawnNumber, NewRow, type NamedRow, type RowRef } from './row-ref.ts';
import type {
  WritableColumn,
  WritableField,
  WritableForeignKey,
  WritableRelation,
  WritableTable,
} from './writable-table.ts';

/** The foreign key of a nested row, which refers to the row that contains it. */
interface ImpliedKey {
  /** The owning side's field in the nested row's type: `board`. */
  readonly field: string;
  readonly parent: RowRef;
}

/**
 * Reads a `CreateInput` of any depth. Nested rows are added to the draft, and the row itself is returned. Keys are
 * generated in the order in which rows are read: a row gets its key before the rows nested in it and before later rows.
 *
 * In a new row, null for a key that is generated, or for a relation, is equivalent to leaving it out.
 */
export function readRow(
  draft: Draft,
  table: WritableTable,
  reader: InputReader,
  implied: ImpliedKey | null = null,
): NewRow {
  reader.countRow();
  const withRules = reader.input.presets?.fieldsWithRules(table.type) ?? [];
  const given = withRules.filter((name) => reader.given(name) !== undefined);
  const row = new NewRow(table, reader.location, given);
  for (const field of table.fields) {
    const preset = implied?.field === nameOf(field) ? null : presetOf(table, field, reader);
    if (preset !== null) row.cells.push(...preset);
    else if (field.kind === 'VALUE') row.cells.push(readCell(field.column, reader));
    else row.cells.push(...readForeignKey(draft, { table, key: field.key }, reader, implied));
  }
  for (const relation of table.relations) {
    const { name } = relation.field;
    if (relation.link.kind === 'OWNING_SIDE' || !reader.has(name)) continue;
    readNested(draft, relation, row, reader.object(name));
  }
  return row;
}

function nameOf(field: WritableField): string {
  return field.kind === 'VALUE' ? field.column.name : field.key.field.name;
}

function presetOf(
  { type }: WritableTable,
  field: WritableField,
  { input: { presets } }: InputReader,
): readonly unknown[] | null {
  return presets?.cells(type, field, 'CREATE') ?? null;
}

function readCell(column: WritableColumn, reader: InputReader): unknown {
  const { generate, inKey } = column;
  const isAbsent = inKey ? !reader.has(column.name) : !reader.gives(column);
  if (generate !== null && isAbsent) {
    return generate === 'SEQUENCE'
      ? new DrawnNumber(reader.input.request.nextNumber())
      : newValueOf(reader.input.newValues, generate);
  }
  const value = reader.value(column);
  if (value !== undefined) return value;
  if (column.required && column.default === null) {
    reader.reportMember(column.name, issueTexts.required);
  }
  return column.default;
}

/** A foreign key and its table. */
interface ForeignKey {
  readonly table: WritableTable;
  readonly key: WritableForeignKey;
}

/**
 * Reads either `boardId` or `board` with one of `connect` and `create`. If the foreign key is required, one of these must
 * be given.
 *
 * @returns a cell for each column of the foreign key
 */
function readForeignKey(
  draft: Draft,
  { table, key }: ForeignKey,
  reader: InputReader,
  implied: ImpliedKey | null,
): readonly unknown[] {
  const { name: relation } = key.field;
  const givenKey = key.columns.find(({ name }) => reader.has(name));
  const hasRelation = reader.has(relation);
  if (implied?.field === relation) {
    if (givenKey !== undefined || hasRelation) {
      reader.reportMember(
        givenKey?.name ?? relation,
        'A nested row belongs to the row that contains it. Omit this field.',
      );
    }
    return cellsOf(reader, key, implied.parent);
  }
  if (givenKey !== undefined && hasRelation) {
    reader.reportMember(relation, issueTexts.oneOf(relation, givenKey.name));
    return key.columns.map(() => null);
  }
  if (hasRelation) return readOwningSide(draft, { table, key }, reader.object(relation));
  if (givenKey !== undefined) return readWholeKey(key, reader) ?? key.columns.map(() => null);
  const names = key.columns.map(({ name }) => name).join(', ');
  if (key.required) {
    reader.reportMember(names.split(', ')[0] ?? '', `Either ${names} or ${relation} is required.`);
  }
  return key.columns.map(() => null);
}

/**
 * Reads the columns of a foreign key, of which all or none must be given. Returns null if none is given.
 *
 * @returns a cell for each column
 */
export function readWholeKey(
  { columns }: WritableForeignKey,
  reader: InputReader,
): readonly unknown[] | null {
  if (columns.every((column) => !reader.gives(column))) return null;
  const isNull = columns.every(({ name }) => !reader.has(name));
  for (const { name } of columns) {
    if (!isNull && !reader.has(name)) {
      const others = columns.map((each) => each.name).filter((each) => each !== name);
      reader.reportMember(name, `${name} must be given together with ${others.join(' and ')}.`);
    }
  }
  return columns.map((column) => reader.value(column) ?? null);
}

/** A cell for each column of a foreign key that refers to a row. */
function cellsOf(
  { location }: InputReader,
  { references }: WritableForeignKey,
  row: RowRef,
): readonly unknown[] {
  return references.map((column) => new CellOf(row, column, location));
}

/**
 * Reads the foreign key from `board: { connect }` or `board: { create }`.
 *
 * @returns a cell for each column, or nulls for invalid input
 */
export function readOwningSide(
  draft: Draft,
  { table, key }: ForeignKey,
  reader: InputReader,
): readonly unknown[] {
  const { target, relation } = key.field;
  const { input } = reader;
  const targetTable = input.tableOf(target);
  const invalid = key.columns.map(() => null);
  const choice = reader.connectOrCreate();
  if (choice === null) return invalid;
  if (choice.kind === 'create') {
    return cellsOf(choice.reader, key, readNestedRow(draft, targetTable, choice.reader));
  }
  const named = choice.reader.namedRow(targetTable, key.references);
  if (named === null) return invalid;
  refer(relation, named, key.references, choice.reader);
  // If the foreign key is required, the current partner cannot be disconnected, and the unique key rejects the row.
  if (key.isOneToOne && !key.required) input.releases.push({ table, key, target: named });
  return cellsOf(choice.reader, key, named);
}

/**
 * Records where the input identifies a row, so that a foreign key violation can be reported there. Rows that were
 * looked up always exist.
 */
function refer(
  relation: string,
  row: NamedRow,
  references: readonly string[],
  { input }: InputReader,
): void {
  if (!row.names(references)) return;
  const { columns } = row.unique;
  const printed = references
    .map((name) => {
      const index = columns.findIndex(({ column }) => column === name);
      return columns[index]?.codec.printed(row.values[index]) ?? '';
    })
    .join(', ');
  input.references.push({ relation, printed, location: row.location });
}

/** Reads a nested row and adds it to the draft, after the rows that are nested in it. */
function readNestedRow(
  draft: Draft,
  table: WritableTable,
  reader: InputReader,
  implied: ImpliedKey | null = null,
): NewRow {
  const row = readRow(draft, table, reader, implied);
  draft.addRow(row);
  return row;
}

/** Reads the input for one relation of a new row, which describes the rows on the other side. */
function readNested(
  draft: Draft,
  relation: WritableRelation,
  parent: RowRef,
  reader: InputReader,
): void {
  refuseKeyChange(relation, reader);
  if (relation.field.kind === 'TO_MANY') {
    for (const named of readConnects(relation, reader)) draft.link(relation, parent, named);
    for (const each of reader.objects('create')) readChild(draft, relation, parent, each);
    return;
  }
  const choice = reader.connectOrCreate();
  if (choice === null) return;
  if (choice.kind === 'create') {
    readChild(draft, relation, parent, choice.reader);
    return;
  }
  const table = reader.input.tableOf(relation.link.target);
  const named = choice.reader.namedRow(table, table.type.key.columns);
  if (named !== null) draft.link(relation, parent, named);
}

/** Reports rows that would be connected by a change of their key, which does not change. */
export function refuseKeyChange({ field, link }: WritableRelation, reader: InputReader): void {
  if (link.kind !== 'INVERSE_SIDE' || !link.inKey) return;
  for (const name of ['connect', 'disconnect', 'set']) {
    if (!reader.has(name)) continue;
    const message = `The key of ${link.target.name} contains this relation, so ${field.name} can only be created and deleted.`;
    reader.reportMember(name, message);
  }
}

/** Reads the rows that a list's `connect: [...]` or `set: [...]` identifies. */
export function readConnects(
  { field, link }: WritableRelation,
  reader: InputReader,
  list: 'connect' | 'set' = 'connect',
): readonly NamedRow[] {
  const table = reader.input.tableOf(link.target);
  const key = table.type.key.columns;
  return reader.objects(list).flatMap((each) => {
    const named = each.namedRow(table, key);
    if (named === null) return [];
    // Only a join table has a foreign key to the row. On the inverse side, the update detects a missing row.
    if (link.kind === 'MANY_TO_MANY') refer(field.relation, named, key, each);
    return [named];
  });
}

/** Reads a new row on the other side of a relation, and sets its foreign key or adds its pair for the join table. */
export function readChild(
  draft: Draft,
  relation: WritableRelation,
  parent: RowRef,
  reader: InputReader,
): void {
  const { link, owningField } = relation;
  const implied = owningField === null ? null : { field: owningField, parent };
  const row = readNestedRow(draft, reader.input.tableOf(link.target), reader, implied);
  if (link.kind === 'MANY_TO_MANY') draft.addPair(relation, { own: parent, other: row });
}
