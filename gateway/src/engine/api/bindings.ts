import type { GraphQLField } from 'graphql';
import type { ModelType, ToManyField, ToOneField, ValueField } from '../sdl/model.ts';
import type { OwningSideField } from './model-index.ts';

/** What a field of the generated schema stands for. Each field, but introspection's, carries one. */
export type Binding =
  | { readonly kind: 'ROOT'; readonly operation: RootOperation; readonly type: ModelType }
  /** The one field of a Query that may read nothing: it answers null. */
  | { readonly kind: 'NOTHING' }
  /** Of a model's object type. */
  | { readonly kind: 'VALUE'; readonly field: ValueField }
  | { readonly kind: 'KEY'; readonly field: OwningSideField }
  | { readonly kind: 'TO_ONE'; readonly field: ToOneField }
  | { readonly kind: 'TO_MANY'; readonly field: ToManyField }
  /** Of a connection: `edges nodes pageInfo totalCount aggregate`. */
  | { readonly kind: 'EDGES' | 'NODES' | 'PAGE_INFO' | 'TOTAL_COUNT' | 'AGGREGATE' }
  /** Of an edge. */
  | { readonly kind: 'NODE' | 'CURSOR' }
  | { readonly kind: 'HAS_NEXT' | 'HAS_PREVIOUS' | 'START_CURSOR' | 'END_CURSOR' }
  /** Of an aggregate, and then of its `sum avg min max`. */
  | { readonly kind: 'COUNT' }
  | { readonly kind: 'SUM' | 'AVG' | 'MIN' | 'MAX' }
  | { readonly kind: 'AGGREGATED'; readonly by: AggregateFunction; readonly field: ValueField }
  /** Of a batch: `count nodes`. */
  | { readonly kind: 'BATCH_COUNT' | 'BATCH_NODES' };

export type AggregateFunction = 'SUM' | 'AVG' | 'MIN' | 'MAX';

export type QueryOperation = 'FIND_ONE' | 'FIND_MANY';
export type WriteOperation =
  | 'CREATE_ONE'
  | 'CREATE_MANY'
  | 'UPDATE_ONE'
  | 'UPDATE_MANY'
  | 'UPSERT_ONE'
  | 'DELETE_ONE'
  | 'DELETE_MANY';
export type RootOperation = QueryOperation | WriteOperation;

const key = 'tessera';

/** For `extensions` of a field. */
export function bound(binding: Binding): Readonly<Record<string, Binding>> {
  return { [key]: binding };
}

/** @throws Error for a field of introspection or of another schema */
export function bindingOf(field: GraphQLField<unknown, unknown>): Binding {
  const binding = field.extensions[key];
  if (binding === undefined) throw new Error(`The field ${field.name} is bound to nothing.`);
  // Only `bound` writes this key.
  return binding as Binding;
}
