import {
  GraphQLInputObjectType,
  type GraphQLInputFieldConfig,
  type GraphQLInputFieldConfigMap,
} from 'graphql';
import { assertNever } from '../../platform/assert-never.ts';
import { uniqueInputName } from '../sdl/api-names.ts';
import type { Field, ModelType, UniqueKey } from '../sdl/model.ts';
import { leafType, type ApiContext } from './api-types.ts';
import { deprecationOf } from './deprecations.ts';
import { foreignKeyDescription, paragraphs } from './descriptions.ts';
import { quantifiers } from './filter-operators.ts';
import { scalarFilters } from './filters.ts';
import {
  columnsOfForeignKey,
  isOwningSide,
  type ModelColumn,
  type OwningSideField,
} from './model-index.ts';
import { hasOrder, isOrdered, keysOf, mayRead, mayReadField } from './permissions.ts';
import { inputField, listOf, required, sortOrderType } from './shared-types.ts';

type NamedInput = readonly [string, GraphQLInputFieldConfig];

export function whereTypeOf(context: ApiContext, type: ModelType): GraphQLInputObjectType {
  const name = `${type.name}WhereInput`;
  return new GraphQLInputObjectType({
    name,
    description: `Conditions on \`${type.name}\` rows. A row matches if all specified conditions are true.`,
    fields: () => {
      const self = context.types.where(type);
      return {
        and: inputField(
          listOf(self),
          'All of these conditions are true. An empty list matches all rows.',
        ),
        or: inputField(
          listOf(self),
          'At least one of these conditions is true. An empty list matches no rows.',
        ),
        not: inputField(self, 'This condition is not true.'),
        ...Object.fromEntries(type.fields.flatMap((field) => conditionsOn(context, type, field))),
      };
    },
  });
}

function conditionsOn(context: ApiContext, owner: ModelType, field: Field): readonly NamedInput[] {
  if (!mayReadField(context, owner.name, field.name)) return [];
  const { index, types } = context;
  const input = (type: GraphQLInputObjectType, description: string | null) =>
    inputField(type, description, deprecationOf(context, field));
  switch (field.kind) {
    case 'VALUE':
      return [[field.name, input(filterOf(context, field), field.description)]];
    case 'TO_ONE': {
      const key = isOwningSide(field) ? foreignKeyConditions(context, field) : [];
      if (!mayRead(context, field.target)) return key;
      const where = types.where(index.type(field.target));
      const description = `Conditions on \`${field.name}\`. Does not match null.`;
      return [...key, [field.name, input(where, description)]];
    }
    case 'TO_MANY': {
      if (!mayRead(context, field.target)) return [];
      const where = types.listWhere(index.type(field.target));
      return [[field.name, input(where, `Conditions on the rows in \`${field.name}\`.`)]];
    }
    default:
      return assertNever(field);
  }
}

function foreignKeyConditions(context: ApiContext, field: OwningSideField): readonly NamedInput[] {
  return columnsOfForeignKey(field).map((column) => {
    const what = foreignKeyDescription(context.index, column).replace(/^The/, 'the');
    const reason = deprecationOf(context, field);
    return [column.name, inputField(filterOf(context, column), `Conditions on ${what}`, reason)];
  });
}

function filterOf(
  { types }: ApiContext,
  { type, list }: Pick<ModelColumn, 'type' | 'list'>,
): GraphQLInputObjectType {
  const { one, list: ofList } =
    type.kind === 'ENUM' ? types.enumFilters(type.name) : scalarFilters[type.name];
  return list ? ofList : one;
}

export function listWhereTypeOf({ types }: ApiContext, type: ModelType): GraphQLInputObjectType {
  return new GraphQLInputObjectType({
    name: `${type.name}ListWhereInput`,
    description: `Conditions on a list of \`${type.name}\` rows. All specified conditions must be true.`,
    fields: () => {
      const where = types.where(type);
      return Object.fromEntries(
        Object.entries(quantifiers).map(([name, description]) => [
          name,
          inputField(where, description),
        ]),
      );
    },
  });
}

export function orderByTypeOf(context: ApiContext, type: ModelType): GraphQLInputObjectType {
  return new GraphQLInputObjectType({
    name: `${type.name}OrderByInput`,
    description: `The field of \`${type.name}\` to sort by. Specify exactly one field.`,
    fields: () =>
      Object.fromEntries(type.fields.flatMap((field) => orderingOf(context, type, field))),
  });
}

function orderingOf(context: ApiContext, owner: ModelType, field: Field): readonly NamedInput[] {
  if (!mayReadField(context, owner.name, field.name)) return [];
  const { index, types } = context;
  const reason = deprecationOf(context, field);
  switch (field.kind) {
    case 'VALUE': {
      if (!isOrdered(field)) return [];
      const note = field.type.kind === 'ENUM' ? 'Enum values are sorted by name.' : null;
      return [[field.name, inputField(sortOrderType, paragraphs(field.description, note), reason)]];
    }
    case 'TO_ONE': {
      if (!mayRead(context, field.target) || !hasOrder(context, index.type(field.target)))
        return [];
      const orderBy = types.orderBy(index.type(field.target));
      return [[field.name, inputField(orderBy, `Sorts by a field of \`${field.name}\`.`, reason)]];
    }
    case 'TO_MANY':
      return [];
    default:
      return assertNever(field);
  }
}

export function whereUniqueTypeOf(context: ApiContext, type: ModelType): GraphQLInputObjectType {
  return new GraphQLInputObjectType({
    name: `${type.name}WhereUniqueInput`,
    description: `Identifies one \`${type.name}\` row by one of its keys. Specify exactly one key.`,
    isOneOf: true,
    fields: () =>
      Object.fromEntries(keysOf(context, type).map((key) => uniqueInput(context, type, key))),
  });
}

function uniqueInput(context: ApiContext, type: ModelType, key: UniqueKey): NamedInput {
  const parts = context.index.columnsOf(type, key).map(({ name: part, type: of, field }) => ({
    name: part,
    type: leafType(context, of),
    deprecationReason: deprecationOf(context, field),
  }));
  const [first, ...more] = parts;
  if (first === undefined) throw new Error(`A unique key of ${type.name} has no fields.`);
  if (more.length === 0) return [key.name, inputField(first.type, null, first.deprecationReason)];
  const name = uniqueInputName(type.name, key.fields);
  const fields: GraphQLInputFieldConfigMap = Object.fromEntries(
    parts.map((part) => [part.name, inputField(required(part.type), null)]),
  );
  const description = `A unique key of \`${type.name}\`. Its fields together identify one row.`;
  const compound = new GraphQLInputObjectType({ name, description, fields });
  return [key.name, inputField(compound, null)];
}
