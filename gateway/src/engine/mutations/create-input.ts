import { issueTexts } from '../errors.ts';
import type { Draft, DraftRow, NamedRow, RowId } from './draft.ts';
import type { InputReader } from './input-reader.ts';
import type { WritableColumn, WritableRelation, WritableTable } from './writable-table.ts';

/** The foreign key of a nested row, which refers to the row that contains it. */
interface ImpliedKey {
  /** The owning side's field in the nested row's type: `board`. */
  readonly field: string;
  readonly parent: RowId;
}

/**
 * Reads a `CreateInput` of any depth. Nested rows are added to the draft, and the row itself is returned. Ids are
 * assigned in the order in which rows are read: a row gets its id before the rows nested in it and before later rows.
 *
 * In a new row, null for a relation is equivalent to leaving it out.
 */
export function readRow(
  draft: Draft,
  table: WritableTable,
  reader: InputReader,
  implied: ImpliedKey | null = null,
): DraftRow {
  reader.countRow();
  const id = readId(table.id, reader) ?? reader.input.newId();
  const cells: unknown[] = [id];
  for (const column of table.otherColumns) {
    cells.push(
      column.owningSide === null
        ? readCell(column, reader)
        : readForeignKey(draft, { table, column }, reader, implied),
    );
  }
  for (const relation of table.relations) {
    const { name } = relation.field;
    if (relation.link.kind === 'OWNING_SIDE' || !reader.has(name)) continue;
    readNested(draft, relation, id, reader.object(name));
  }
  return { id, cells, location: reader.location };
}

/** Reads a new row's id. Returns null if no id is given, or if the value is invalid and has been reported. */
function readId(column: WritableColumn, reader: InputReader): string | null {
  // The value of an id is always a string.
  return (reader.value(column) ?? null) as string | null;
}

function readCell(column: WritableColumn, reader: InputReader): unknown {
  const value = reader.value(column);
  if (value !== undefined) return value;
  if (column.required && column.default === null) {
    reader.reportMember(column.name, issueTexts.required);
  }
  return column.default;
}

/**
 * Reads either `boardId` or `board` with one of `connect` and `create`. If the column is required, one of these must be
 * given.
 */
function readForeignKey(
  draft: Draft,
  { table, column }: ForeignKey,
  reader: InputReader,
  implied: ImpliedKey | null,
): unknown {
  const { name } = column;
  const { name: relation } = owningSideOf(column);
  const [hasKey, hasRelation] = [reader.has(name), reader.has(relation)];
  if (implied?.field === relation) {
    if (hasKey || hasRelation) {
      const given = hasKey ? name : relation;
      reader.reportMember(
        given,
        'A nested row belongs to the row that contains it. Omit this field.',
      );
    }
    return implied.parent;
  }
  if (hasKey && hasRelation) {
    reader.reportMember(relation, issueTexts.oneOf(relation, name));
    return null;
  }
  if (hasRelation) return readOwningSide(draft, { table, column }, reader.object(relation));
  if (hasKey) return reader.value(column);
  if (column.required) reader.reportMember(name, `Either ${name} or ${relation} is required.`);
  return null;
}

/** A foreign key column and its table. */
interface ForeignKey {
  readonly table: WritableTable;
  readonly column: WritableColumn;
}

/** Reads the foreign key from `board: { connect }` or `board: { create }`. Returns null for invalid input. */
export function readOwningSide(
  draft: Draft,
  { table, column }: ForeignKey,
  reader: InputReader,
): RowId | null {
  const { target, relation } = owningSideOf(column);
  const { input } = reader;
  const targetTable = input.tableOf(target);
  const choice = reader.connectOrCreate();
  if (choice === null) return null;
  if (choice.kind === 'create') return readNestedRow(draft, targetTable, choice.reader).id;
  const named = choice.reader.namedRow(targetTable);
  if (named === null) return null;
  refer(relation, named, choice.reader);
  // If the foreign key is required, the current partner cannot be disconnected, and the unique key rejects the row.
  if (column.isOneToOne && !column.required) {
    input.releases.push({ table, column, target: named.row });
  }
  return named.row;
}

function owningSideOf({ owningSide }: WritableColumn) {
  if (owningSide === null) throw new Error('The column is not a foreign key.');
  return owningSide;
}

/**
 * Records where the input identifies a row, so that a foreign key violation can be reported there. Rows that were
 * looked up always exist.
 */
function refer(relation: string, { row, location }: NamedRow, { input }: InputReader): void {
  if (typeof row === 'string') input.references.push({ relation, id: row, location });
}

/** Reads a nested row and adds it to the draft, after the rows that are nested in it. */
function readNestedRow(
  draft: Draft,
  table: WritableTable,
  reader: InputReader,
  implied: ImpliedKey | null = null,
): DraftRow {
  const row = readRow(draft, table, reader, implied);
  draft.addRow(table, row);
  return row;
}

/** Reads the input for one relation of a new row, which describes the rows on the other side. */
function readNested(
  draft: Draft,
  relation: WritableRelation,
  parent: RowId,
  reader: InputReader,
): void {
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
  const named = choice.reader.namedRow(reader.input.tableOf(relation.link.target));
  if (named !== null) draft.link(relation, parent, named);
}

/** Reads the rows that a list's `connect: [...]` or `set: [...]` identifies. */
export function readConnects(
  { field, link }: WritableRelation,
  reader: InputReader,
  list: 'connect' | 'set' = 'connect',
): readonly NamedRow[] {
  const table = reader.input.tableOf(link.target);
  return reader.objects(list).flatMap((each) => {
    const named = each.namedRow(table);
    if (named === null) return [];
    // Only a join table has a foreign key to the row. On the inverse side, the update detects a missing row.
    if (link.kind === 'MANY_TO_MANY') refer(field.relation, named, each);
    return [named];
  });
}

/** Reads a new row on the other side of a relation, and sets its foreign key or adds its pair for the join table. */
export function readChild(
  draft: Draft,
  relation: WritableRelation,
  parent: RowId,
  reader: InputReader,
): void {
  const { link, owningField } = relation;
  const implied = owningField === null ? null : { field: owningField, parent };
  const { id } = readNestedRow(draft, reader.input.tableOf(link.target), reader, implied);
  if (link.kind === 'MANY_TO_MANY') draft.addPair(relation, { own: parent, other: id });
}
