import {
  GraphQLBoolean,
  GraphQLEnumType,
  GraphQLNonNull,
  GraphQLObjectType,
  type GraphQLFieldConfig,
  type GraphQLInputFieldConfig,
  type GraphQLInputType,
  type GraphQLOutputType,
} from 'graphql';
import { bound, type Binding } from './bindings.ts';
import { cursorScalar } from './scalars.ts';

/** Types that are the same in every API, and how fields are written. They are shared by all of them. */

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
      new GraphQLNonNull(GraphQLBoolean),
      { kind: 'HAS_NEXT' },
      'Whether anything follows this page.',
    ),
    hasPreviousPage: outputField(
      new GraphQLNonNull(GraphQLBoolean),
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

export const sortOrderType = new GraphQLEnumType({
  name: 'SortOrder',
  description: 'In which direction rows are ordered, and where those without a value stand.',
  values: {
    ASC: { description: 'Smallest first, nulls last.' },
    DESC: { description: 'Largest first, nulls first.' },
    ASC_NULLS_FIRST: { description: 'Nulls, then from the smallest.' },
    ASC_NULLS_LAST: { description: 'From the smallest, then nulls.' },
    DESC_NULLS_FIRST: { description: 'Nulls, then from the largest.' },
    DESC_NULLS_LAST: { description: 'From the largest, then nulls.' },
  },
});

export const queryModeType = new GraphQLEnumType({
  name: 'QueryMode',
  description: 'How texts are compared.',
  values: {
    DEFAULT: { description: 'Capitals count.' },
    INSENSITIVE: { description: 'Capitals and small letters are alike.' },
  },
});
