import {
  GraphQLBoolean,
  GraphQLInt,
  GraphQLObjectType,
  type GraphQLFieldConfig,
  type GraphQLFieldConfigArgumentMap,
  type GraphQLOutputType,
} from 'graphql';
import { requestLimits } from '../limits.ts';
import { rootTypeNames } from '../sdl/api-names.ts';
import type { ModelType } from '../sdl/model.ts';
import type { ApiContext } from './api-types.ts';
import type { Bindings } from './bindings.ts';
import { listArguments } from './connection-types.ts';
import {
  hasHideableRows,
  isUpdatable,
  mayCreate,
  mayDelete,
  mayRead,
  maySignUp,
  signUpFields,
} from './permissions.ts';
import { inputField, listOf, outputField, required } from './shared-types.ts';

/**
 * The Query type. GraphQL requires it to have a field, so a caller without read access gets a placeholder whose value
 * is null.
 */
export function queryType(context: ApiContext): GraphQLObjectType {
  const readable = context.index.model.types.filter(({ name }) => mayRead(context, name));
  return new GraphQLObjectType({
    name: rootNames(context).query,
    fields: () =>
      readable.length === 0
        ? {
            _empty: outputField(
              GraphQLBoolean,
              { kind: 'NOTHING' },
              'A placeholder. This caller cannot read any types.',
            ),
          }
        : Object.fromEntries([
            ...readable.flatMap((type) => meOf(context, type)),
            ...readable.flatMap((type) => queriesOf(context, type)),
          ]),
  });
}

/** The Mutation type. Null if the caller cannot write any type. */
export function mutationType(context: ApiContext): GraphQLObjectType | null {
  const fields = context.index.model.types.flatMap((type) => mutationsOf(context, type));
  if (fields.length === 0) return null;
  return new GraphQLObjectType({
    name: rootNames(context).mutation,
    description:
      'All mutations in a request run in one transaction. If one of them fails, nothing is changed.',
    fields: Object.fromEntries(fields),
  });
}

function rootNames({ index: { model } }: ApiContext) {
  const names = new Set([...model.types, ...model.enums].map(({ name }) => name));
  return rootTypeNames({ has: (name) => names.has(name) });
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
  const reason = binding.kind === 'NOTHING' ? null : binding.type.deprecationReason;
  return [name, { ...outputField(answer, binding, description, reason), args }];
}

/** The caller's own row, if the rows of the type are the users of the project. Servers have this field too. */
function meOf({ index: { model }, types }: ApiContext, type: ModelType): readonly NamedField[] {
  if (type.name !== model.access?.userType) return [];
  return [
    rootField({
      name: 'me',
      binding: { kind: 'ME', type },
      answer: types.object(type),
      args: {},
      description: `Returns the \`${type.name}\` row of the signed-in user, or null if no user is signed in or has a row yet.`,
    }),
  ];
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
      description: `Returns the \`${name}\` with this key, or null if it does not exist.`,
    }),
    rootField({
      name: names.many,
      binding: { kind: 'FIND', operation: 'FIND_MANY', type },
      answer: required(types.connection(type)),
      args: listArguments(context, type),
      description: `Returns a page of the matching \`${name}\` rows.`,
    }),
  ];
}

function mutationsOf(context: ApiContext, type: ModelType): readonly NamedField[] {
  const canMatch = mayRead(context, type.name);
  const canCreate = mayCreate(context, type);
  const canUpdate = isUpdatable(context, type);
  const canDelete = mayDelete(context, type.name);
  return [
    ...(maySignUp(context, type.name) ? [createMe(context, type)] : []),
    ...(canCreate ? [createOne(context, type), createMany(context, type)] : []),
    ...(canUpdate ? [updateOne(context, type)] : []),
    ...(canUpdate && canMatch ? [updateMany(context, type)] : []),
    ...(canCreate && canUpdate ? [upsertOne(context, type)] : []),
    ...(canDelete ? [deleteOne(context, type)] : []),
    ...(canDelete && canMatch ? [deleteMany(context, type)] : []),
  ];
}

/** A written row. It is null if access rules hide it from the caller that wrote it. */
function writtenRow(context: ApiContext, type: ModelType): GraphQLOutputType {
  const row = context.types.object(type);
  return hasHideableRows(context, type.name) ? row : required(row);
}

function createOne(context: ApiContext, type: ModelType): NamedField {
  const { types } = context;
  return rootField({
    name: `create${type.name}`,
    binding: { kind: 'WRITE', operation: 'CREATE_ONE', type },
    answer: writtenRow(context, type),
    args: { data: inputField(required(types.create(type)), null) },
    description: `Creates one \`${type.name}\`.`,
  });
}

function createMe(context: ApiContext, type: ModelType): NamedField {
  const fields = signUpFields(context, type);
  const mustBeGiven = fields.some(
    (field) => field.required && field.default === null && field.generate === null,
  );
  const data = context.types.signUp(type);
  return rootField({
    name: 'createMe',
    binding: { kind: 'WRITE', operation: 'CREATE_ME', type },
    answer: context.types.object(type),
    args:
      fields.length === 0 ? {} : { data: inputField(mustBeGiven ? required(data) : data, null) },
    description: `Creates the \`${type.name}\` row of the signed-in user, who has none yet.`,
  });
}

function createMany({ types }: ApiContext, type: ModelType): NamedField {
  return rootField({
    name: `create${type.names.pluralType}`,
    binding: { kind: 'WRITE', operation: 'CREATE_MANY', type },
    answer: required(types.batch(type)),
    args: {
      data: inputField(
        required(listOf(types.create(type))),
        `At most ${requestLimits.namedRows} rows.`,
      ),
      skipDuplicates: {
        ...inputField(
          GraphQLBoolean,
          'Skips rows whose unique key already exists, instead of failing.',
        ),
        defaultValue: false,
      },
    },
    description: `Creates several \`${type.name}\` rows.`,
  });
}

function updateOne(context: ApiContext, type: ModelType): NamedField {
  const { types } = context;
  return rootField({
    name: `update${type.name}`,
    binding: { kind: 'WRITE', operation: 'UPDATE_ONE', type },
    answer: writtenRow(context, type),
    args: {
      where: inputField(required(types.whereUnique(type)), null),
      data: inputField(required(types.update(type)), null),
    },
    description: `Updates the \`${type.name}\` with this key. Fails with \`NOT_FOUND\` if it does not exist.`,
  });
}

function updateMany({ types }: ApiContext, type: ModelType): NamedField {
  return rootField({
    name: `update${type.names.pluralType}`,
    binding: { kind: 'WRITE', operation: 'UPDATE_MANY', type },
    answer: required(types.batch(type)),
    args: {
      where: inputField(
        required(types.where(type)),
        'Conditions on the rows. `{}` matches all rows.',
      ),
      data: inputField(required(types.update(type)), null),
      atMost,
    },
    description: `Updates all matching \`${type.name}\` rows with the same data.`,
  });
}

function upsertOne(context: ApiContext, type: ModelType): NamedField {
  const { types } = context;
  return rootField({
    name: `upsert${type.name}`,
    binding: { kind: 'WRITE', operation: 'UPSERT_ONE', type },
    answer: writtenRow(context, type),
    args: {
      where: inputField(required(types.whereUnique(type)), null),
      create: inputField(
        required(types.create(type)),
        'The row to create if there is no row with this key.',
      ),
      update: inputField(
        required(types.update(type)),
        'The changes to make if there is a row with this key.',
      ),
    },
    description: `Updates the \`${type.name}\` with this key, or creates it if it does not exist.`,
  });
}

function deleteOne({ types }: ApiContext, type: ModelType): NamedField {
  return rootField({
    name: `delete${type.name}`,
    binding: { kind: 'WRITE', operation: 'DELETE_ONE', type },
    answer: required(types.object(type)),
    args: { where: inputField(required(types.whereUnique(type)), null) },
    description: `Deletes the \`${type.name}\` with this key and returns it. Fails with \`NOT_FOUND\` if it does not exist.`,
  });
}

function deleteMany({ types }: ApiContext, type: ModelType): NamedField {
  return rootField({
    name: `delete${type.names.pluralType}`,
    binding: { kind: 'WRITE', operation: 'DELETE_MANY', type },
    answer: required(types.batch(type)),
    args: {
      where: inputField(
        required(types.where(type)),
        'Conditions on the rows. `{}` matches all rows.',
      ),
      atMost,
    },
    description: `Deletes all matching \`${type.name}\` rows and returns them.`,
  });
}

const atMost = {
  ...inputField(
    required(GraphQLInt),
    `Maximum number of matching rows, up to ${requestLimits.atMost}, or up to ${requestLimits.atMostCounted} if only \`count\` is selected and no relations change. If more rows match, the mutation fails with \`TOO_MANY_ROWS\`.`,
  ),
  defaultValue: 1,
};
