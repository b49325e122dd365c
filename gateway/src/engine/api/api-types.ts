import type { GraphQLEnumType, GraphQLInputObjectType, GraphQLObjectType } from 'graphql';
import type { ModelType, ValueField, ValueType } from '../sdl/model.ts';
import type { ApiAccess } from './access.ts';
import type { Filters } from './filters.ts';
import type { ModelIndex } from './model-index.ts';
import { apiScalars } from './scalars.ts';
import { listOf } from './shared-types.ts';

/** The input from which an API's types are generated. */
export interface ApiContext {
  readonly index: ModelIndex;
  readonly access: ApiAccess;
  readonly types: ApiTypes;
}

/** The generated types of an API. Each is created on first use and then reused. */
export interface ApiTypes {
  readonly enumType: (name: string) => GraphQLEnumType;
  readonly enumFilters: (name: string) => Filters;
  readonly object: (type: ModelType) => GraphQLObjectType;
  readonly connection: (type: ModelType) => GraphQLObjectType;
  readonly batch: (type: ModelType) => GraphQLObjectType;
  readonly where: (type: ModelType) => GraphQLInputObjectType;
  readonly whereUnique: (type: ModelType) => GraphQLInputObjectType;
  readonly listWhere: (type: ModelType) => GraphQLInputObjectType;
  readonly orderBy: (type: ModelType) => GraphQLInputObjectType;
  readonly create: (type: ModelType) => GraphQLInputObjectType;
  readonly signUp: (type: ModelType) => GraphQLInputObjectType;
  readonly update: (type: ModelType) => GraphQLInputObjectType;
  readonly nestedCreate: (type: ModelType) => GraphQLInputObjectType;
  readonly nestedUpdate: (type: ModelType) => GraphQLInputObjectType;
  readonly nestedListCreate: (type: ModelType) => GraphQLInputObjectType;
  readonly nestedListUpdate: (type: ModelType) => GraphQLInputObjectType;
}

/** The nullable scalar or enum type of a single value. */
export function leafType({ types }: ApiContext, type: ValueType) {
  return type.kind === 'ENUM' ? types.enumType(type.name) : apiScalars[type.name];
}

/** Like `leafType`, but returns a list type for a list field. */
export function valueType(context: ApiContext, field: ValueField) {
  const leaf = leafType(context, field.type);
  return field.list ? listOf(leaf) : leaf;
}
