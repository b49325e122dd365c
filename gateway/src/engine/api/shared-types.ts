import {
  GraphQLBoolean,
  GraphQLEnumType,
  GraphQLList,
  GraphQLNonNull,
  GraphQLObjectType,
  isNonNullType,
  type GraphQLFieldConfig,
  type GraphQLInputFieldConfig,
  type GraphQLInputType,
  type GraphQLNullableType,
  type GraphQLOutputType,
} from 'graphql';
import { bound, type Binding } from './bindings.ts';
import { cursorScalar } from './scalars.ts';

// Helpers for creating types and fields, and the types that all APIs share.

export function required<T extends GraphQLNullableType>(type: T): GraphQLNonNull<T> {
  return new GraphQLNonNull(type);
}

/** `[T!]` */
export function listOf<T extends GraphQLNullableType>(type: T): GraphQLList<GraphQLNonNull<T>> {
  return new GraphQLList(new GraphQLNonNull(type));
}

export function outputField(
  type: GraphQLOutputType,
  binding: Binding,
  description: string | null,
  deprecationReason: string | null = null,
): GraphQLFieldConfig<unknown, unknown> {
  return { type, description, deprecationReason, extensions: bound(binding) };
}

/** GraphQL does not allow a required input field to be deprecated, so the reason is ignored for such a field. */
export function inputField(
  type: GraphQLInputType,
  description: string | null,
  deprecationReason: string | null = null,
): GraphQLInputFieldConfig {
  return { type, description, deprecationReason: isNonNullType(type) ? null : deprecationReason };
}

export const pageInfoType = new GraphQLObjectType({
  name: 'PageInfo',
  description: 'The position of a page in its list.',
  fields: {
    hasNextPage: outputField(
      required(GraphQLBoolean),
      { kind: 'HAS_NEXT' },
      'Whether there are rows after this page.',
    ),
    hasPreviousPage: outputField(
      required(GraphQLBoolean),
      { kind: 'HAS_PREVIOUS' },
      'Whether there are rows before this page.',
    ),
    startCursor: outputField(
      cursorScalar,
      { kind: 'START_CURSOR' },
      'The cursor of the first row, or null if the page is empty. Use it as `before` to get the previous page.',
    ),
    endCursor: outputField(
      cursorScalar,
      { kind: 'END_CURSOR' },
      'The cursor of the last row, or null if the page is empty. Use it as `after` to get the next page.',
    ),
  },
});

export type SortOrder =
  'ASC' | 'DESC' | 'ASC_NULLS_FIRST' | 'ASC_NULLS_LAST' | 'DESC_NULLS_FIRST' | 'DESC_NULLS_LAST';

interface Direction {
  readonly descending: boolean;
  readonly nullsFirst: boolean;
  readonly description: string;
}

/** Sort orders without `_NULLS_…` use PostgreSQL's default: nulls sort as if larger than any other value. */
export const sortOrders: Readonly<Record<SortOrder, Direction>> = {
  ASC: { descending: false, nullsFirst: false, description: 'Ascending, nulls last.' },
  DESC: { descending: true, nullsFirst: true, description: 'Descending, nulls first.' },
  ASC_NULLS_FIRST: {
    descending: false,
    nullsFirst: true,
    description: 'Ascending, nulls first.',
  },
  ASC_NULLS_LAST: {
    descending: false,
    nullsFirst: false,
    description: 'Ascending, nulls last.',
  },
  DESC_NULLS_FIRST: {
    descending: true,
    nullsFirst: true,
    description: 'Descending, nulls first.',
  },
  DESC_NULLS_LAST: {
    descending: true,
    nullsFirst: false,
    description: 'Descending, nulls last.',
  },
};

export function isSortOrder(value: unknown): value is SortOrder {
  return typeof value === 'string' && Object.hasOwn(sortOrders, value);
}

export const sortOrderType = new GraphQLEnumType({
  name: 'SortOrder',
  description: 'The sort direction and the position of nulls.',
  values: Object.fromEntries(
    Object.entries(sortOrders).map(([name, { description }]) => [name, { description }]),
  ),
});

export const queryModeType = new GraphQLEnumType({
  name: 'QueryMode',
  description: 'How text is compared.',
  values: {
    DEFAULT: { description: 'Case-sensitive.' },
    INSENSITIVE: { description: 'Case-insensitive.' },
  },
});
