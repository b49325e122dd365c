import { pluralize } from 'inflection';
import { camelCase, pascalCase } from './names.ts';
import type { ApiNames } from './model.ts';
import { scalarNames } from './scalars.ts';

/** @param plural what `@model(plural:)` says; without it, a library's guess */
export function apiNamesOf(type: string, plural: string | null): ApiNames {
  const many = plural ?? pluralize(type);
  return { one: camelCase(type), many: camelCase(many), pluralType: pascalCase(many) };
}

/** Every GraphQL type that the API makes for a type of this name, itself among them. */
export function generatedTypeNames(type: string): readonly string[] {
  const suffixes = [
    'Connection',
    'Edge',
    'Aggregate',
    'Batch',
    'WhereInput',
    'WhereUniqueInput',
    'ListWhereInput',
    'OrderByInput',
    'CreateInput',
    'UpdateInput',
    'NestedCreateInput',
    'NestedUpdateInput',
    'NestedListCreateInput',
    'NestedListUpdateInput',
    'SumAggregate',
    'AvgAggregate',
    'MinAggregate',
    'MaxAggregate',
  ];
  return [type, ...suffixes.map((suffix) => `${type}${suffix}`)];
}

/** The input that names a row by a key of several fields: `IssueBoardNumberInput`. */
export function uniqueInputName(type: string, fields: readonly string[]): string {
  return `${type}${fields.map(pascalCase).join('')}Input`;
}

/** Every GraphQL type that the API makes for an enum of this name, itself among them. */
export function generatedEnumTypeNames(name: string): readonly string[] {
  return [name, `${name}Filter`, `${name}ListFilter`];
}

export function queryFieldNames(names: ApiNames): readonly string[] {
  return [names.one, names.many];
}

export function mutationFieldNames(type: string, names: ApiNames): readonly string[] {
  const many = names.pluralType;
  return [
    `create${type}`,
    `create${many}`,
    `update${type}`,
    `update${many}`,
    `upsert${type}`,
    `delete${type}`,
    `delete${many}`,
  ];
}

/** Types of GraphQL's and of the API's own, which no type of a user's may be called. */
export const reservedTypeNames: ReadonlySet<string> = new Set([
  'Query',
  'Mutation',
  'Subscription',
  'PageInfo',
  'Cursor',
  'SortOrder',
  'QueryMode',
  ...scalarNames.flatMap((scalar) => generatedEnumTypeNames(scalar)),
]);

/** Names that no field may have, and why. */
export const reservedFieldNames: ReadonlyMap<string, string> = new Map([
  ...['and', 'or', 'not'].map((name) => [name, 'it combines conditions in `where`'] as const),
  // An input that lacks such a field would seem to have it, here and in clients.
  ...Object.getOwnPropertyNames(Object.prototype).map(
    (name) => [name, 'every object of JavaScript has something of this name'] as const,
  ),
]);

/** PostgreSQL keeps these columns for itself in every table. */
export const reservedColumns: ReadonlySet<string> = new Set([
  'tableoid',
  'xmin',
  'cmin',
  'xmax',
  'cmax',
  'ctid',
]);
