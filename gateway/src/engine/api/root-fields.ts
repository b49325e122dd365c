import {
  GraphQLBoolean,
  GraphQLInt,
  GraphQLObjectType,
  type GraphQLFieldConfig,
  type GraphQLFieldConfigArgumentMap,
  type GraphQLOutputType,
} from 'graphql';
import { requestLimits } from '../limits.ts';
import type { ModelType } from '../sdl/model.ts';
import { isUpdatable, mayRead, mayWrite } from './access.ts';
import type { ApiContext } from './api-types.ts';
import type { Bindings } from './bindings.ts';
import { listArguments } from './connection-types.ts';
import { inputField, listOf, outputField, required } from './shared-types.ts';

/** GraphQL requires a field in Query: a caller who may read nothing gets one whose value is null. */
export function queryType(context: ApiContext): GraphQLObjectType {
  const readable = context.index.model.types.filter(({ name }) => mayRead(context.access, name));
  return new GraphQLObjectType({
    name: 'Query',
    fields: () =>
      readable.length === 0
        ? { _empty: outputField(GraphQLBoolean, { kind: 'NOTHING' }, 'Nothing may be read.') }
        : Object.fromEntries(readable.flatMap((type) => queriesOf(context, type))),
  });
}

/** Null where nothing may be written. */
export function mutationType(context: ApiContext): GraphQLObjectType | null {
  const writable = context.index.model.types.filter(({ name }) => mayWrite(context.access, name));
  if (writable.length === 0) return null;
  return new GraphQLObjectType({
    name: 'Mutation',
    description: 'All mutations of a request are one transaction: all of them happen, or none.',
    fields: () => Object.fromEntries(writable.flatMap((type) => mutationsOf(context, type))),
  });
}

type NamedField = readonly [string, GraphQLFieldConfig<unknown, unknown>];

interface RootField {
  readonly name: string;
  readonly binding: Bindings['QUERY' | 'MUTATION'];
  readonly answer: GraphQLOutputType;
  readonly args: GraphQLFieldConfigArgumentMap;
  readonly description: string;
}

function rootField({ name, binding, answer, args, description }: RootField): NamedField {
  return [name, { ...outputField(answer, binding, description), args }];
}

function queriesOf(context: ApiContext, type: ModelType): readonly NamedField[] {
  const { types } = context;
  const { names, name } = type;
  return [
    rootField({
      name: names.one,
      binding: { kind: 'FIND', operation: 'FIND_ONE', type },
      answer: types.object(type),
      args: { where: inputField(required(types.whereUnique(type)), null) },
      description: `The \`${name}\` with this key, or null.`,
    }),
    rootField({
      name: names.many,
      binding: { kind: 'FIND', operation: 'FIND_MANY', type },
      answer: required(types.connection(type)),
      args: listArguments(context, type),
      description: `A page of the \`${name}\` rows that match.`,
    }),
  ];
}

function mutationsOf(context: ApiContext, type: ModelType): readonly NamedField[] {
  const canMatch = mayRead(context.access, type.name);
  const canUpdate = isUpdatable(context, type);
  return [
    createOne(context, type),
    createMany(context, type),
    ...(canUpdate ? [updateOne(context, type)] : []),
    ...(canUpdate && canMatch ? [updateMany(context, type)] : []),
    ...(canUpdate ? [upsertOne(context, type)] : []),
    deleteOne(context, type),
    ...(canMatch ? [deleteMany(context, type)] : []),
  ];
}

function createOne({ types }: ApiContext, type: ModelType): NamedField {
  return rootField({
    name: `create${type.name}`,
    binding: { kind: 'WRITE', operation: 'CREATE_ONE', type },
    answer: required(types.object(type)),
    args: { data: inputField(required(types.create(type)), null) },
    description: `Creates one \`${type.name}\`.`,
  });
}

function createMany({ types }: ApiContext, type: ModelType): NamedField {
  return rootField({
    name: `create${type.names.pluralType}`,
    binding: { kind: 'WRITE', operation: 'CREATE_MANY', type },
    answer: required(types.batch(type)),
    args: {
      data: inputField(required(listOf(types.create(type))), `At most ${requestLimits.namedRows}.`),
      skipDuplicates: {
        ...inputField(
          GraphQLBoolean,
          'Leaves out those with a unique key that exists, instead of failing.',
        ),
        defaultValue: false,
      },
    },
    description: `Creates many \`${type.name}\` rows.`,
  });
}

function updateOne({ types }: ApiContext, type: ModelType): NamedField {
  return rootField({
    name: `update${type.name}`,
    binding: { kind: 'WRITE', operation: 'UPDATE_ONE', type },
    answer: required(types.object(type)),
    args: {
      where: inputField(required(types.whereUnique(type)), null),
      data: inputField(required(types.update(type)), null),
    },
    description: `Changes the \`${type.name}\` with this key; \`NOT_FOUND\` if there is none.`,
  });
}

function updateMany({ types }: ApiContext, type: ModelType): NamedField {
  return rootField({
    name: `update${type.names.pluralType}`,
    binding: { kind: 'WRITE', operation: 'UPDATE_MANY', type },
    answer: required(types.batch(type)),
    args: {
      where: inputField(required(types.where(type)), 'Which rows; `{}` are all.'),
      data: inputField(required(types.update(type)), null),
      atMost,
    },
    description: `Changes every \`${type.name}\` that matches, all in the same way.`,
  });
}

function upsertOne({ types }: ApiContext, type: ModelType): NamedField {
  return rootField({
    name: `upsert${type.name}`,
    binding: { kind: 'WRITE', operation: 'UPSERT_ONE', type },
    answer: required(types.object(type)),
    args: {
      where: inputField(required(types.whereUnique(type)), null),
      create: inputField(required(types.create(type)), 'What to create if there is none.'),
      update: inputField(required(types.update(type)), 'What to change if there is one.'),
    },
    description: `Changes the \`${type.name}\` with this key, or creates it.`,
  });
}

function deleteOne({ types }: ApiContext, type: ModelType): NamedField {
  return rootField({
    name: `delete${type.name}`,
    binding: { kind: 'WRITE', operation: 'DELETE_ONE', type },
    answer: required(types.object(type)),
    args: { where: inputField(required(types.whereUnique(type)), null) },
    description: `Deletes the \`${type.name}\` with this key and answers what it was; \`NOT_FOUND\` if there is none.`,
  });
}

function deleteMany({ types }: ApiContext, type: ModelType): NamedField {
  return rootField({
    name: `delete${type.names.pluralType}`,
    binding: { kind: 'WRITE', operation: 'DELETE_MANY', type },
    answer: required(types.batch(type)),
    args: { where: inputField(required(types.where(type)), 'Which rows; `{}` are all.'), atMost },
    description: `Deletes every \`${type.name}\` that matches and answers them as they were.`,
  });
}

const atMost = {
  ...inputField(
    required(GraphQLInt),
    `Up to ${requestLimits.atMost}. If more rows match, none is touched: \`TOO_MANY_ROWS\`.`,
  ),
  defaultValue: 1,
};
