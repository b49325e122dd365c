import {
  GraphQLBoolean,
  GraphQLInputObjectType,
  type GraphQLInputFieldConfig,
  type GraphQLInputFieldConfigMap,
} from 'graphql';
import { assertNever } from '../../platform/assert-never.ts';
import type { Field, ModelType, ToManyField, ToOneField, ValueField } from '../sdl/model.ts';
import { leafType, valueType, type ApiContext } from './api-types.ts';
import { deprecationOf } from './deprecations.ts';
import {
  defaultOf,
  foreignKeyDescription,
  paragraphs,
  rulesOf,
  sentences,
} from './descriptions.ts';
import { columnsOfForeignKey, isInKey, isOwningSide } from './model-index.ts';
import {
  hasDetachingInput,
  incomingAccess,
  mayWriteField,
  mayWriteKey,
  nestedAccess,
  type Writing,
  signUpFields,
} from './permissions.ts';
import { inputField, listOf, required } from './shared-types.ts';

type NamedInput = readonly [string, GraphQLInputFieldConfig];

export function createTypeOf(context: ApiContext, type: ModelType): GraphQLInputObjectType {
  return new GraphQLInputObjectType({
    name: `${type.name}CreateInput`,
    description: `A new \`${type.name}\` row.`,
    fields: () => Object.fromEntries(type.fields.flatMap((each) => newField(context, type, each))),
  });
}

function newField(context: ApiContext, type: ModelType, field: Field): readonly NamedInput[] {
  if (field.kind !== 'VALUE') return relationInputs(context, type, field, 'CREATE');
  const written = { type: type.name, field: field.name, writing: 'CREATE' } as const;
  if (!mayWriteField(context, written)) return [];
  switch (field.role) {
    case 'CREATED_AT':
    case 'UPDATED_AT':
      return [];
    case 'ID':
    case 'PLAIN': {
      const given = valueType(context, field);
      const mustBeGiven = field.required && field.default === null && field.generate === null;
      // The description of an `ID` says only how ids are made, so that the API of older schemas does not change.
      const described =
        field.role === 'ID' && field.type.name === 'ID' ? withoutDescription(field) : field;
      return [valueInput(described, mustBeGiven ? required(given) : given, defaultOf(field))];
    }
    default:
      return assertNever(field.role);
  }
}

/** The values that a new user sets with `createMe`. */
export function signUpTypeOf(context: ApiContext, type: ModelType): GraphQLInputObjectType {
  return new GraphQLInputObjectType({
    name: `${type.name}SignUpInput`,
    description: `What a new \`${type.name}\` tells about itself.`,
    fields: () =>
      Object.fromEntries(
        signUpFields(context, type).map((field) => {
          const mustBeGiven = field.required && field.default === null && field.generate === null;
          const given = valueType(context, field);
          return valueInput(field, mustBeGiven ? required(given) : given, defaultOf(field));
        }),
      ),
  });
}

function withoutDescription(field: ValueField): ValueField {
  return { ...field, description: null };
}

export function updateTypeOf(context: ApiContext, type: ModelType): GraphQLInputObjectType {
  return new GraphQLInputObjectType({
    name: `${type.name}UpdateInput`,
    description: `Changes to one \`${type.name}\` row. Omitted fields keep their values.`,
    fields: () =>
      Object.fromEntries(type.fields.flatMap((each) => changedField(context, type, each))),
  });
}

function changedField(context: ApiContext, type: ModelType, field: Field): readonly NamedInput[] {
  if (isInKey(type, field)) return [];
  if (field.kind !== 'VALUE') return relationInputs(context, type, field, 'UPDATE');
  const written = { type: type.name, field: field.name, writing: 'UPDATE' } as const;
  if (field.role !== 'PLAIN' || !mayWriteField(context, written)) return [];
  return [valueInput(field, valueType(context, field), field.required ? 'Cannot be null.' : null)];
}

function valueInput(
  field: ValueField,
  type: GraphQLInputFieldConfig['type'],
  note: string | null,
): NamedInput {
  const description = paragraphs(field.description, sentences(rulesOf(field), note));
  return [field.name, inputField(type, description, field.deprecationReason)];
}

function relationInputs(
  context: ApiContext,
  type: ModelType,
  field: ToOneField | ToManyField,
  writing: Writing,
): readonly NamedInput[] {
  const nested = nestedInput(context, type, field, writing);
  const reason = deprecationOf(context, field);
  const relation: readonly NamedInput[] =
    nested === null ? [] : [[field.name, inputField(nested, field.description, reason)]];
  if (field.kind === 'TO_MANY' || !isOwningSide(field)) return relation;
  if (!mayWriteKey(context, { type, field, writing })) return relation;
  const rule = keyRule(field, nested !== null, writing);
  const keys = columnsOfForeignKey(field).map((column): NamedInput => {
    const description = sentences(foreignKeyDescription(context.index, column), rule);
    return [column.name, inputField(leafType(context, column.type), description, reason)];
  });
  return [...keys, ...relation];
}

function keyRule(field: ToOneField, isNested: boolean, writing: Writing): string | null {
  const mustBeGiven = field.required && writing === 'CREATE';
  const unless = `unless this input is nested in the input for its \`${field.name}\``;
  if (isNested) {
    return mustBeGiven
      ? `Specify either this or \`${field.name}\`, ${unless}.`
      : `Specify this or \`${field.name}\`, but not both.`;
  }
  if (mustBeGiven) return `Required, ${unless}.`;
  return field.required ? 'Cannot be null.' : null;
}

/**
 * The input type for the other side of a relation. Null if the caller can neither connect nor create rows on that side.
 */
function nestedInput(
  context: ApiContext,
  type: ModelType,
  field: ToOneField | ToManyField,
  writing: Writing,
): GraphQLInputObjectType | null {
  const { index, types } = context;
  const { connect, create } = nestedAccess(context, { type, field, writing });
  if (!connect && !create) return null;
  const target = index.type(field.target);
  const isUpdate = hasDetachingInput(context, { type, field, writing });
  if (field.kind === 'TO_ONE') {
    return isUpdate ? types.nestedUpdate(target) : types.nestedCreate(target);
  }
  return isUpdate ? types.nestedListUpdate(target) : types.nestedListCreate(target);
}

export function nestedCreateTypeOf(context: ApiContext, type: ModelType): GraphQLInputObjectType {
  return new GraphQLInputObjectType({
    name: `${type.name}NestedCreateInput`,
    description: `The related \`${type.name}\` of a row. Specify exactly one field.`,
    fields: () => attachOne(context, type),
  });
}

export function nestedUpdateTypeOf(context: ApiContext, type: ModelType): GraphQLInputObjectType {
  return new GraphQLInputObjectType({
    name: `${type.name}NestedUpdateInput`,
    description: `The related \`${type.name}\` of a row. Specify exactly one field.`,
    fields: () => ({
      ...attachOne(context, type),
      ...(incomingAccess(context, type).detach && {
        disconnect: inputField(
          GraphQLBoolean,
          'If true, removes the relation. The related row is not deleted.',
        ),
      }),
    }),
  });
}

function attachOne(context: ApiContext, type: ModelType): GraphQLInputFieldConfigMap {
  const { types } = context;
  const { connect, create } = incomingAccess(context, type);
  return {
    ...(connect && {
      connect: inputField(types.whereUnique(type), 'Connects an existing row.'),
    }),
    ...(create && {
      create: inputField(types.create(type), 'Creates a row and connects it.'),
    }),
  };
}

export function nestedListCreateTypeOf(
  context: ApiContext,
  type: ModelType,
): GraphQLInputObjectType {
  return new GraphQLInputObjectType({
    name: `${type.name}NestedListCreateInput`,
    description: `Rows to add to a list of \`${type.name}\` rows.`,
    fields: () => attachMany(context, type),
  });
}

export function nestedListUpdateTypeOf(
  context: ApiContext,
  type: ModelType,
): GraphQLInputObjectType {
  return new GraphQLInputObjectType({
    name: `${type.name}NestedListUpdateInput`,
    description: `Changes to a list of \`${type.name}\` rows.`,
    fields: () => {
      const rows = listOf(context.types.whereUnique(type));
      return {
        ...attachMany(context, type),
        ...(incomingAccess(context, type).detach && {
          disconnect: inputField(rows, 'Removes these rows from the list. They are not deleted.'),
          set: inputField(
            rows,
            'Replaces the list with these rows. Other rows are removed from the list, but not deleted.',
          ),
        }),
      };
    },
  });
}

function attachMany(context: ApiContext, type: ModelType): GraphQLInputFieldConfigMap {
  const { types } = context;
  const { connect, create } = incomingAccess(context, type);
  return {
    ...(connect && {
      connect: inputField(listOf(types.whereUnique(type)), 'Adds existing rows.'),
    }),
    ...(create && {
      create: inputField(listOf(types.create(type)), 'Creates rows and adds them.'),
    }),
  };
}
