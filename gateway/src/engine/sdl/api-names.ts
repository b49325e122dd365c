import { pluralize } from 'inflection';
import { camelCase, pascalCase } from './names.ts';
import type { ApiNames, Field, ToManyField, ToOneField } from './model.ts';
import { isReplaceable, scalarNames, scalars, type ScalarName } from './scalars.ts';

/**
 * Returns the names of a type in the API.
 *
 * @param plural the value of `@model(plural:)`; if null, the plural is derived from the name
 */
export function apiNamesOf(type: string, plural: string | null): ApiNames {
  const many = plural ?? pluralize(type);
  return { one: camelCase(type), many: camelCase(many), pluralType: pascalCase(many) };
}

/** What a type consists of, as far as the names of its generated types depend on it. */
export interface TypeShape {
  readonly fields: readonly Field[];
  /** The relation fields of all types that lead to this type. */
  readonly incoming: readonly (ToOneField | ToManyField)[];
}

/** The names of the GraphQL types that the API generates for a model of this name, including the name itself. */
export function generatedTypeNames(
  type: string,
  { fields, incoming }: TypeShape,
): readonly string[] {
  const singles = fields.flatMap((field) =>
    field.kind === 'VALUE' && !field.list && field.type.kind === 'SCALAR' ? [field.type.name] : [],
  );
  const isNumeric = singles.some((name) => scalars[name].constraints === 'NUMBER');
  const isOrdered = isNumeric || singles.some((name) => orderedScalars.has(name));
  const canChange = fields.some((field) => field.kind !== 'VALUE' || field.role === 'PLAIN');
  const suffixes = [
    ...['Connection', 'Edge', 'Aggregate', 'Batch'],
    ...['WhereInput', 'WhereUniqueInput', 'OrderByInput', 'CreateInput'],
    ...(canChange ? ['UpdateInput'] : []),
    ...(isNumeric ? ['SumAggregate', 'AvgAggregate'] : []),
    ...(isOrdered ? ['MinAggregate', 'MaxAggregate'] : []),
    ...(incoming.some(({ kind }) => kind === 'TO_ONE')
      ? ['NestedCreateInput', 'NestedUpdateInput']
      : []),
    ...(incoming.some(({ kind }) => kind === 'TO_MANY')
      ? ['ListWhereInput', 'NestedListCreateInput', 'NestedListUpdateInput']
      : []),
  ];
  return [type, ...suffixes.map((suffix) => `${type}${suffix}`)];
}

/** The scalars that have a smallest and a largest value, in addition to numbers. */
const orderedScalars: ReadonlySet<ScalarName> = new Set(['String', 'DateTime', 'Date', 'Time']);

/** The input type that identifies a row by a key of several fields: `IssueBoardNumberInput`. */
export function uniqueInputName(type: string, fields: readonly string[]): string {
  return `${type}${fields.map(pascalCase).join('')}Input`;
}

/**
 * The names of the GraphQL types that the API generates for an enum of this name, including the name itself.
 *
 * @param uses whether each field of this type is a list
 */
export function generatedEnumTypeNames(
  name: string,
  uses: readonly { readonly list: boolean }[],
): readonly string[] {
  if (uses.length === 0) return [];
  return [
    name,
    ...(uses.some(({ list }) => !list) ? [`${name}Filter`] : []),
    ...(uses.some(({ list }) => list) ? [`${name}ListFilter`] : []),
  ];
}

/** The names of the root types. A root type whose name a model or an enum has gets another name. */
export function rootTypeNames({ has }: { readonly has: (name: string) => boolean }) {
  const named = (root: 'Query' | 'Mutation') => (has(root) ? `${root}Root` : root);
  return { query: named('Query'), mutation: named('Mutation') };
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
