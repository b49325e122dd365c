import type { GraphQLField } from 'graphql';
import type { ModelType, ToManyField, ToOneField, ValueField } from '../sdl/model.ts';
import type { ModelColumn } from './model-index.ts';

export type QueryOperation = 'FIND_ONE' | 'FIND_MANY';
export type WriteOperation =
  | 'CREATE_ONE'
  /** Creates the row of a caller that has none. */
  | 'CREATE_ME'
  | 'CREATE_MANY'
  | 'UPDATE_ONE'
  | 'UPDATE_MANY'
  | 'UPSERT_ONE'
  | 'DELETE_ONE'
  | 'DELETE_MANY';

export type AggregateFunction = 'SUM' | 'AVG' | 'MIN' | 'MAX';

/** The meaning of each field in the generated schema, by the kind of object that contains the field. */
export interface Bindings {
  readonly QUERY:
    | { readonly kind: 'FIND'; readonly operation: QueryOperation; readonly type: ModelType }
    /** The caller's row in the `@user` model. Null for callers without one. */
    | { readonly kind: 'ME'; readonly type: ModelType }
    /** The only query field for a caller that cannot read any model. Its value is null. */
    | { readonly kind: 'NOTHING' };
  readonly MUTATION: {
    readonly kind: 'WRITE';
    readonly operation: WriteOperation;
    readonly type: ModelType;
  };
  /** A row of a model. */
  readonly ROW:
    | { readonly kind: 'VALUE'; readonly field: ValueField }
    | { readonly kind: 'KEY'; readonly column: ModelColumn }
    | { readonly kind: 'TO_ONE'; readonly field: ToOneField }
    | { readonly kind: 'TO_MANY'; readonly field: ToManyField };
  readonly CONNECTION:
    | { readonly kind: 'EDGES' }
    | { readonly kind: 'NODES' }
    | { readonly kind: 'PAGE_INFO' }
    | { readonly kind: 'TOTAL_COUNT' }
    | { readonly kind: 'AGGREGATE' };
  readonly EDGE: { readonly kind: 'NODE' } | { readonly kind: 'CURSOR' };
  readonly PAGE_INFO:
    | { readonly kind: 'HAS_NEXT' }
    | { readonly kind: 'HAS_PREVIOUS' }
    | { readonly kind: 'START_CURSOR' }
    | { readonly kind: 'END_CURSOR' };
  readonly AGGREGATE: { readonly kind: 'COUNT' } | { readonly kind: AggregateFunction };
  /** The `sum`, `avg`, `min` or `max` object of an aggregate, with one field for each model field. */
  readonly AGGREGATED_FIELDS: {
    readonly kind: 'AGGREGATED';
    readonly by: AggregateFunction;
    readonly field: ValueField;
  };
  /** The rows that one mutation wrote. */
  readonly BATCH: { readonly kind: 'BATCH_COUNT' } | { readonly kind: 'BATCH_NODES' };
}

/** The kinds of objects in a response. */
export type ParentKind = keyof Bindings;
export type Binding = Bindings[ParentKind];

type ParentOf<K extends Binding['kind']> = {
  [P in ParentKind]: K extends Bindings[P]['kind'] ? P : never;
}[ParentKind];

const parents: { readonly [K in Binding['kind']]: ParentOf<K> } = {
  FIND: 'QUERY',
  ME: 'QUERY',
  NOTHING: 'QUERY',
  WRITE: 'MUTATION',
  VALUE: 'ROW',
  KEY: 'ROW',
  TO_ONE: 'ROW',
  TO_MANY: 'ROW',
  EDGES: 'CONNECTION',
  NODES: 'CONNECTION',
  PAGE_INFO: 'CONNECTION',
  TOTAL_COUNT: 'CONNECTION',
  AGGREGATE: 'CONNECTION',
  NODE: 'EDGE',
  CURSOR: 'EDGE',
  HAS_NEXT: 'PAGE_INFO',
  HAS_PREVIOUS: 'PAGE_INFO',
  START_CURSOR: 'PAGE_INFO',
  END_CURSOR: 'PAGE_INFO',
  COUNT: 'AGGREGATE',
  SUM: 'AGGREGATE',
  AVG: 'AGGREGATE',
  MIN: 'AGGREGATE',
  MAX: 'AGGREGATE',
  AGGREGATED: 'AGGREGATED_FIELDS',
  BATCH_COUNT: 'BATCH',
  BATCH_NODES: 'BATCH',
};

const key = 'tessera';

/** The `extensions` of a field with this binding. */
export function bound(binding: Binding): Readonly<Record<string, Binding>> {
  return { [key]: binding };
}

/** Returns a field's binding. @throws Error for an introspection field or a field from another schema */
export function bindingOf(field: GraphQLField<unknown, unknown>): Binding {
  const binding = field.extensions[key];
  if (binding === undefined) throw new Error(`The field ${field.name} has no binding.`);
  // Only `bound` sets this key.
  return binding as Binding;
}

/** Returns a field's binding. Null for an introspection field. */
export function bindingIfAny(field: GraphQLField<unknown, unknown>): Binding | null {
  return field.extensions[key] === undefined ? null : bindingOf(field);
}

/** Whether a field reads a whole list and not only a page of it. False for introspection fields. */
export function isCountOfList(field: GraphQLField<unknown, unknown>): boolean {
  const kind = bindingIfAny(field)?.kind;
  return kind === 'TOTAL_COUNT' || kind === 'AGGREGATE';
}

/** Returns a field's binding. @throws Error if the field belongs to another kind of object */
export function bindingIn<P extends ParentKind>(
  parent: P,
  field: GraphQLField<unknown, unknown>,
): Bindings[P] {
  const binding = bindingOf(field);
  if (parents[binding.kind] !== parent) {
    throw new Error(`The field ${field.name} does not belong to ${parent}.`);
  }
  // `parents` maps this kind of binding to P.
  return binding as Bindings[P];
}
