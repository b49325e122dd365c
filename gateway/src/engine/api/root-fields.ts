import {
  GraphQLBoolean,
  GraphQLInt,
  GraphQLObjectType,
  type GraphQLFieldConfig,
  type GraphQLFieldConfigArgumentMap,
  type GraphQLOutputType,
} from 'graphql';
import type { ModelType } from '../sdl/model.ts';
import { mayRead, mayWrite } from './access.ts';
import { listOf, required, type ApiContext } from './api-types.ts';
import type { RootOperation } from './bindings.ts';
import { listArguments } from './object-types.ts';
import { isUpdatable } from './rights.ts';
import { inputField, outputField } from './shared-types.ts';

/** GraphQL wants a Query with at least one field; so who may read nothing has one that says nothing. */
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
  readonly operation: RootOperation;
  readonly type: ModelType;
  readonly answer: GraphQLOutputType;
  readonly args: GraphQLFieldConfigArgumentMap;
  readonly description: string;
}

function rootField({ name, operation, type, answer, args, description }: RootField): NamedField {
  const binding = { kind: 'ROOT', operation, type } as const;
  return [name, { ...outputField(answer, binding, description), args }];
}

function queriesOf(context: ApiContext, type: ModelType): readonly NamedField[] {
  const { types } = context;
  const { names, name } = type;
  return [
    rootField({
      name: names.one,
      operation: 'FIND_ONE',
      type,
      answer: types.object(type),
      args: { where: inputField(required(types.whereUnique(type)), null) },
      description: `The \`${name}\` with this key, or null.`,
    }),
    rootField({
      name: names.many,
      operation: 'FIND_MANY',
      type,
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
    operation: 'CREATE_ONE',
    type,
    answer: required(types.object(type)),
    args: { data: inputField(required(types.create(type)), null) },
    description: `Creates one \`${type.name}\`.`,
  });
}

function createMany({ types }: ApiContext, type: ModelType): NamedField {
  return rootField({
    name: `create${type.names.pluralType}`,
    operation: 'CREATE_MANY',
    type,
    answer: required(types.batch(type)),
    args: {
      data: inputField(required(listOf(types.create(type))), 'At most 10000.'),
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
    operation: 'UPDATE_ONE',
    type,
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
    operation: 'UPDATE_MANY',
    type,
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
    operation: 'UPSERT_ONE',
    type,
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
    operation: 'DELETE_ONE',
    type,
    answer: required(types.object(type)),
    args: { where: inputField(required(types.whereUnique(type)), null) },
    description: `Deletes the \`${type.name}\` with this key and answers what it was; \`NOT_FOUND\` if there is none.`,
  });
}

function deleteMany({ types }: ApiContext, type: ModelType): NamedField {
  return rootField({
    name: `delete${type.names.pluralType}`,
    operation: 'DELETE_MANY',
    type,
    answer: required(types.batch(type)),
    args: { where: inputField(required(types.where(type)), 'Which rows; `{}` are all.'), atMost },
    description: `Deletes every \`${type.name}\` that matches and answers them as they were.`,
  });
}

const atMost = {
  ...inputField(
    required(GraphQLInt),
    'Up to 10000. If more rows match, none is touched: `TOO_MANY_ROWS`.',
  ),
  defaultValue: 1,
};
