import type { WriteOperation } from '../../src/engine/api/bindings.ts';
import type { ModelType } from '../../src/engine/sdl/model.ts';
import { deleteRows } from './delete.ts';
import { matches } from './filter.ts';
import { asInput, asInputs, type Input } from './input.ts';
import { NestedWriter } from './nested-writer.ts';
import { NoMoreNumbers } from './new-numbers.ts';
import { keyOf, type KeyText } from './keys.ts';
import type { Row } from './row.ts';
import { StillReferenced, type Store } from './store.ts';
import { Undecided } from './undecided.ts';
import { findByKey } from './unique.ts';
import { withKey } from './upsert-key.ts';
import { compare } from './values.ts';

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
  /** Null for a written row that access rules hide from the caller. */
  readonly rows: readonly (Row | null)[];
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
  try {
    return writeRows(store, type, operation, args);
  } catch (error) {
    if (error instanceof NoMoreNumbers) throw new WriteFailure(['KEYS_EXHAUSTED']);
    // Other errors of the same input might be reported instead.
    if (error instanceof StillReferenced) {
      throw new WriteFailure(['UNIQUE_VIOLATION', 'NOT_FOUND', 'FOREIGN_KEY_VIOLATION']);
    }
    throw error;
  }
}

function writeRows(store: Store, type: ModelType, operation: WriteOperation, args: Input): Written {
  const writer = new NestedWriter(store);
  const target = () => findByKey(store, type, asInput(args['where']));
  const create = (inputs: readonly Input[]) => {
    writer.numbers.reserve(inputs.flatMap((input) => writer.numbers.rowsOf(type, input)));
    return inputs.map((input) => writer.create(type, input));
  };
  switch (operation) {
    case 'CREATE_ME':
      throw new Error('Only callers with access rules have a row of their own.');
    case 'CREATE_ONE':
      return finish(writer, type, create([asInput(args['data'])]));
    case 'CREATE_MANY': {
      const inputs = asInputs(args['data']);
      if (args['skipDuplicates'] === true) return createMissing(writer, type, inputs);
      return finish(writer, type, create(inputs));
    }
    case 'UPDATE_ONE': {
      const row = target();
      const data = asInput(args['data']);
      if (row === null) throw new WriteFailure(['NOT_FOUND', ...failuresOf(type, data)]);
      writer.update(type, [row], data);
      return finish(writer, type, [keyOf(store.index, type, row)]);
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
        rows.map((row) => keyOf(store.index, type, row)),
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
  if (row === null) writer.numbers.reserve(writer.numbers.rowsOf(type, create));
  const id = row === null ? writer.create(type, create) : keyOf(index, type, row);
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

function finish(writer: NestedWriter, type: ModelType, keys: readonly (KeyText | null)[]): Written {
  writer.finish();
  const { store, problems, alternatives } = writer;
  if (problems.size > 0) throw new WriteFailure([...problems, ...alternatives]);
  return {
    store,
    rows: keys.map((key) => store.get(type.name, key)).filter((row) => row !== null),
  };
}

/**
 * Creates rows, except those that share a unique key with an existing or earlier row. None of the inputs has nested
 * writes.
 */
function createMissing(writer: NestedWriter, type: ModelType, inputs: readonly Input[]): Written {
  const { store, numbers } = writer;
  numbers.reserve(inputs.flatMap((input) => numbers.rowsOf(type, input)));
  const keys = inputs.flatMap((input) => {
    const before = store.clone();
    const key = writer.create(type, input);
    if (key === null || !writer.breaksUnique(type, key)) return [key];
    writer.takeBack(type, key, before);
    return [];
  });
  return finish(writer, type, keys);
}

/** The errors of nested rows. */
const nestedCodes = [
  ...['NOT_FOUND', 'FOREIGN_KEY_VIOLATION', 'UNIQUE_VIOLATION'],
  ...['BAD_USER_INPUT', 'KEYS_EXHAUSTED'],
];

/**
 * Returns the codes that the API might return instead of NOT_FOUND or TOO_MANY_ROWS, because the nested input might
 * also be invalid.
 */
function failuresOf(type: ModelType, data: Input): readonly string[] {
  const nests = type.fields.some((field) => field.kind !== 'VALUE' && data[field.name] != null);
  return nests ? nestedCodes : [];
}

/** Returns the matching rows, ordered by key. */
function matching(
  store: Store,
  type: ModelType,
  { where, atMost }: Input,
  alternatives: readonly string[],
): readonly Row[] {
  const rows = store
    .all(type.name)
    .filter((row) => matches(store, type, row, asInput(where)))
    .sort((a, b) => compareKeys(store, type, a, b));
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

function compareKeys({ index }: Store, type: ModelType, a: Row, b: Row): number {
  for (const { name, type: of } of index.keyOf(type)) {
    const order = compare(of, a[name] ?? null, b[name] ?? null);
    if (order !== 0) return order;
  }
  return 0;
}
