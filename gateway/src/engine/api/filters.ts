import {
  GraphQLBoolean,
  GraphQLInputObjectType,
  GraphQLString,
  type GraphQLEnumType,
  type GraphQLInputFieldConfigMap,
  type GraphQLInputType,
  type GraphQLScalarType,
} from 'graphql';
import { assertNever } from '../../platform/assert-never.ts';
import type { ScalarName } from '../sdl/model.ts';
import { scalarNames } from '../sdl/scalars.ts';
import {
  filterOperators,
  operatorsOfEnum,
  operatorsOfList,
  operatorsOfScalar,
  type OperandKind,
  type Operator,
  type OperatorGroup,
} from './filter-operators.ts';
import { apiScalars } from './scalars.ts';
import { inputField, listOf, queryModeType } from './shared-types.ts';

type Leaf = GraphQLScalarType | GraphQLEnumType;

/** The filter types for one scalar or enum type: for a single value, and for a list of values. */
export interface Filters {
  readonly one: GraphQLInputObjectType;
  readonly list: GraphQLInputObjectType;
}

function filtersOf(type: Leaf, operators: readonly OperatorGroup[]): Filters {
  const rules =
    'All specified operators must match. Operands cannot be null; use `isNull` to match null.';
  return {
    one: new GraphQLInputObjectType({
      name: `${type.name}Filter`,
      description: `Conditions on a value of type \`${type.name}\`. ${rules}`,
      fields: () => operatorFields(type, operators),
    }),
    list: new GraphQLInputObjectType({
      name: `${type.name}ListFilter`,
      description: `Conditions on a list of \`${type.name}\` values. ${rules}`,
      fields: () => operatorFields(type, operatorsOfList),
    }),
  };
}

function operatorFields(type: Leaf, groups: readonly OperatorGroup[]): GraphQLInputFieldConfigMap {
  return Object.fromEntries(
    groups.flatMap((group) =>
      Object.entries<Operator>(filterOperators[group]).map(
        ([name, { operand, description }]) =>
          [name, inputField(operandType(operand, type), description)] as const,
      ),
    ),
  );
}

function operandType(operand: OperandKind, type: Leaf): GraphQLInputType {
  switch (operand) {
    case 'VALUE':
      return type;
    case 'VALUES':
      return listOf(type);
    case 'TEXT':
      return GraphQLString;
    case 'FLAG':
      return GraphQLBoolean;
    case 'MODE':
      return queryModeType;
    default:
      return assertNever(operand);
  }
}

// `Object.fromEntries` returns keys of type `string`, but the keys are exactly the names of the scalars.
export const scalarFilters = Object.fromEntries(
  scalarNames.map((name) => [name, filtersOf(apiScalars[name], operatorsOfScalar[name])]),
) as Readonly<Record<ScalarName, Filters>>;

export function enumFilters(type: GraphQLEnumType): Filters {
  return filtersOf(type, operatorsOfEnum);
}
