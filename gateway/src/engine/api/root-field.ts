import type { GraphQLFieldConfig, GraphQLFieldConfigArgumentMap, GraphQLOutputType } from 'graphql';
import { rootTypeNames } from '../sdl/api-names.ts';
import type { ApiContext } from './api-types.ts';
import type { Bindings } from './bindings.ts';
import { outputField } from './shared-types.ts';

/** The names of the root types in an API. */
export function rootNames({ index: { model } }: ApiContext) {
  const names = new Set([...model.types, ...model.enums].map(({ name }) => name));
  return rootTypeNames({ has: (name) => names.has(name) });
}

export type NamedField = readonly [string, GraphQLFieldConfig<unknown, unknown>];

interface RootField {
  readonly name: string;
  readonly binding: Bindings['QUERY' | 'MUTATION' | 'SUBSCRIPTION'];
  readonly answer: GraphQLOutputType;
  readonly args: GraphQLFieldConfigArgumentMap;
  readonly description: string;
}

export function rootField({ name, binding, answer, args, description }: RootField): NamedField {
  const reason = 'type' in binding ? binding.type.deprecationReason : null;
  return [name, { ...outputField(answer, binding, description, reason), args }];
}
