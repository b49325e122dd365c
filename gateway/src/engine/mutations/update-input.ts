import { issueTexts } from '../errors.ts';
import { Draft } from './draft.ts';
import {
  readChild,
  readConnects,
  readOwningSide,
  readWholeKey,
  refuseKeyChange,
} from './create-input.ts';
import type { FieldInput, InputReader } from './input-reader.ts';
import { UpdatedRow, type RowKey, type RowRef } from './row-ref.ts';
import type {
  WritableColumn,
  WritableForeignKey,
  WritableRelation,
  WritableTable,
} from './writable-table.ts';

/** The changes that an `UpdateInput` describes. */
export interface UpdateDraft {
  readonly reader: InputReader;
  /** New values for columns of the updated row. */
  readonly assignments: readonly Assignment[];
  /** The fields of values that the input, not a preset, assigns. */
  readonly assignedFields: readonly string[];
  /** New rows that the updated row will refer to, with their nested rows. */
  readonly before: Draft;
  readonly detachments: readonly Detachment[];
  /** Rows to attach to the updated row. They refer to the updated row as `target`. */
  readonly after: Draft;
  readonly target: UpdatedRow;
  /**
   * New rows with a foreign key to the updated row. If several rows are updated, these rows are copied for each of
   * them.
   */
  readonly repeated: readonly RepeatedCreate[];
}

export interface Assignment {
  readonly column: WritableColumn;
  readonly value: unknown;
}

/** Rows to detach from the updated row. */
export interface Detachment {
  readonly relation: WritableRelation;
  readonly rows:
    | { readonly kind: 'ALL' }
    | { readonly kind: 'ONLY' | 'EXCEPT'; readonly others: readonly RowRef[] };
}

interface RepeatedCreate {
  readonly relation: WritableRelation;
  readonly reader: InputReader;
}

/** Reads an `UpdateInput`. Null is valid only as the value of a nullable column. */
export function readUpdate(table: WritableTable, reader: InputReader): UpdateDraft {
  const before = new Draft();
  const assignments: Assignment[] = [];
  const assignedFields: string[] = [];
  for (const field of table.fields) {
    const preset = reader.input.presets?.cells(table.type, field, 'UPDATE') ?? null;
    if (preset !== null) {
      const columns = field.kind === 'VALUE' ? [field.column] : field.key.columns;
      for (const [index, column] of columns.entries()) {
        assignments.push({ column, value: preset[index] });
      }
    } else if (field.kind === 'VALUE') {
      if (field.column.inKey) continue;
      const value = reader.value(field.column);
      if (value === undefined) continue;
      assignments.push({ column: field.column, value });
      assignedFields.push(field.column.name);
    } else if (!field.key.inKey) {
      const cells = readForeignKeyChange(before, { table, key: field.key }, reader);
      for (const [index, column] of field.key.columns.entries()) {
        if (cells !== null) assignments.push({ column, value: cells[index] });
      }
    }
  }
  return {
    reader,
    assignments,
    assignedFields,
    before,
    ...new RelationChanges(table).read(reader),
  };
}

/**
 * Reads `boardId`, or `board` with one of `connect`, `create` and `disconnect`.
 *
 * @returns a cell for each column of the foreign key. Null for no change
 */
function readForeignKeyChange(
  before: Draft,
  { table, key }: { readonly table: WritableTable; readonly key: WritableForeignKey },
  reader: InputReader,
): readonly unknown[] | null {
  const { name: relation } = key.field;
  if (reader.given(relation) === undefined) return readWholeKey(key, reader);
  const givenKey = key.columns.find((column) => reader.gives(column));
  if (givenKey !== undefined) {
    reader.reportMember(relation, issueTexts.oneOf(relation, givenKey.name));
    return null;
  }
  if (!reader.has(relation)) {
    reader.reportMember(relation, issueTexts.notNull);
    return null;
  }
  const nested = reader.object(relation);
  if (!disconnects(nested)) return readOwningSide(before, { table, key }, nested);
  if (!key.required) return key.columns.map(() => null);
  nested.report(issueTexts.required);
  return null;
}

/** Whether the input contains `disconnect: true`. Reports an issue if it is combined with `connect` or `create`. */
function disconnects(reader: InputReader): boolean {
  if (reader.given('disconnect') !== true) return false;
  if (reader.has('connect') || reader.has('create')) {
    reader.report('Specify exactly one of connect, create and disconnect.');
  }
  return true;
}

/** Collects the changes to the rows that are related to the updated row. */
class RelationChanges {
  readonly #detachments: Detachment[] = [];
  readonly #after = new Draft();
  readonly #table: WritableTable;
  readonly #target: UpdatedRow;
  readonly #repeated: RepeatedCreate[] = [];

  constructor(table: WritableTable) {
    this.#table = table;
    this.#target = new UpdatedRow(table);
  }

  read(reader: InputReader): Pick<UpdateDraft, 'detachments' | 'after' | 'target' | 'repeated'> {
    for (const relation of this.#table.relations) {
      const { name, kind } = relation.field;
      if (relation.link.kind === 'OWNING_SIDE' || reader.given(name) === undefined) continue;
      if (reader.has(name)) refuseKeyChange(relation, reader.object(name));
      if (!reader.has(name)) reader.reportMember(name, issueTexts.notNull);
      else if (kind === 'TO_MANY') this.#readList(relation, reader.object(name));
      else this.#readInverseSide(relation, reader.object(name));
    }
    return {
      detachments: this.#detachments,
      after: this.#after,
      target: this.#target,
      repeated: this.#repeated,
    };
  }

  #readInverseSide(relation: WritableRelation, reader: InputReader): void {
    const { link } = relation;
    const all: Detachment = { relation, rows: { kind: 'ALL' } };
    if (disconnects(reader)) {
      this.#detachments.push(all);
      return;
    }
    const choice = reader.connectOrCreate();
    if (choice === null) return;
    // If the foreign key is required, the current row cannot be detached, and the unique key rejects the new row.
    if (link.kind === 'INVERSE_SIDE' && !link.required) this.#detachments.push(all);
    if (choice.kind === 'create') {
      this.#create(relation, choice.reader);
      return;
    }
    const table = reader.input.tableOf(link.target);
    const named = choice.reader.namedRow(table, table.type.key.columns);
    if (named !== null) this.#after.link(relation, this.#target, named);
  }

  /** Reads the changes to a list. `set` is applied first, then `disconnect`, `connect` and `create`. */
  #readList(relation: WritableRelation, reader: InputReader): void {
    const detach = (kind: 'ONLY' | 'EXCEPT', others: readonly RowRef[]) =>
      this.#detachments.push({ relation, rows: { kind, others } });
    const kept = readConnects(relation, reader, 'set');
    if (reader.given('set') !== undefined) detach('EXCEPT', kept);
    const table = reader.input.tableOf(relation.link.target);
    const disconnected = reader
      .objects('disconnect')
      .flatMap((each) => each.namedRow(table, table.type.key.columns, { isOptional: true }) ?? []);
    if (disconnected.length > 0) detach('ONLY', disconnected);
    for (const named of [...kept, ...readConnects(relation, reader)]) {
      this.#after.link(relation, this.#target, named);
    }
    for (const each of reader.objects('create')) this.#create(relation, each);
  }

  #create(relation: WritableRelation, reader: InputReader): void {
    if (relation.link.kind !== 'MANY_TO_MANY') this.#repeated.push({ relation, reader });
    readChild(this.#after, relation, this.#target, reader);
  }
}

/**
 * Repeats `after` for each updated row except the first: copies the new rows that have a foreign key, and adds the same
 * pairs to join tables. Reading the input a second time cannot find new issues.
 */
export function repeatFor(
  { after, target, repeated, reader: { input: first, location } }: UpdateDraft,
  input: FieldInput,
  keys: readonly RowKey[],
): Draft {
  const draft = new Draft();
  for (const key of keys) {
    const parent = new UpdatedRow(target.table);
    parent.set(key);
    for (const { relation, reader } of repeated) {
      readChild(draft, relation, parent, reader.with(input));
    }
    for (const [relation, pairs] of after.pairs) {
      for (const { own, other } of pairs) {
        if (own !== target) continue;
        first.request.countRow(location);
        draft.addPair(relation, { own: parent, other });
      }
    }
  }
  return draft;
}
