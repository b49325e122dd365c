import {
  GraphQLInt,
  GraphQLObjectType,
  type GraphQLFieldConfig,
  type GraphQLInputFieldConfig,
  type GraphQLNonNull,
} from 'graphql';
import { requestLimits } from '../limits.ts';
import type { Field, ModelType, ScalarName, ValueField } from '../sdl/model.ts';
import type { ApiContext } from './api-types.ts';
import type { AggregateFunction } from './bindings.ts';
import { keyWord } from './descriptions.ts';
import { hasOrder, mayReadField } from './permissions.ts';
import { apiScalars, cursorScalar } from './scalars.ts';
import { inputField, listOf, outputField, pageInfoType, required } from './shared-types.ts';

export type ListArgument = 'where' | 'orderBy' | 'first' | 'after' | 'last' | 'before' | 'offset';

/** The arguments that every list field has, both in `Query` and in rows. */
export function listArguments(
  context: ApiContext,
  type: ModelType,
): Partial<Record<ListArgument, GraphQLInputFieldConfig>> {
  const { types } = context;
  const size = Math.min(requestLimits.defaultPageSize, type.maxPageSize);
  return {
    where: inputField(types.where(type), 'Conditions on the rows. Default: all rows.'),
    ...(hasOrder(context, type) && {
      orderBy: inputField(
        listOf(types.orderBy(type)),
        `Sort order. Rows are sorted by the first entry, then by each subsequent entry, and finally by ${keyWord(type)}.`,
      ),
    }),
    first: inputField(GraphQLInt, `Number of rows, at most ${type.maxPageSize}. Default: ${size}.`),
    after: inputField(cursorScalar, 'Returns only rows after this cursor.'),
    last: inputField(
      GraphQLInt,
      'Number of rows from the end of the list. Cannot be combined with `first`.',
    ),
    before: inputField(cursorScalar, 'Returns only rows before this cursor.'),
    offset: inputField(
      GraphQLInt,
      'Number of rows to skip. Cannot be combined with `last` or a cursor. Cursors are faster.',
    ),
  };
}

export function connectionTypeOf(context: ApiContext, type: ModelType): GraphQLObjectType {
  return new GraphQLObjectType({
    name: `${type.name}Connection`,
    description: `A page from a list of \`${type.name}\` rows, with aggregates over the whole list.`,
    fields: () => {
      const node = required(context.types.object(type));
      return {
        edges: outputField(
          required(listOf(edgeType(node))),
          { kind: 'EDGES' },
          'The rows on the page, each with its cursor.',
        ),
        nodes: outputField(
          required(listOf(node.ofType)),
          { kind: 'NODES' },
          'The rows on the page.',
        ),
        pageInfo: outputField(required(pageInfoType), { kind: 'PAGE_INFO' }, null),
        totalCount: outputField(
          required(GraphQLInt),
          { kind: 'TOTAL_COUNT' },
          'Number of rows that match `where`, across all pages.',
        ),
        aggregate: outputField(
          required(aggregateType(context, type)),
          { kind: 'AGGREGATE' },
          'Aggregates over all rows that match `where`, across all pages.',
        ),
      };
    },
  });
}

function edgeType(node: GraphQLNonNull<GraphQLObjectType>): GraphQLObjectType {
  return new GraphQLObjectType({
    name: `${node.ofType.name}Edge`,
    description: `One \`${node.ofType.name}\` row with its position in a list.`,
    fields: {
      node: outputField(node, { kind: 'NODE' }, null),
      cursor: outputField(
        required(cursorScalar),
        { kind: 'CURSOR' },
        "The row's position in the list, for use as `after` or `before`.",
      ),
    },
  });
}

type AggregateResults = Readonly<Record<AggregateFunction, ScalarName | null>>;

const notAggregated: AggregateResults = { SUM: null, AVG: null, MIN: null, MAX: null };

/**
 * The result type of each aggregate function, or null if the function does not apply. Sums of integers have a wider
 * type, so they cannot overflow.
 */
const results: Readonly<Record<ScalarName, AggregateResults>> = {
  Int: { SUM: 'BigInt', AVG: 'Float', MIN: 'Int', MAX: 'Int' },
  BigInt: { SUM: 'Decimal', AVG: 'Decimal', MIN: 'BigInt', MAX: 'BigInt' },
  Float: { SUM: 'Float', AVG: 'Float', MIN: 'Float', MAX: 'Float' },
  Decimal: { SUM: 'Decimal', AVG: 'Decimal', MIN: 'Decimal', MAX: 'Decimal' },
  String: { SUM: null, AVG: null, MIN: 'String', MAX: 'String' },
  DateTime: { SUM: null, AVG: null, MIN: 'DateTime', MAX: 'DateTime' },
  Date: { SUM: null, AVG: null, MIN: 'Date', MAX: 'Date' },
  Time: { SUM: null, AVG: null, MIN: 'Time', MAX: 'Time' },
  ID: notAggregated,
  UUID: notAggregated,
  Boolean: notAggregated,
  JSON: notAggregated,
  Bytes: notAggregated,
};

const functions = [
  {
    by: 'SUM',
    name: 'sum',
    suffix: 'Sum',
    what: 'The sum of each field, or null if there are no values.',
  },
  {
    by: 'AVG',
    name: 'avg',
    suffix: 'Avg',
    what: 'The average of each field, or null if there are no values.',
  },
  {
    by: 'MIN',
    name: 'min',
    suffix: 'Min',
    what: 'The smallest value of each field, or null if there are no values.',
  },
  {
    by: 'MAX',
    name: 'max',
    suffix: 'Max',
    what: 'The largest value of each field, or null if there are no values.',
  },
] as const;

function aggregateType(context: ApiContext, type: ModelType): GraphQLObjectType {
  const parts = functions.flatMap(({ by, name, suffix, what }) => {
    const fields = aggregatedFields(context, type, by);
    if (fields.length === 0) return [];
    const of = new GraphQLObjectType({
      name: `${type.name}${suffix}Aggregate`,
      fields: Object.fromEntries(fields),
    });
    return [[name, outputField(required(of), { kind: by }, what)] as const];
  });
  const count = outputField(required(GraphQLInt), { kind: 'COUNT' }, 'Number of rows.');
  return new GraphQLObjectType({
    name: `${type.name}Aggregate`,
    description: `Aggregates over \`${type.name}\` rows.`,
    fields: { count, ...Object.fromEntries(parts) },
  });
}

function aggregatedFields(
  context: ApiContext,
  { name, fields }: ModelType,
  by: AggregateFunction,
): readonly (readonly [string, GraphQLFieldConfig<unknown, unknown>])[] {
  return fields.filter(isSingleValue).flatMap((field) => {
    const result = field.type.kind === 'SCALAR' ? results[field.type.name][by] : null;
    if (result === null || !mayReadField(context, name, field.name)) return [];
    const binding = { kind: 'AGGREGATED', by, field } as const;
    const config = outputField(apiScalars[result], binding, null, field.deprecationReason);
    return [[field.name, config] as const];
  });
}

function isSingleValue(field: Field): field is ValueField {
  return field.kind === 'VALUE' && !field.list;
}
