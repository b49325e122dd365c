import { issueTexts } from '../errors.ts';
import { push, type Draft, type DraftRow, type InputReading, type RowId } from './draft.ts';
import { asObject, asObjects, given, type InputObject } from './input-object.ts';
import { at, type Place } from './place.ts';
import { readUnique } from './read-unique.ts';
import { readValue } from './read-value.ts';
import {
  tableShape,
  type TableShape,
  type WriteColumn,
  type WriteRelation,
} from './table-shape.ts';

/** The key that a nested row gets from the row around it. */
export interface ImpliedKey {
  /** Of the nested row's type: the relation's field, `board`. */
  readonly field: string;
  readonly owner: RowId;
}

/**
 * Reads a `CreateInput` of any depth into a draft: the row itself, and with it the rows that it nests. Each row
 * has its id at once, an outer one before those within and an earlier one before a later one.
 *
 * Explicit null for a relation of a new row says no more than leaving it out.
 */
function readCreate(
  reading: InputReading,
  draft: Draft,
  shape: TableShape,
  input: InputObject,
  place: Place,
  implied: ImpliedKey | null = null,
): DraftRow {
  const row = readRow(reading, draft, shape, input, place, implied);
  push(draft.rows, shape, row);
  return row;
}

/** The same for a row that is no part of the draft itself. */
export function readRow(
  reading: InputReading,
  draft: Draft,
  shape: TableShape,
  input: InputObject,
  place: Place,
  implied: ImpliedKey | null = null,
): DraftRow {
  reading.countRow(place);
  const id = readId(reading, shape, input, place);
  const cells: unknown[] = [id];
  const row = { id, cells };
  for (let index = 1; index < shape.columns.length; index += 1) {
    const column = shape.columns[index];
    if (column === undefined) continue;
    cells.push(
      column.key === null
        ? readCell(reading, column, input, place)
        : readKey(reading, draft, column, input, place, implied),
    );
  }
  for (const relation of shape.relations) {
    if (relation.link.kind === 'OWNING_SIDE') continue;
    const nested = given(input, relation.field.name);
    if (nested === undefined || nested === null) continue;
    readNested(reading, draft, relation, row, asObject(nested), at(place, relation.field.name));
  }
  return row;
}

function readId(
  reading: InputReading,
  { columns: [column] }: TableShape,
  input: InputObject,
  place: Place,
): string {
  const brought = column === undefined ? undefined : given(input, column.name);
  if (column === undefined || brought === undefined || brought === null) return reading.newId();
  return String(readValue(reading, column, brought, place));
}

function readCell(
  reading: InputReading,
  column: WriteColumn,
  input: InputObject,
  place: Place,
): unknown {
  const value = given(input, column.name);
  if (value !== undefined) return readValue(reading, column, value, place);
  if (column.required && column.default === null) {
    reading.report(at(place, column.name), issueTexts.required);
  }
  return column.default;
}

/** `boardId`, or `board` with one of `connect` and `create`; not both, and one of them where it is required. */
function readKey(
  reading: InputReading,
  draft: Draft,
  column: WriteColumn,
  input: InputObject,
  place: Place,
  implied: ImpliedKey | null,
): unknown {
  const { name, key } = column;
  if (key === null) throw new Error('A key column belongs to a relation.');
  const id = given(input, name) ?? null;
  const nested = given(input, key.name) ?? null;
  if (implied?.field === key.name) {
    if (id !== null || nested !== null) {
      const given = id === null ? key.name : name;
      reading.report(at(place, given), 'The row that this one is nested in is meant already.');
    }
    return implied.owner;
  }
  if (id !== null && nested !== null) {
    reading.report(at(place, key.name), issueTexts.oneOf(key.name, name));
    return null;
  }
  if (nested !== null) {
    return readOwningSide(reading, draft, column, asObject(nested), at(place, key.name));
  }
  if (id !== null) return readValue(reading, column, id, place);
  if (column.required) {
    reading.report(at(place, name), `One of ${name} and ${key.name} is required.`);
  }
  return null;
}

/** The key that `board: { connect }` or `board: { create }` comes to. */
export function readOwningSide(
  reading: InputReading,
  draft: Draft,
  { key }: WriteColumn,
  input: InputObject,
  place: Place,
): RowId | null {
  if (key === null) throw new Error('A key column belongs to a relation.');
  const shape = tableShape(reading.index, reading.index.type(key.target));
  const choice = readChoice(reading, input, place);
  if (choice === null) return null;
  if (choice.kind === 'create') {
    return readCreate(reading, draft, shape, choice.input, choice.place).id;
  }
  const found = readUnique(reading, shape, choice.input, choice.place);
  if (typeof found === 'string') refer(reading, key.relation, found, choice.place);
  return found;
}

interface Choice {
  readonly kind: 'connect' | 'create';
  readonly input: InputObject;
  readonly place: Place;
}

/** Of a to-one relation's input; null after it reported that not exactly one is given. */
export function readChoice(reading: InputReading, input: InputObject, place: Place): Choice | null {
  const choices = (['connect', 'create'] as const).flatMap((kind) => {
    const value = given(input, kind) ?? null;
    return value === null ? [] : [{ kind, input: asObject(value), place: at(place, kind) }];
  });
  const [only, ...more] = choices;
  if (only !== undefined && more.length === 0) return only;
  reading.report(place, 'Give one of connect and create.');
  return null;
}

function refer(reading: InputReading, relation: string, id: string, place: Place): void {
  reading.references.push({ relation, id, place });
}

function readNested(
  reading: InputReading,
  draft: Draft,
  relation: WriteRelation,
  owner: DraftRow,
  input: InputObject,
  place: Place,
): void {
  if (relation.field.kind === 'TO_MANY') {
    const connect = readConnects(reading, relation, input, place);
    for (const [row, where] of connect) link(draft, relation, owner.id, row, where);
    readCreates(reading, draft, relation, owner.id, input, place);
    return;
  }
  const choice = readChoice(reading, input, place);
  if (choice === null) return;
  if (choice.kind === 'create') {
    createOnInverseSide(reading, draft, relation, owner.id, choice.input, choice.place);
    return;
  }
  const shape = tableShape(reading.index, relation.link.target);
  const row = readUnique(reading, shape, choice.input, choice.place);
  if (row !== null) link(draft, relation, owner.id, row, choice.place);
}

/** The rows that `connect: [...]` or `set: [...]` of a list names. */
export function readConnects(
  reading: InputReading,
  relation: WriteRelation,
  input: InputObject,
  place: Place,
  kind: 'connect' | 'set' = 'connect',
): readonly (readonly [RowId, Place])[] {
  const shape = tableShape(reading.index, relation.link.target);
  return namedRows(reading, input, kind, place).flatMap(([where, at]) => {
    const row = readUnique(reading, shape, where, at);
    if (row === null) return [];
    // A list by key checks for itself whether the row is there; a join table leaves it to its foreign key.
    const isManyToMany = relation.link.kind === 'MANY_TO_MANY';
    if (isManyToMany && typeof row === 'string') refer(reading, relation.field.relation, row, at);
    return [[row, at] as const];
  });
}

/** The input objects of a list within a nested input, each with its place; null is reported. */
export function namedRows(
  reading: InputReading,
  input: InputObject,
  kind: string,
  place: Place,
): readonly (readonly [InputObject, Place])[] {
  const list = given(input, kind);
  if (list === undefined) return [];
  if (list === null) {
    reading.report(at(place, kind), issueTexts.notNull);
    return [];
  }
  return asObjects(list).map((each, index) => [each, at(at(place, kind), index)] as const);
}

/** New rows of a list, each linked to its owner. */
export function readCreates(
  reading: InputReading,
  draft: Draft,
  relation: WriteRelation,
  owner: RowId,
  input: InputObject,
  place: Place,
): void {
  for (const [each, where] of namedRows(reading, input, 'create', place)) {
    createOnInverseSide(reading, draft, relation, owner, each, where);
  }
}

/** A new row on the other side, which holds the key, or stands with its owner in a join table. */
export function createOnInverseSide(
  reading: InputReading,
  draft: Draft,
  relation: WriteRelation,
  owner: RowId,
  input: InputObject,
  place: Place,
): void {
  const shape = tableShape(reading.index, relation.link.target);
  const implied = relation.owningField === null ? null : { field: relation.owningField, owner };
  const row = readCreate(reading, draft, shape, input, place, implied);
  if (relation.link.kind === 'MANY_TO_MANY') link(draft, relation, owner, row.id, place);
}

/** Rows that are there, or will be, come to stand under their owner. */
export function link(
  draft: Draft,
  relation: WriteRelation,
  owner: RowId,
  row: RowId,
  place: Place,
): void {
  switch (relation.link.kind) {
    case 'MANY_TO_MANY':
      push(draft.pairs, relation, { own: owner, other: row });
      return;
    case 'INVERSE_SIDE':
      push(draft.attachments, relation, { row, owner, place });
      return;
    case 'OWNING_SIDE':
      throw new Error('The side that holds the key is written with its row.');
  }
}
