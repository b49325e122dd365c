import { issueTexts } from '../errors.ts';
import { emptyDraft, PendingId, push, type Draft, type InputReading, type RowId } from './draft.ts';
import { asObject, given, type InputObject } from './input-object.ts';
import { at, type Place } from './place.ts';
import {
  createOnInverseSide,
  link,
  namedRows,
  readChoice,
  readConnects,
  readCreates,
  readOwningSide,
} from './read-create.ts';
import { readUnique } from './read-unique.ts';
import { readValue } from './read-value.ts';
import {
  tableShape,
  type TableShape,
  type WriteColumn,
  type WriteRelation,
} from './table-shape.ts';

/** What an `UpdateInput` says. */
export interface UpdateDraft {
  readonly shape: TableShape;
  readonly place: Place;
  readonly sets: readonly CellChange[];
  /** New rows that the changed row will point to, and theirs. */
  readonly before: Draft;
  readonly detachments: readonly Detachment[];
  /** What comes to stand under the changed row, which is `target` in it. */
  readonly after: Draft;
  readonly target: PendingId;
  /** New rows by key, which each further changed row gets for itself. */
  readonly repeated: readonly RepeatedCreate[];
}

export interface CellChange {
  readonly column: WriteColumn;
  readonly value: unknown;
}

/** Rows that stood under the changed one no longer do. */
export interface Detachment {
  readonly relation: WriteRelation;
  readonly rows:
    { readonly kind: 'ALL' } | { readonly kind: 'ONLY' | 'EXCEPT'; readonly ids: readonly RowId[] };
}

export interface RepeatedCreate {
  readonly relation: WriteRelation;
  readonly input: InputObject;
  readonly place: Place;
}

/** Reads an `UpdateInput`; in it, null says something only of a column that may be null. */
export function readUpdate(
  reading: InputReading,
  shape: TableShape,
  input: InputObject,
  place: Place,
): UpdateDraft {
  const draft = {
    shape,
    place,
    sets: [] as CellChange[],
    before: emptyDraft(),
    detachments: [] as Detachment[],
    after: emptyDraft(),
    target: new PendingId(null),
    repeated: [] as RepeatedCreate[],
  };
  for (const column of shape.columns.slice(1)) {
    const value =
      column.key === null
        ? readPlain(reading, column, input, place)
        : readKeyChange(reading, draft.before, column, input, place);
    if (value !== undefined) draft.sets.push({ column, value });
  }
  for (const relation of shape.relations) {
    if (relation.link.kind === 'OWNING_SIDE') continue;
    const nested = given(input, relation.field.name);
    if (nested === undefined) continue;
    const where = at(place, relation.field.name);
    if (nested === null) reading.report(where, issueTexts.notNull);
    else if (relation.field.kind === 'TO_MANY') {
      readListChange(reading, draft, relation, asObject(nested), where);
    } else readInverseSideChange(reading, draft, relation, asObject(nested), where);
  }
  return draft;
}

function readPlain(
  reading: InputReading,
  column: WriteColumn,
  input: InputObject,
  place: Place,
): unknown {
  const value = given(input, column.name);
  return value === undefined ? undefined : readValue(reading, column, value, place);
}

function readKeyChange(
  reading: InputReading,
  before: Draft,
  column: WriteColumn,
  input: InputObject,
  place: Place,
): unknown {
  const { name, key } = column;
  if (key === null) throw new Error('A key column belongs to a relation.');
  const id = given(input, name);
  const nested = given(input, key.name);
  if (nested === undefined) return readPlain(reading, column, input, place);
  const where = at(place, key.name);
  if (id !== undefined) reading.report(where, issueTexts.oneOf(key.name, name));
  else if (nested === null) reading.report(where, issueTexts.notNull);
  else {
    const object = asObject(nested);
    if (!disconnects(reading, object, where)) {
      return readOwningSide(reading, before, column, object, where) ?? undefined;
    }
    if (!column.required) return null;
    reading.report(where, issueTexts.required);
  }
  return undefined;
}

/** Does it say `disconnect: true`, and nothing beside it? */
function disconnects(reading: InputReading, input: InputObject, place: Place): boolean {
  if (given(input, 'disconnect') !== true) return false;
  const isAlone = (['connect', 'create'] as const).every(
    (kind) => (given(input, kind) ?? null) === null,
  );
  if (!isAlone) reading.report(place, 'Give one of connect, create and disconnect.');
  return true;
}

type MutableUpdate = UpdateDraft & {
  readonly detachments: Detachment[];
  readonly repeated: RepeatedCreate[];
};

function readInverseSideChange(
  reading: InputReading,
  draft: MutableUpdate,
  relation: WriteRelation,
  input: InputObject,
  place: Place,
): void {
  const all: Detachment = { relation, rows: { kind: 'ALL' } };
  if (disconnects(reading, input, place)) {
    draft.detachments.push(all);
    return;
  }
  const choice = readChoice(reading, input, place);
  if (choice === null) return;
  // A row that cannot do without its owner stays, and its unique key refuses the new one.
  if (relation.link.kind === 'INVERSE_SIDE' && !relation.link.required) draft.detachments.push(all);
  if (choice.kind === 'create') {
    const { input: data, place: where } = choice;
    draft.repeated.push({ relation, input: data, place: where });
    createOnInverseSide(reading, draft.after, relation, draft.target, data, where);
    return;
  }
  const shape = tableShape(reading.index, relation.link.target);
  const row = readUnique(reading, shape, choice.input, choice.place);
  if (row !== null) link(draft.after, relation, draft.target, row, choice.place);
}

/** `set` first, then `disconnect`, `connect` and `create`. */
function readListChange(
  reading: InputReading,
  draft: MutableUpdate,
  relation: WriteRelation,
  input: InputObject,
  place: Place,
): void {
  const detach = (kind: 'ONLY' | 'EXCEPT', ids: readonly RowId[]) =>
    draft.detachments.push({ relation, rows: { kind, ids } });
  const isSet = given(input, 'set') !== undefined;
  const kept = readConnects(reading, relation, input, place, 'set');
  if (isSet) {
    detach(
      'EXCEPT',
      kept.map(([row]) => row),
    );
  }
  const shape = tableShape(reading.index, relation.link.target);
  const left = namedRows(reading, input, 'disconnect', place).flatMap(
    ([where, each]) => readUnique(reading, shape, where, each, { optional: true }) ?? [],
  );
  if (left.length > 0) detach('ONLY', left);
  const connected = readConnects(reading, relation, input, place);
  for (const [row, where] of [...kept, ...connected]) {
    link(draft.after, relation, draft.target, row, where);
  }
  if (relation.link.kind === 'MANY_TO_MANY') {
    readCreates(reading, draft.after, relation, draft.target, input, place);
    return;
  }
  for (const [data, where] of namedRows(reading, input, 'create', place)) {
    draft.repeated.push({ relation, input: data, place: where });
    createOnInverseSide(reading, draft.after, relation, draft.target, data, where);
  }
}

/**
 * The same for further changed rows: rows by key are made anew for each, pairs of a join table repeated.
 * Nothing is reported that reading it the first time did not.
 */
export function repeatFor(
  reading: InputReading,
  { after, target, repeated, place }: UpdateDraft,
  owners: readonly string[],
): Draft {
  const draft = emptyDraft();
  for (const owner of owners) {
    for (const { relation, input, place } of repeated) {
      createOnInverseSide(reading, draft, relation, owner, input, place);
    }
    for (const [relation, pairs] of after.pairs) {
      for (const { own, other } of pairs) {
        if (own !== target) continue;
        reading.countRow(place);
        push(draft.pairs, relation, { own: owner, other });
      }
    }
  }
  return draft;
}
