import {
  GraphQLBoolean,
  GraphQLEnumType,
  GraphQLList,
  GraphQLNonNull,
  GraphQLObjectType,
  type GraphQLFieldConfig,
  type GraphQLInputFieldConfig,
  type GraphQLInputType,
  type GraphQLNullableType,
  type GraphQLOutputType,
} from 'graphql';
import { bound, type Binding } from './bindings.ts';
import { cursorScalar } from './scalars.ts';

// How types and fields are written, and the types that every API shares.

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
): GraphQLFieldConfig<unknown, unknown> {
  return { type, description, extensions: bound(binding) };
}

export function inputField(
  type: GraphQLInputType,
  description: string | null,
): GraphQLInputFieldConfig {
  return { type, description };
}

export const pageInfoType = new GraphQLObjectType({
  name: 'PageInfo',
  description: 'Where a page stands in its list.',
  fields: {
    hasNextPage: outputField(
      required(GraphQLBoolean),
      { kind: 'HAS_NEXT' },
      'Whether anything follows this page.',
    ),
    hasPreviousPage: outputField(
      required(GraphQLBoolean),
      { kind: 'HAS_PREVIOUS' },
      'Whether anything precedes this page.',
    ),
    startCursor: outputField(
      cursorScalar,
      { kind: 'START_CURSOR' },
      'The cursor of the first row; null on an empty page. As `before`, it leads to the page before.',
    ),
    endCursor: outputField(
      cursorScalar,
      { kind: 'END_CURSOR' },
      'The cursor of the last row; null on an empty page. As `after`, it leads to the page after.',
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

/** Without `_NULLS_…`, PostgreSQL's defaults: null counts as larger than every value. */
export const sortOrders: Readonly<Record<SortOrder, Direction>> = {
  ASC: { descending: false, nullsFirst: false, description: 'Smallest first, nulls last.' },
  DESC: { descending: true, nullsFirst: true, description: 'Largest first, nulls first.' },
  ASC_NULLS_FIRST: {
    descending: false,
    nullsFirst: true,
    description: 'Nulls, then from the smallest.',
  },
  ASC_NULLS_LAST: {
    descending: false,
    nullsFirst: false,
    description: 'From the smallest, then nulls.',
  },
  DESC_NULLS_FIRST: {
    descending: true,
    nullsFirst: true,
    description: 'Nulls, then from the largest.',
  },
  DESC_NULLS_LAST: {
    descending: true,
    nullsFirst: false,
    description: 'From the largest, then nulls.',
  },
};

export function isSortOrder(value: unknown): value is SortOrder {
  return typeof value === 'string' && Object.hasOwn(sortOrders, value);
}

export const sortOrderType = new GraphQLEnumType({
  name: 'SortOrder',
  description: 'In which direction rows are ordered, and where those without a value stand.',
  values: Object.fromEntries(
    Object.entries(sortOrders).map(([name, { description }]) => [name, { description }]),
  ),
});

export const queryModeType = new GraphQLEnumType({
  name: 'QueryMode',
  description: 'How texts are compared.',
  values: {
    DEFAULT: { description: 'Capitals count.' },
    INSENSITIVE: { description: 'Capitals and small letters are alike.' },
  },
});
