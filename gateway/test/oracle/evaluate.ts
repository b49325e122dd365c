import { jsonText, parseExactJson } from '../../src/graphql/exact-number.ts';
import {
  execute,
  print,
  type ExecutionResult,
  type GraphQLFieldResolver,
  type GraphQLResolveInfo,
} from 'graphql';
import { bindingOf, type Binding, type WriteOperation } from '../../src/engine/api/bindings.ts';
import type { ProjectApi } from '../../src/engine/api/project-api.ts';
import type { JsonValue, ModelType, ToManyField, ToOneField } from '../../src/engine/sdl/model.ts';
import { aggregate } from './aggregate.ts';
import { findBadArguments, type Operation } from './check.ts';
import type { Cursors } from './cursors.ts';
import { asInput, asInputs, type Input } from './input.ts';
import { keyOf } from './keys.ts';
import { comparePositions, orderOf, positionOf } from './order.ts';
import { pageOf, type Page } from './page.ts';
import type { Row } from './row.ts';
import { writeWithRules } from './rules/ruled-writer.ts';
import type { RuleWorld } from './rules/rule-world.ts';
import type { Store } from './store.ts';
import { Undecided } from './undecided.ts';
import { findByKey } from './unique.ts';
import { write, WriteFailure, type Written } from './write.ts';

/** The result of an operation: either its data, or an error with one of these codes. */
export type Answer = { readonly data: JsonValue } | { readonly codes: readonly string[] };

export interface Oracle {
  readonly api: ProjectApi;
  /** Mutations replace the store. */
  store: Store;
  readonly cursors: Cursors;
  /** The rules and the caller, if rules apply to the caller. */
  readonly rules?: RuleWorld;
}

/** Evaluates a valid operation row by row, according to the API's documentation. */
export function evaluate(oracle: Oracle, operation: Operation): Answer {
  const { api, cursors } = oracle;
  // The tests of createMe compare what the token contains.
  if (names(operation, 'createMe')) throw new Undecided();
  const bad = findBadArguments(api, operation, (cursor, type, orderBy) =>
    cursors.belongs(oracle.store, cursor, type, orderBy),
  );
  if (bad.length > 0) {
    // The arguments of `me` are not always checked if the caller has no row.
    if (api.access.rules?.userField === null && names(operation, 'me')) throw new Undecided();
    return { codes: ['BAD_USER_INPUT'] };
  }
  const draft: Oracle = { ...oracle, store: oracle.store.clone() };
  const { data, errors } = execute({
    schema: api.schema,
    document: operation.document,
    rootValue: {},
    variableValues: operation.variables,
    contextValue: draft,
    fieldResolver: resolve,
    // `execute` is synchronous because no resolver returns a promise.
  }) as ExecutionResult;
  const cause = errors?.[0];
  if (cause?.originalError instanceof WriteFailure) return { codes: cause.originalError.codes };
  if (cause !== undefined) throw cause.originalError ?? cause;
  oracle.store = draft.store;
  // Converts the result to plain JSON, because `execute` returns objects without a prototype.
  // The data consists of JSON values.
  return { data: parseExactJson(jsonText(data)).value as JsonValue };
}

function names({ document }: Operation, field: string): boolean {
  return new RegExp(`\\b${field}\\b`).test(print(document));
}

/** The source value of an object in the result, from which the object's fields are resolved. */
type Source =
  /** `store` contains the data for the row's relations. For a deleted row, it is the data from before the deletion. */
  | { readonly kind: 'ROW'; readonly store: Store; readonly type: ModelType; readonly row: Row }
  /** Page information and aggregates also have this source. */
  | { readonly kind: 'PAGE'; readonly page: Page }
  | { readonly kind: 'EDGE'; readonly page: Page; readonly row: Row }
  | { readonly kind: 'BATCH'; readonly type: ModelType; readonly written: Written };

const resolve: GraphQLFieldResolver<unknown, Oracle> = (source, args, oracle, info) => {
  const binding = bindingOf(fieldOf(info));
  switch (binding.kind) {
    case 'NOTHING':
      return null;
    case 'FIND':
    case 'WRITE':
      return resolveRoot(oracle, binding, asInput(args));
    case 'ME': {
      const me = oracle.rules?.on(oracle.store).caller.row ?? null;
      const store = seenBy(oracle, oracle.store);
      const key = me === null ? null : keyOf(store.index, binding.type, me);
      return rowOrNull(store, binding.type, store.get(binding.type.name, key));
    }
    case 'VALUE':
      return from(source, 'ROW').row[binding.field.name] ?? null;
    case 'KEY':
      return from(source, 'ROW').row[binding.column.name] ?? null;
    case 'TO_ONE':
    case 'TO_MANY':
      return resolveRelation(oracle, from(source, 'ROW'), binding.field, asInput(args));
    case 'EDGES':
    case 'NODES':
    case 'TOTAL_COUNT':
    case 'HAS_NEXT':
    case 'HAS_PREVIOUS':
    case 'START_CURSOR':
    case 'END_CURSOR':
      return resolveOfPage(oracle, from(source, 'PAGE').page, binding.kind);
    case 'PAGE_INFO':
    case 'AGGREGATE':
    case 'SUM':
    case 'AVG':
    case 'MIN':
    case 'MAX':
      return source;
    case 'COUNT':
      return from(source, 'PAGE').page.matching.length;
    case 'AGGREGATED':
      return aggregate(binding.by, binding.field, from(source, 'PAGE').page.matching);
    case 'NODE': {
      const { page, row } = from(source, 'EDGE');
      return rowSource(page.store, page.type, row);
    }
    case 'CURSOR': {
      const { page, row } = from(source, 'EDGE');
      return cursorOf(oracle, page, row);
    }
    case 'BATCH_COUNT':
      return from(source, 'BATCH').written.rows.length;
    case 'BATCH_NODES': {
      const { type, written } = from(source, 'BATCH');
      return written.rows.map((row) => rowOrNull(written.store, type, row));
    }
  }
};

/** Casts a field's source to the type that the field's binding requires. */
function from<K extends Source['kind']>(source: unknown, kind: K): Extract<Source, { kind: K }> {
  // All sources below the root are created in this file.
  const known = source as Source;
  if (known.kind !== kind) throw new Error(`Expected a ${kind} but found a ${known.kind}.`);
  // The source's kind was checked above.
  return known as Extract<Source, { kind: K }>;
}

function fieldOf({ parentType, fieldName }: GraphQLResolveInfo) {
  const field = parentType.getFields()[fieldName];
  if (field === undefined) throw new Error(`Unknown field ${fieldName}.`);
  return field;
}

function resolveRoot(
  oracle: Oracle,
  { operation, type }: Extract<Binding, { kind: 'FIND' | 'WRITE' }>,
  args: Input,
): Source | null {
  const store = operation.startsWith('FIND') ? seenBy(oracle, oracle.store) : oracle.store;
  if (operation === 'FIND_ONE') {
    return rowOrNull(store, type, findByKey(store, type, asInput(args['where'])));
  }
  if (operation === 'FIND_MANY') {
    return pageSource(oracle, store, { type, rows: store.all(type.name), args });
  }
  const written = writtenBy(oracle, type, operation, args);
  const isBatch = operation.endsWith('MANY');
  return isBatch
    ? { kind: 'BATCH', type, written }
    : rowOrNull(written.store, type, written.rows[0] ?? null);
}

/** The data that the caller sees. */
function seenBy({ rules }: Oracle, store: Store): Store {
  return rules?.on(store).visible() ?? store;
}

/** Writes, and returns the rows as the caller sees them. */
function writtenBy(
  oracle: Oracle,
  type: ModelType,
  operation: WriteOperation,
  args: Input,
): Written {
  const { rules, store } = oracle;
  if (rules === undefined) return write(store, type, operation, args);
  const world = rules.on(store);
  const written = writeWithRules(world, type, operation, args);
  // Without READ, the answer contains only keys.
  if (!world.mayRead(type)) return written;
  const seen = seenBy(oracle, written.store);
  return {
    store: seen,
    rows: written.rows.map((row) => seen.get(type.name, keyOf(store.index, type, row))),
  };
}

interface RelatedRows {
  readonly store: Store;
  readonly type: ModelType;
  readonly field: ToManyField;
  readonly rows: readonly Row[];
}

function resolveRelation(
  oracle: Oracle,
  { store, type, row }: Extract<Source, { kind: 'ROW' }>,
  field: ToOneField | ToManyField,
  args: Input,
): Source | null {
  const rows = store.related(type, row, field);
  const target = store.index.type(field.target);
  if (field.kind === 'TO_MANY') refuseOtherCursors(oracle, { store, type, field, rows }, args);
  return field.kind === 'TO_ONE'
    ? rowOrNull(store, target, rows[0] ?? null)
    : pageSource(oracle, store, { type: target, rows, args });
}

/**
 * A cursor belongs to one list. If the foreign key of the list is a part of a unique key, the API compares only the other
 * columns of that key.
 * @throws Undecided for a cursor from a list of other rows
 */
function refuseOtherCursors(
  { cursors }: Oracle,
  { store, type, field, rows }: RelatedRows,
  { after, before, orderBy }: Input,
): void {
  const link = store.index.link(type, field);
  if (link.kind !== 'INVERSE_SIDE') return;
  const { target } = link;
  const isShared = [target.key, ...target.uniques].some(({ columns }) =>
    link.columns.some(({ other }) => columns.includes(other)),
  );
  if (!isShared) return;
  const order = orderOf(store, target, orderBy == null ? [] : asInputs(orderBy));
  for (const cursor of [after, before]) {
    if (typeof cursor !== 'string') continue;
    const position = cursors.positionAt(cursor);
    const isAt = (row: Row) =>
      comparePositions(order, positionOf(store, order, row), position) === 0;
    if (!rows.some(isAt)) throw new Undecided();
  }
}

function resolveOfPage(
  oracle: Oracle,
  page: Page,
  part:
    'EDGES' | 'NODES' | 'TOTAL_COUNT' | 'HAS_NEXT' | 'HAS_PREVIOUS' | 'START_CURSOR' | 'END_CURSOR',
): unknown {
  const cursor = (row: Row | undefined) => (row === undefined ? null : cursorOf(oracle, page, row));
  switch (part) {
    case 'EDGES':
      return page.rows.map((row): Source => ({ kind: 'EDGE', page, row }));
    case 'NODES':
      return page.rows.map((row) => rowSource(page.store, page.type, row));
    case 'TOTAL_COUNT':
      return page.matching.length;
    case 'HAS_NEXT':
      return page.hasNext;
    case 'HAS_PREVIOUS':
      return page.hasPrevious;
    case 'START_CURSOR':
      return cursor(page.rows[0]);
    case 'END_CURSOR':
      return cursor(page.rows.at(-1));
  }
}

function pageSource(
  { cursors }: Oracle,
  store: Store,
  shown: { readonly type: ModelType; readonly rows: readonly Row[]; readonly args: Input },
): Source {
  const positionAt = (cursor: string) => cursors.positionAt(cursor);
  return { kind: 'PAGE', page: pageOf(store, { ...shown, positionAt }) };
}

function cursorOf({ cursors }: Oracle, { store, order }: Page, row: Row): string {
  return cursors.issue(order, positionOf(store, order, row));
}

function rowSource(store: Store, type: ModelType, row: Row): Source {
  return { kind: 'ROW', store, type, row };
}

function rowOrNull(store: Store, type: ModelType, row: Row | null): Source | null {
  return row === null ? null : rowSource(store, type, row);
}
