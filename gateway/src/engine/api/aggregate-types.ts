import { GraphQLInt, GraphQLObjectType } from 'graphql';
import type { ModelType, ScalarName, ValueField } from '../sdl/model.ts';
import { required, type ApiContext } from './api-types.ts';
import type { AggregateFunction } from './bindings.ts';
import { apiScalars } from './scalars.ts';
import { outputField } from './shared-types.ts';

/** The type that a function gives for a field's: sums are wide enough never to overflow. */
const results: Readonly<
  Record<AggregateFunction, Readonly<Partial<Record<ScalarName, ScalarName>>>>
> = {
  SUM: { Int: 'BigInt', BigInt: 'Decimal', Decimal: 'Decimal', Float: 'Float' },
  AVG: { Int: 'Float', BigInt: 'Decimal', Decimal: 'Decimal', Float: 'Float' },
  MIN: comparable(),
  MAX: comparable(),
};

function comparable(): Readonly<Partial<Record<ScalarName, ScalarName>>> {
  return {
    Int: 'Int',
    BigInt: 'BigInt',
    Float: 'Float',
    Decimal: 'Decimal',
    String: 'String',
    DateTime: 'DateTime',
    Date: 'Date',
  };
}

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

export function aggregateType(context: ApiContext, type: ModelType): GraphQLObjectType {
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

function aggregatedFields({ fields }: ModelType, by: AggregateFunction) {
  return fields.filter(isSingleValue).flatMap((field) => {
    const result = field.type.kind === 'SCALAR' ? results[by][field.type.name] : undefined;
    if (result === undefined) return [];
    const binding = { kind: 'AGGREGATED', by, field } as const;
    return [[field.name, outputField(apiScalars[result], binding, null)] as const];
  });
}

function isSingleValue(field: ModelType['fields'][number]): field is ValueField {
  return field.kind === 'VALUE' && !field.list;
}
