import { GraphQLEnumType, GraphQLInt, GraphQLObjectType, type GraphQLFieldConfig } from 'graphql';
import { assertNever } from '../../platform/assert-never.ts';
import type {
  EnumType,
  Field,
  ModelType,
  ToManyField,
  ToOneField,
  ValueField,
} from '../sdl/model.ts';
import { mayRead } from './access.ts';
import { leafType, valueType, type ApiContext } from './api-types.ts';
import { listArguments } from './connection-types.ts';
import { deprecationOf } from './deprecations.ts';
import { foreignKeyDescription, keyWord, paragraphs } from './descriptions.ts';
import { columnsOfForeignKey, isOwningSide, type ModelColumn } from './model-index.ts';
import { listOf, outputField, required } from './shared-types.ts';

export function enumTypeOf({ name, description, values }: EnumType): GraphQLEnumType {
  const configs = Object.fromEntries(
    values.map(({ name: value, description: about, deprecationReason }) => [
      value,
      { description: about, deprecationReason },
    ]),
  );
  return new GraphQLEnumType({ name, description, values: configs });
}

/** The object type of a row, with the fields that the caller can read. */
export function objectTypeOf(context: ApiContext, type: ModelType): GraphQLObjectType {
  const isReadable = mayRead(context.access, type.name);
  return new GraphQLObjectType({
    name: type.name,
    description: paragraphs(
      type.description,
      isReadable
        ? null
        : `Only the ${keyWord(type)} is available. This caller can write rows of this type but cannot read them.`,
    ),
    fields: () =>
      Object.fromEntries(
        isReadable
          ? type.fields.flatMap((field) => fieldsOf(context, field))
          : context.index.keyOf(type).map((column) => columnField(context, column)),
      ),
  });
}

type NamedField = readonly [string, GraphQLFieldConfig<unknown, unknown>];

function fieldsOf(context: ApiContext, field: Field): readonly NamedField[] {
  switch (field.kind) {
    case 'VALUE':
      return [valueField(context, field)];
    case 'TO_ONE':
      return [...keyFields(context, field), ...toOneField(context, field)];
    case 'TO_MANY':
      return toManyField(context, field);
    default:
      return assertNever(field);
  }
}

function valueField(context: ApiContext, field: ValueField): NamedField {
  const type = valueType(context, field);
  const binding = { kind: 'VALUE', field } as const;
  const description = field.description ?? roleDescriptions[field.role];
  const output = field.required ? required(type) : type;
  return [field.name, outputField(output, binding, description, field.deprecationReason)];
}

const roleDescriptions: Readonly<Record<ValueField['role'], string | null>> = {
  ID: null,
  PLAIN: null,
  CREATED_AT: 'When the row was created.',
  UPDATED_AT: 'When the row was last updated.',
};

function columnField(context: ApiContext, column: ModelColumn): NamedField {
  return column.field.kind === 'VALUE'
    ? valueField(context, column.field)
    : foreignKeyField(context, column);
}

function keyFields(context: ApiContext, field: ToOneField): readonly NamedField[] {
  if (!isOwningSide(field)) return [];
  return columnsOfForeignKey(field).map((column) => foreignKeyField(context, column));
}

function foreignKeyField(context: ApiContext, column: ModelColumn): NamedField {
  const leaf = leafType(context, column.type);
  const type = column.required ? required(leaf) : leaf;
  const description = foreignKeyDescription(context.index, column);
  const reason = deprecationOf(context, column.field);
  return [column.name, outputField(type, { kind: 'KEY', column }, description, reason)];
}

function toOneField(context: ApiContext, field: ToOneField): readonly NamedField[] {
  if (!mayRead(context.access, field.target)) return [];
  const target = context.types.object(context.index.type(field.target));
  const type = field.required ? required(target) : target;
  const binding = { kind: 'TO_ONE', field } as const;
  const reason = deprecationOf(context, field);
  return [[field.name, outputField(type, binding, field.description, reason)]];
}

function toManyField(context: ApiContext, field: ToManyField): readonly NamedField[] {
  if (!mayRead(context.access, field.target)) return [];
  const target = context.index.type(field.target);
  const type = required(context.types.connection(target));
  const binding = { kind: 'TO_MANY', field } as const;
  const config = outputField(type, binding, field.description, deprecationOf(context, field));
  return [[field.name, { ...config, args: listArguments(context, target) }]];
}

export function batchTypeOf(context: ApiContext, type: ModelType): GraphQLObjectType {
  return new GraphQLObjectType({
    name: `${type.name}Batch`,
    description: `The \`${type.name}\` rows that a mutation created, updated or deleted.`,
    fields: () => ({
      count: outputField(required(GraphQLInt), { kind: 'BATCH_COUNT' }, 'Number of rows.'),
      nodes: outputField(
        required(listOf(context.types.object(type))),
        { kind: 'BATCH_NODES' },
        'The rows.',
      ),
    }),
  });
}
