import {
  GraphQLEnumType,
  GraphQLInt,
  GraphQLNonNull,
  GraphQLObjectType,
  type GraphQLFieldConfig,
  type GraphQLFieldConfigArgumentMap,
} from 'graphql';
import type {
  EnumType,
  Field,
  ModelType,
  ToManyField,
  ToOneField,
  ValueField,
} from '../sdl/model.ts';
import { mayRead } from './access.ts';
import { aggregateType } from './aggregate-types.ts';
import { listOf, required, valueType, type ApiContext } from './api-types.ts';
import { paragraphs } from './descriptions.ts';
import { isOwningSide } from './model-index.ts';
import { apiScalars, cursorScalar } from './scalars.ts';
import { inputField, outputField, pageInfoType } from './shared-types.ts';

export function enumTypeOf({ name, description, values }: EnumType): GraphQLEnumType {
  const configs = Object.fromEntries(values.map((value) => [value, {}]));
  return new GraphQLEnumType({ name, description, values: configs });
}

/** What a caller sees of a row. */
export function objectTypeOf(context: ApiContext, type: ModelType): GraphQLObjectType {
  const isReadable = mayRead(context.access, type.name);
  return new GraphQLObjectType({
    name: type.name,
    description: paragraphs(
      type.description,
      isReadable ? null : 'Only its id is shown to who may write it and not read it.',
    ),
    fields: () =>
      Object.fromEntries(
        isReadable
          ? type.fields.flatMap((field) => fieldsOf(context, field))
          : fieldsOf(context, context.index.idOf(type)),
      ),
  });
}

type NamedField = readonly [string, GraphQLFieldConfig<unknown, unknown>];

function fieldsOf(context: ApiContext, field: Field): readonly NamedField[] {
  switch (field.kind) {
    case 'VALUE':
      return [valueField(context, field)];
    case 'TO_ONE':
      return [...keyField(field), ...toOneField(context, field)];
    case 'TO_MANY':
      return toManyField(context, field);
  }
}

function valueField(context: ApiContext, field: ValueField): NamedField {
  const type = valueType(context, field);
  const binding = { kind: 'VALUE', field } as const;
  const description = field.description ?? roleDescriptions[field.role];
  return [field.name, outputField(field.required ? required(type) : type, binding, description)];
}

const roleDescriptions: Readonly<Record<ValueField['role'], string | null>> = {
  ID: null,
  PLAIN: null,
  CREATED_AT: 'When it was created.',
  UPDATED_AT: 'When it was last changed.',
};

function keyField(field: ToOneField): readonly NamedField[] {
  if (!isOwningSide(field)) return [];
  const type = field.required ? required(apiScalars.ID) : apiScalars.ID;
  const binding = { kind: 'KEY', field } as const;
  return [[field.key.name, outputField(type, binding, `The id of \`${field.name}\`.`)]];
}

function toOneField(context: ApiContext, field: ToOneField): readonly NamedField[] {
  if (!mayRead(context.access, field.target)) return [];
  const target = context.types.object(context.index.type(field.target));
  const type = field.required ? required(target) : target;
  return [[field.name, outputField(type, { kind: 'TO_ONE', field }, field.description)]];
}

function toManyField(context: ApiContext, field: ToManyField): readonly NamedField[] {
  if (!mayRead(context.access, field.target)) return [];
  const target = context.index.type(field.target);
  const type = required(context.types.connection(target));
  const config = outputField(type, { kind: 'TO_MANY', field }, field.description);
  return [[field.name, { ...config, args: listArguments(context, target) }]];
}

/** Of every list, at the root as on objects. */
export function listArguments(
  { types }: ApiContext,
  type: ModelType,
): GraphQLFieldConfigArgumentMap {
  const size = Math.min(defaultPageSize, type.maxPageSize);
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

const defaultPageSize = 20;

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
          new GraphQLNonNull(listOf(node.ofType)),
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
          required(aggregateType(context, type)),
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

export function batchTypeOf(context: ApiContext, type: ModelType): GraphQLObjectType {
  return new GraphQLObjectType({
    name: `${type.name}Batch`,
    description: `What a mutation wrote of \`${type.name}\`.`,
    fields: () => ({
      count: outputField(required(GraphQLInt), { kind: 'BATCH_COUNT' }, 'How many rows it wrote.'),
      nodes: outputField(
        required(listOf(context.types.object(type))),
        { kind: 'BATCH_NODES' },
        'The rows that it wrote.',
      ),
    }),
  });
}
