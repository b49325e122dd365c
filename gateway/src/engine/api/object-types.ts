import {
  GraphQLEnumType,
  GraphQLInt,
  GraphQLList,
  GraphQLObjectType,
  type GraphQLFieldConfig,
} from 'graphql';
import { assertNever } from '../../platform/assert-never.ts';
import type {
  EnumType,
  Field,
  ModelType,
  ToManyField,
  ToOneField,
  ValueField,
} from '../sdl/model.ts';
import { leafType, valueType, type ApiContext } from './api-types.ts';
import { listArguments } from './connection-types.ts';
import { deprecationOf } from './deprecations.ts';
import { foreignKeyDescription, keyWord, paragraphs } from './descriptions.ts';
import { columnsOfForeignKey, isOwningSide, type ModelColumn } from './model-index.ts';
import { hasHideableRows, isHideable, mayRead, mayReadField } from './permissions.ts';
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
  const isReadable = mayRead(context, type.name);
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
          ? type.fields.flatMap((field) => fieldsOf(context, type, field))
          : context.index.keyOf(type).map((column) => columnField(context, type, column)),
      ),
  });
}

type NamedField = readonly [string, GraphQLFieldConfig<unknown, unknown>];

function fieldsOf(context: ApiContext, type: ModelType, field: Field): readonly NamedField[] {
  if (!mayReadField(context, type.name, field.name)) return [];
  switch (field.kind) {
    case 'VALUE':
      return [valueField(context, type, field)];
    case 'TO_ONE':
      return [...keyFields(context, type, field), ...toOneField(context, type, field)];
    case 'TO_MANY':
      return toManyField(context, type, field);
    default:
      return assertNever(field);
  }
}

function valueField(context: ApiContext, owner: ModelType, field: ValueField): NamedField {
  const type = valueType(context, field);
  const binding = { kind: 'VALUE', field } as const;
  const hides = isHideable(context, owner.name, field.name);
  const description = paragraphs(
    field.description ?? roleDescriptions[field.role],
    hides ? hiddenValue : null,
  );
  const output = field.required && !hides ? required(type) : type;
  return [field.name, outputField(output, binding, description, field.deprecationReason)];
}

/** Only for callers to whom access rules apply. */
const hiddenValue = 'Null if access rules hide the value.';
const hiddenRow = 'Null if access rules hide the row.';

const roleDescriptions: Readonly<Record<ValueField['role'], string | null>> = {
  ID: null,
  PLAIN: null,
  CREATED_AT: 'When the row was created.',
  UPDATED_AT: 'When the row was last updated.',
};

function columnField(context: ApiContext, owner: ModelType, column: ModelColumn): NamedField {
  return column.field.kind === 'VALUE'
    ? valueField(context, owner, column.field)
    : foreignKeyField(context, owner, column);
}

function keyFields(
  context: ApiContext,
  owner: ModelType,
  field: ToOneField,
): readonly NamedField[] {
  if (!isOwningSide(field)) return [];
  return columnsOfForeignKey(field).map((column) => foreignKeyField(context, owner, column));
}

function foreignKeyField(context: ApiContext, owner: ModelType, column: ModelColumn): NamedField {
  const leaf = leafType(context, column.type);
  const hides = isHideable(context, owner.name, column.field.name);
  const type = column.required && !hides ? required(leaf) : leaf;
  const description = paragraphs(
    foreignKeyDescription(context.index, column),
    hides ? hiddenValue : null,
  );
  const reason = deprecationOf(context, column.field);
  return [column.name, outputField(type, { kind: 'KEY', column }, description, reason)];
}

function toOneField(
  context: ApiContext,
  owner: ModelType,
  field: ToOneField,
): readonly NamedField[] {
  if (!mayRead(context, field.target)) return [];
  const target = context.types.object(context.index.type(field.target));
  const hides =
    isHideable(context, owner.name, field.name) || hasHideableRows(context, field.target);
  const type = field.required && !hides ? required(target) : target;
  const binding = { kind: 'TO_ONE', field } as const;
  const reason = deprecationOf(context, field);
  const description = paragraphs(field.description, hides ? hiddenRow : null);
  return [[field.name, outputField(type, binding, description, reason)]];
}

function toManyField(
  context: ApiContext,
  owner: ModelType,
  field: ToManyField,
): readonly NamedField[] {
  if (!mayRead(context, field.target)) return [];
  const target = context.index.type(field.target);
  const connection = context.types.connection(target);
  const type = isHideable(context, owner.name, field.name) ? connection : required(connection);
  const binding = { kind: 'TO_MANY', field } as const;
  const config = outputField(type, binding, field.description, deprecationOf(context, field));
  return [[field.name, { ...config, args: listArguments(context, target) }]];
}

export function batchTypeOf(context: ApiContext, type: ModelType): GraphQLObjectType {
  return new GraphQLObjectType({
    name: `${type.name}Batch`,
    description: `The \`${type.name}\` rows that a mutation created, updated or deleted.`,
    fields: () => {
      const row = context.types.object(type);
      // Rows that access rules hide are null, so that a caller knows how many it wrote.
      const rows = hasHideableRows(context, type.name) ? new GraphQLList(row) : listOf(row);
      return {
        count: outputField(required(GraphQLInt), { kind: 'BATCH_COUNT' }, 'Number of rows.'),
        nodes: outputField(required(rows), { kind: 'BATCH_NODES' }, 'The rows.'),
      };
    },
  });
}
