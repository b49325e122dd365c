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
import { apiScalars, cursorScalar } from './scalars.ts';
import { inputField, listOf, outputField, pageInfoType, required } from './shared-types.ts';

export type ListArgument = 'where' | 'orderBy' | 'first' | 'after' | 'last' | 'before' | 'offset';

/** The arguments of every list, at the root and on rows. */
export function listArguments(
  { types }: ApiContext,
  type: ModelType,
): Record<ListArgument, GraphQLInputFieldConfig> {
  const size = Math.min(requestLimits.defaultPageSize, type.maxPageSize);
  return {
    where: inputField(types.where(type), 'Which rows; all unless given.'),
    orderBy: inputField(
      listOf(types.orderBy(type)),
      'By the first entry, then the next; last by the id.',
    ),
    first: inputField(GraphQLInt, `How many; ${size} unless given, at most ${type.maxPageSize}.`),
    after: inputField(cursorScalar, 'Only rows after this cursor.'),
    last: inputField(GraphQLInt, 'In place of `first`: how many from the end.'),
    before: inputField(cursorScalar, 'Only rows before this cursor.'),
    offset: inputField(GraphQLInt, 'How many to skip, in place of a cursor; cursors are faster.'),
  };
}

export function connectionTypeOf(context: ApiContext, type: ModelType): GraphQLObjectType {
  return new GraphQLObjectType({
    name: `${type.name}Connection`,
    description: `A page of a list of \`${type.name}\`, and figures over the whole list.`,
    fields: () => {
      const node = required(context.types.object(type));
      return {
        edges: outputField(
          required(listOf(edgeType(node))),
          { kind: 'EDGES' },
          'The rows of the page, each with its cursor.',
        ),
        nodes: outputField(
          required(listOf(node.ofType)),
          { kind: 'NODES' },
          'The rows of the page.',
        ),
        pageInfo: outputField(required(pageInfoType), { kind: 'PAGE_INFO' }, null),
        totalCount: outputField(
          required(GraphQLInt),
          { kind: 'TOTAL_COUNT' },
          'How many rows `where` matches, on whichever page.',
        ),
        aggregate: outputField(
          required(aggregateType(type)),
          { kind: 'AGGREGATE' },
          'Figures over all rows that `where` matches, on whichever page.',
        ),
      };
    },
  });
}

function edgeType(node: GraphQLNonNull<GraphQLObjectType>): GraphQLObjectType {
  return new GraphQLObjectType({
    name: `${node.ofType.name}Edge`,
    description: `\`${node.ofType.name}\` with its place in a list.`,
    fields: {
      node: outputField(node, { kind: 'NODE' }, null),
      cursor: outputField(
        required(cursorScalar),
        { kind: 'CURSOR' },
        'Its place in the list, for `after` and `before`.',
      ),
    },
  });
}

type AggregateResults = Readonly<Record<AggregateFunction, ScalarName | null>>;

const notAggregated: AggregateResults = { SUM: null, AVG: null, MIN: null, MAX: null };

/** The type of each function's result, or null where there is none. Sums have types that cannot overflow. */
const results: Readonly<Record<ScalarName, AggregateResults>> = {
  Int: { SUM: 'BigInt', AVG: 'Float', MIN: 'Int', MAX: 'Int' },
  BigInt: { SUM: 'Decimal', AVG: 'Decimal', MIN: 'BigInt', MAX: 'BigInt' },
  Float: { SUM: 'Float', AVG: 'Float', MIN: 'Float', MAX: 'Float' },
  Decimal: { SUM: 'Decimal', AVG: 'Decimal', MIN: 'Decimal', MAX: 'Decimal' },
  String: { SUM: null, AVG: null, MIN: 'String', MAX: 'String' },
  DateTime: { SUM: null, AVG: null, MIN: 'DateTime', MAX: 'DateTime' },
  Date: { SUM: null, AVG: null, MIN: 'Date', MAX: 'Date' },
  ID: notAggregated,
  UUID: notAggregated,
  Boolean: notAggregated,
  JSON: notAggregated,
};

const functions = [
  { by: 'SUM', name: 'sum', suffix: 'Sum', what: 'The sum of each field; null over no values.' },
  { by: 'AVG', name: 'avg', suffix: 'Avg', what: 'The mean of each field; null over no values.' },
  { by: 'MIN', name: 'min', suffix: 'Min', what: 'The least of each field; null over no values.' },
  {
    by: 'MAX',
    name: 'max',
    suffix: 'Max',
    what: 'The greatest of each field; null over no values.',
  },
] as const;

function aggregateType(type: ModelType): GraphQLObjectType {
  const parts = functions.flatMap(({ by, name, suffix, what }) => {
    const fields = aggregatedFields(type, by);
    if (fields.length === 0) return [];
    const of = new GraphQLObjectType({
      name: `${type.name}${suffix}Aggregate`,
      fields: Object.fromEntries(fields),
    });
    return [[name, outputField(required(of), { kind: by }, what)] as const];
  });
  const count = outputField(required(GraphQLInt), { kind: 'COUNT' }, 'How many rows there are.');
  return new GraphQLObjectType({
    name: `${type.name}Aggregate`,
    description: `Figures over rows of \`${type.name}\`.`,
    fields: { count, ...Object.fromEntries(parts) },
  });
}

function aggregatedFields(
  { fields }: ModelType,
  by: AggregateFunction,
): readonly (readonly [string, GraphQLFieldConfig<unknown, unknown>])[] {
  return fields.filter(isSingleValue).flatMap((field) => {
    const result = field.type.kind === 'SCALAR' ? results[field.type.name][by] : null;
    if (result === null) return [];
    const binding = { kind: 'AGGREGATED', by, field } as const;
    return [[field.name, outputField(apiScalars[result], binding, null)] as const];
  });
}

function isSingleValue(field: Field): field is ValueField {
  return field.kind === 'VALUE' && !field.list;
}
