import { pluralize } from 'inflection';
import { camelCase, pascalCase } from './names.ts';
import type { ApiNames } from './model.ts';
import { isReplaceable, scalarNames } from './scalars.ts';

/**
 * Returns the names of a type in the API.
 *
 * @param plural the value of `@model(plural:)`; if null, the plural is derived from the name
 */
export function apiNamesOf(type: string, plural: string | null): ApiNames {
  const many = plural ?? pluralize(type);
  return { one: camelCase(type), many: camelCase(many), pluralType: pascalCase(many) };
}

/** The names of all GraphQL types that the API generates for a model of this name, including the name itself. */
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

/** The input type that identifies a row by a key of several fields: `IssueBoardNumberInput`. */
export function uniqueInputName(type: string, fields: readonly string[]): string {
  return `${type}${fields.map(pascalCase).join('')}Input`;
}

/** The names of all GraphQL types that the API generates for an enum of this name, including the name itself. */
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

const alwaysReserved = [
  'Query',
  'Mutation',
  'Subscription',
  'PageInfo',
  'Cursor',
  'SortOrder',
  ...scalarNames.filter((scalar) => !isReplaceable(scalar)),
];

/** The scalar of a field, or of the items of a list. */
export interface ScalarUse {
  readonly name: string;
  readonly list: boolean;
}

/**
 * Returns the type names that GraphQL and the generated API use. A model or enum cannot have one of these names.
 *
 * @param scalars the scalars of all fields
 */
export function reservedTypeNames(scalars: readonly ScalarUse[]): ReadonlySet<string> {
  const used = scalars.flatMap(({ name, list }) => {
    if (list) return [name, `${name}ListFilter`];
    return name === 'String' ? [name, 'StringFilter', 'QueryMode'] : [name, `${name}Filter`];
  });
  return new Set([...alwaysReserved, ...used]);
}

/** Maps each name that a field cannot have to the reason. */
export const reservedFieldNames: ReadonlyMap<string, string> = new Map([
  ...['and', 'or', 'not'].map((name) => [name, '`where` uses it to combine conditions'] as const),
  // If an input object omits the field, JavaScript code here and in clients would read the inherited property.
  ...Object.getOwnPropertyNames(Object.prototype).map(
    (name) => [name, 'every JavaScript object has a property with this name'] as const,
  ),
]);

/** The system columns that every table in PostgreSQL has. */
export const reservedColumns: ReadonlySet<string> = new Set([
  'tableoid',
  'xmin',
  'cmin',
  'xmax',
  'cmax',
  'ctid',
]);
