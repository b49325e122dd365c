import {
  GraphQLBoolean,
  GraphQLInputObjectType,
  type GraphQLInputFieldConfig,
  type GraphQLInputFieldConfigMap,
} from 'graphql';
import { assertNever } from '../../platform/assert-never.ts';
import type { Field, ModelType, ToManyField, ToOneField, ValueField } from '../sdl/model.ts';
import { mayRead, mayWrite, nestedAccess } from './access.ts';
import { valueType, type ApiContext } from './api-types.ts';
import { defaultOf, paragraphs, rulesOf, sentences } from './descriptions.ts';
import { isOwningSide } from './model-index.ts';
import { apiScalars } from './scalars.ts';
import { inputField, listOf, required } from './shared-types.ts';

type NamedInput = readonly [string, GraphQLInputFieldConfig];

export function createTypeOf(context: ApiContext, type: ModelType): GraphQLInputObjectType {
  return new GraphQLInputObjectType({
    name: `${type.name}CreateInput`,
    description: `A new row of \`${type.name}\`.`,
    fields: () => Object.fromEntries(type.fields.flatMap((each) => newField(context, type, each))),
  });
}

function newField(context: ApiContext, type: ModelType, field: Field): readonly NamedInput[] {
  if (field.kind !== 'VALUE') return relationInputs(context, type, field, 'CREATE');
  switch (field.role) {
    case 'CREATED_AT':
    case 'UPDATED_AT':
      return [];
    case 'ID':
      return [[field.name, inputField(apiScalars.ID, 'Made by the API, a UUIDv7, unless given.')]];
    case 'PLAIN': {
      const given = valueType(context, field);
      const mustBeGiven = field.required && field.default === null;
      return [valueInput(field, mustBeGiven ? required(given) : given, defaultOf(field))];
    }
    default:
      return assertNever(field.role);
  }
}

export function updateTypeOf(context: ApiContext, type: ModelType): GraphQLInputObjectType {
  return new GraphQLInputObjectType({
    name: `${type.name}UpdateInput`,
    description: `Changes to a row of \`${type.name}\`: what is not given stays as it is.`,
    fields: () =>
      Object.fromEntries(type.fields.flatMap((each) => changedField(context, type, each))),
  });
}

function changedField(context: ApiContext, type: ModelType, field: Field): readonly NamedInput[] {
  if (field.kind !== 'VALUE') return relationInputs(context, type, field, 'UPDATE');
  if (field.role !== 'PLAIN') return [];
  return [valueInput(field, valueType(context, field), field.required ? 'Cannot be null.' : null)];
}

function valueInput(
  field: ValueField,
  type: GraphQLInputFieldConfig['type'],
  note: string | null,
): NamedInput {
  const description = paragraphs(field.description, sentences(rulesOf(field), note));
  return [field.name, inputField(type, description)];
}

type Writing = 'CREATE' | 'UPDATE';

function relationInputs(
  context: ApiContext,
  type: ModelType,
  field: ToOneField | ToManyField,
  writing: Writing,
): readonly NamedInput[] {
  const nested = nestedInput(context, type, field, writing);
  const relation: readonly NamedInput[] =
    nested === null ? [] : [[field.name, inputField(nested, field.description)]];
  if (field.kind === 'TO_MANY' || !isOwningSide(field)) return relation;
  const description = sentences(
    `The id of \`${field.name}\`.`,
    keyRule(field, nested !== null, writing),
  );
  return [[field.key.name, inputField(apiScalars.ID, description)], ...relation];
}

function keyRule(field: ToOneField, isNested: boolean, writing: Writing): string | null {
  const mustBeGiven = field.required && writing === 'CREATE';
  const unless = `unless the row is nested in its \`${field.name}\``;
  if (isNested) {
    return mustBeGiven
      ? `Give either this or \`${field.name}\`, ${unless}.`
      : `Give at most one of this and \`${field.name}\`.`;
  }
  if (mustBeGiven) return `Must be given, ${unless}.`;
  return field.required ? 'Cannot be null.' : null;
}

/** Null where the caller may change nothing on the other side. */
function nestedInput(
  { access, index, types }: ApiContext,
  type: ModelType,
  field: ToOneField | ToManyField,
  writing: Writing,
): GraphQLInputObjectType | null {
  const { connect, create, detach } = nestedAccess({ access, index }, type, field);
  if (!connect && !create) return null;
  const target = index.type(field.target);
  const isUpdate = writing === 'UPDATE' && detach;
  if (field.kind === 'TO_ONE') {
    return isUpdate ? types.nestedUpdate(target) : types.nestedCreate(target);
  }
  return isUpdate ? types.nestedListUpdate(target) : types.nestedListCreate(target);
}

export function nestedCreateTypeOf(context: ApiContext, type: ModelType): GraphQLInputObjectType {
  return new GraphQLInputObjectType({
    name: `${type.name}NestedCreateInput`,
    description: `To which \`${type.name}\` a row belongs: give exactly one.`,
    fields: () => attachOne(context, type),
  });
}

export function nestedUpdateTypeOf(context: ApiContext, type: ModelType): GraphQLInputObjectType {
  return new GraphQLInputObjectType({
    name: `${type.name}NestedUpdateInput`,
    description: `To which \`${type.name}\` a row belongs: give exactly one.`,
    fields: () => ({
      ...attachOne(context, type),
      disconnect: inputField(GraphQLBoolean, 'With `true`, the row has none any more.'),
    }),
  });
}

function attachOne({ access, types }: ApiContext, type: ModelType): GraphQLInputFieldConfigMap {
  return {
    ...(mayRead(access, type.name) && {
      connect: inputField(types.whereUnique(type), 'One that exists.'),
    }),
    ...(mayWrite(access, type.name) && { create: inputField(types.create(type), 'A new one.') }),
  };
}

export function nestedListCreateTypeOf(
  context: ApiContext,
  type: ModelType,
): GraphQLInputObjectType {
  return new GraphQLInputObjectType({
    name: `${type.name}NestedListCreateInput`,
    description: `What to put into a list of \`${type.name}\`.`,
    fields: () => attachMany(context, type),
  });
}

export function nestedListUpdateTypeOf(
  context: ApiContext,
  type: ModelType,
): GraphQLInputObjectType {
  return new GraphQLInputObjectType({
    name: `${type.name}NestedListUpdateInput`,
    description: `Changes to a list of \`${type.name}\`.`,
    fields: () => {
      const rows = listOf(context.types.whereUnique(type));
      return {
        ...attachMany(context, type),
        disconnect: inputField(rows, 'Takes these out of the list; they are not deleted.'),
        set: inputField(rows, 'Makes these the whole list; others are taken out of it.'),
      };
    },
  });
}

function attachMany({ access, types }: ApiContext, type: ModelType): GraphQLInputFieldConfigMap {
  return {
    ...(mayRead(access, type.name) && {
      connect: inputField(listOf(types.whereUnique(type)), 'Adds some that exist.'),
    }),
    ...(mayWrite(access, type.name) && {
      create: inputField(listOf(types.create(type)), 'Adds new ones.'),
    }),
  };
}
