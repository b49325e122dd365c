import type { GraphQLEnumType } from 'graphql';
import {
  GraphQLBoolean,
  GraphQLInputObjectType,
  GraphQLList,
  GraphQLNonNull,
  GraphQLString,
  type GraphQLInputFieldConfigMap,
  type GraphQLScalarType,
} from 'graphql';
import type { ScalarName } from '../sdl/model.ts';
import { apiScalars } from './scalars.ts';
import { inputField, queryModeType } from './shared-types.ts';

type Leaf = GraphQLScalarType | GraphQLEnumType;

const isNull = inputField(GraphQLBoolean, 'Whether there is no value.');

function equality(type: Leaf): GraphQLInputFieldConfigMap {
  return {
    eq: inputField(type, 'Equal to this.'),
    neq: inputField(type, 'A value other than this; null is none.'),
    in: inputField(listOf(type), 'One of these; of an empty list, nothing is.'),
    notIn: inputField(listOf(type), 'A value that is none of these.'),
    isNull,
  };
}

function comparison(type: Leaf): GraphQLInputFieldConfigMap {
  return {
    lt: inputField(type, 'Less than this.'),
    lte: inputField(type, 'Less than this, or equal.'),
    gt: inputField(type, 'Greater than this.'),
    gte: inputField(type, 'Greater than this, or equal.'),
  };
}

const textSearch: GraphQLInputFieldConfigMap = {
  contains: inputField(GraphQLString, 'Has this text in it, taken literally.'),
  startsWith: inputField(GraphQLString, 'Starts with this text, taken literally.'),
  endsWith: inputField(GraphQLString, 'Ends with this text, taken literally.'),
  like: inputField(
    GraphQLString,
    'Matches this pattern as a whole: `%` stands for any characters, `_` for one, and `\\` makes the next one literal.',
  ),
  ilike: inputField(GraphQLString, 'As `like`, with capitals and small letters alike.'),
  mode: inputField(
    queryModeType,
    'How `eq neq in notIn contains startsWith endsWith like` compare in this filter; `DEFAULT` unless given.',
  ),
};

function fieldsFor(scalar: ScalarName): GraphQLInputFieldConfigMap {
  const type = apiScalars[scalar];
  switch (scalar) {
    case 'Boolean':
      return equality(type);
    case 'ID':
    case 'UUID':
    case 'Int':
    case 'Float':
    case 'BigInt':
    case 'Decimal':
    case 'DateTime':
    case 'Date':
      return { ...equality(type), ...comparison(type) };
    case 'String':
      return { ...equality(type), ...comparison(type), ...textSearch };
    case 'JSON':
      return {
        eq: inputField(type, 'The same JSON value; the order of keys does not matter.'),
        contains: inputField(
          type,
          'Has this in it: of an object every key with its value, of a list every item.',
        ),
        hasKey: inputField(GraphQLString, 'An object with this key at its top.'),
        isNull,
      };
  }
}

const everyOperator = 'Every operator given must hold. No operand may be null: see `isNull`.';

function filterOf(type: Leaf, fields: () => GraphQLInputFieldConfigMap): GraphQLInputObjectType {
  const description = `Conditions on a value of the type \`${type.name}\`. ${everyOperator}`;
  return new GraphQLInputObjectType({ name: `${type.name}Filter`, description, fields });
}

function listFilterOf(type: Leaf): GraphQLInputObjectType {
  return new GraphQLInputObjectType({
    name: `${type.name}ListFilter`,
    description: `Conditions on a list of the type \`${type.name}\`. ${everyOperator}`,
    fields: () => ({
      eq: inputField(listOf(type), 'The same items in the same order.'),
      has: inputField(type, 'This is one of its items.'),
      hasSome: inputField(listOf(type), 'At least one of these is one of its items.'),
      hasEvery: inputField(listOf(type), 'All of these are among its items.'),
      isEmpty: inputField(GraphQLBoolean, 'Whether it has no items.'),
      isNull,
    }),
  });
}

function listOf(type: Leaf): GraphQLList<GraphQLNonNull<Leaf>> {
  return new GraphQLList(new GraphQLNonNull(type));
}

interface Filters {
  readonly one: GraphQLInputObjectType;
  readonly list: GraphQLInputObjectType;
}

function scalarFilter(scalar: ScalarName): Filters {
  const type = apiScalars[scalar];
  return { one: filterOf(type, () => fieldsFor(scalar)), list: listFilterOf(type) };
}

export const scalarFilters: Readonly<Record<ScalarName, Filters>> = {
  ID: scalarFilter('ID'),
  String: scalarFilter('String'),
  Int: scalarFilter('Int'),
  Float: scalarFilter('Float'),
  Boolean: scalarFilter('Boolean'),
  BigInt: scalarFilter('BigInt'),
  Decimal: scalarFilter('Decimal'),
  DateTime: scalarFilter('DateTime'),
  Date: scalarFilter('Date'),
  JSON: scalarFilter('JSON'),
  UUID: scalarFilter('UUID'),
};

/** Values of an enum have no order, so that there is no less and greater. */
export function enumFilters(type: GraphQLEnumType): Filters {
  return { one: filterOf(type, () => equality(type)), list: listFilterOf(type) };
}
