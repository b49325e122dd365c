import type { WriteOperation } from '../../src/engine/api/bindings.ts';
import type { ModelType } from '../../src/engine/sdl/model.ts';
import { deleteRows } from './delete.ts';
import { matches } from './filter.ts';
import { asInput, asInputs, type Input } from './input.ts';
import { NestedWriter } from './nested-writer.ts';
import { idOf, type Row, type Store } from './store.ts';
import { Undecided } from './undecided.ts';
import { findByKey } from './unique.ts';
import { withKey } from './upsert-key.ts';

/** Thrown if a mutation fails, which causes the whole request to fail. */
export class WriteFailure extends Error {
  override readonly name = 'WriteFailure';
  /** Several codes if there are several errors. The order in which the API reports errors is not defined. */
  readonly codes: readonly string[];

  constructor(codes: readonly string[]) {
    super(codes.join());
    this.codes = codes;
  }
}

/** A mutation's result: rows, and the data that their relations are read from. */
export interface Written {
  readonly store: Store;
  readonly rows: readonly Row[];
}

/**
 * Applies a mutation to the store.
 * @throws WriteFailure, after which the store is in an undefined state
 */
export function write(
  store: Store,
  type: ModelType,
  operation: WriteOperation,
  args: Input,
): Written {
  const writer = new NestedWriter(store);
  const target = () => findByKey(store, type, asInput(args['where']));
  switch (operation) {
    case 'CREATE_ONE':
      return finish(writer, type, [writer.create(type, asInput(args['data']))]);
    case 'CREATE_MANY': {
      const inputs = asInputs(args['data']);
      if (args['skipDuplicates'] === true) return createMissing(writer, type, inputs);
      return finish(
        writer,
        type,
        inputs.map((input) => writer.create(type, input)),
      );
    }
    case 'UPDATE_ONE': {
      const row = target();
      const data = asInput(args['data']);
      if (row === null) throw new WriteFailure(['NOT_FOUND', ...failuresOf(type, data)]);
      writer.update(type, [row], data);
      return finish(writer, type, [idOf(type, row)]);
    }
    case 'UPDATE_MANY': {
      const data = asInput(args['data']);
      const rows = matching(store, type, args, failuresOf(type, data));
      // The API might still check whether the rows to connect exist.
      if (rows.length === 0 && failuresOf(type, data).length > 0) throw new Undecided();
      writer.update(type, rows, data);
      return finish(
        writer,
        type,
        rows.map((row) => idOf(type, row)),
      );
    }
    case 'UPSERT_ONE':
      return upsert(writer, type, target(), args);
    case 'DELETE_ONE': {
      const row = target();
      if (row === null) throw new WriteFailure(['NOT_FOUND']);
      return remove(store, type, [row]);
    }
    case 'DELETE_MANY':
      return remove(store, type, matching(store, type, args, []));
  }
}

/**
 * Evaluates an upsert. The API might run it as one statement. The statement's error does not show whether the key in
 * `create` or the key in `update` was invalid.
 */
function upsert(writer: NestedWriter, type: ModelType, row: Row | null, args: Input): Written {
  const update = asInput(args['update']);
  const { index } = writer.store;
  const keyed = withKey(index, type, asInput(args['where']), asInput(args['create']));
  const { create } = keyed;
  const id = row === null ? writer.create(type, create) : idOf(type, row);
  if (row === null) writer.expect(type, id, keyed.expected);
  if (row !== null) writer.update(type, [row], update);
  try {
    return finish(writer, type, [id]);
  } catch (error) {
    const other = failuresOf(type, row === null ? update : create);
    if (!(error instanceof WriteFailure) || other.length === 0) throw error;
    const isKey = (code: string) => code === 'NOT_FOUND' || code === 'FOREIGN_KEY_VIOLATION';
    const both = error.codes.some(isKey) ? ['NOT_FOUND', 'FOREIGN_KEY_VIOLATION'] : [];
    throw new WriteFailure([...error.codes, ...both]);
  }
}

function finish(writer: NestedWriter, type: ModelType, ids: readonly string[]): Written {
  writer.finish();
  if (writer.problems.size > 0) throw new WriteFailure([...writer.problems]);
  const { store } = writer;
  return { store, rows: ids.map((id) => store.get(type.name, id)).filter((row) => row !== null) };
}

/**
 * Creates rows, except those that share a unique key with an existing or earlier row. None of the inputs has nested
 * writes.
 */
function createMissing(writer: NestedWriter, type: ModelType, inputs: readonly Input[]): Written {
  const { store } = writer;
  const ids = inputs.flatMap((input) => {
    const before = store.clone();
    const id = writer.create(type, input);
    if (!writer.breaksUnique(type, id)) return [id];
    writer.takeBack(type, id, before);
    return [];
  });
  return finish(writer, type, ids);
}

/**
 * Returns the codes that the API might return instead of NOT_FOUND or TOO_MANY_ROWS, because the nested input might
 * also be invalid.
 */
function failuresOf(type: ModelType, data: Input): readonly string[] {
  const nests = type.fields.some((field) => field.kind !== 'VALUE' && data[field.name] != null);
  return nests ? ['NOT_FOUND', 'FOREIGN_KEY_VIOLATION', 'UNIQUE_VIOLATION'] : [];
}

/** Returns the matching rows, ordered by id. */
function matching(
  store: Store,
  type: ModelType,
  { where, atMost }: Input,
  alternatives: readonly string[],
): readonly Row[] {
  const rows = store
    .all(type.name)
    .filter((row) => matches(store, type, row, asInput(where)))
    .sort((a, b) => (idOf(type, a) < idOf(type, b) ? -1 : 1));
  if (rows.length > Number(atMost)) {
    throw new WriteFailure(['TOO_MANY_ROWS', ...alternatives]);
  }
  return rows;
}

/** Deletes rows and returns them with the relations that they had before. */
function remove(store: Store, type: ModelType, rows: readonly Row[]): Written {
  const before = store.clone();
  if (deleteRows(store, type, rows) === 'RESTRICTED') {
    throw new WriteFailure(['FOREIGN_KEY_VIOLATION']);
  }
  return { store: before, rows };
}
