import {
  getNamedType,
  isEnumType,
  isInputObjectType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  type GraphQLField,
  type GraphQLInputObjectType,
  type GraphQLInputType,
  type GraphQLObjectType,
  type GraphQLSchema,
} from 'graphql';

import type { Model } from '../src/engine/schema.ts';

/** One row of each type as returned by the API. Operations use its values. */
export type KnownRows = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** An operation that tests one field with one combination of arguments. */
export interface Ask {
  /** `Query.issues {"where":{"title":{"eq":"…"}}}` */
  readonly name: string;
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

/**
 * Generates operations. Together, they use every root field of a schema, each argument of these fields, and every field
 * of every input type. The values are ids, strings and cursors from `rows`, which belong to another project.
 */
export function asksOf(schema: GraphQLSchema, model: Model, rows: KnownRows): readonly Ask[] {
  return [schema.getQueryType(), schema.getMutationType()].flatMap((root) =>
    root == null
      ? []
      : Object.values(root.getFields()).flatMap((field) =>
          argumentSets(field, createFiller(model, rows)).map((args) => askOf(root, field, args)),
        ),
  );
}

type Values = Readonly<Record<string, unknown>>;
type Fill = (type: GraphQLInputType, name: string, subject: string) => readonly unknown[];

/** Deep enough for nested relations. Deeper inputs only repeat the same types. */
const maxDepth = 3;

function argumentSets(field: GraphQLField<unknown, unknown>, fill: Fill): readonly Values[] {
  const subject = subjectOf(getNamedType(field.type).name);
  const variants = field.args.map((arg) => ({
    name: arg.name,
    isRequired: isNonNullType(arg.type) && arg.defaultValue === undefined,
    values: fill(arg.type, arg.name, subject),
  }));
  const required = Object.fromEntries(
    variants.filter(({ isRequired }) => isRequired).map(({ name, values }) => [name, values[0]]),
  );
  const each = variants.flatMap(({ name, values }) =>
    values.map((value) => ({ ...required, [name]: value })),
  );
  return each.length === 0 ? [required] : each;
}

/** `IssueConnection` → `Issue` */
const subjectOf = (name: string): string => name.replace(/(Connection|Batch)$/, '');

function createFiller(model: Model, rows: KnownRows): Fill {
  const varied = new Set<string>();
  const typeNames = model.types.map(({ name }) => name).toSorted((a, b) => b.length - a.length);

  const fill = (
    type: GraphQLInputType,
    name: string,
    subject: string,
    depth: number,
  ): readonly unknown[] => {
    if (isNonNullType(type)) return fill(type.ofType, name, subject, depth);
    if (isListType(type)) return fill(type.ofType, name, subject, depth).map((value) => [value]);
    if (isInputObjectType(type)) return fillObject(type, name, subject, depth);
    if (isEnumType(type)) {
      const known = rows[subject]?.[name];
      const names = type.getValues().map((value) => value.name);
      return typeof known === 'string' && names.includes(known) ? [known] : names;
    }
    return leaves(type.name, name, rows[subject] ?? {});
  };

  const fillObject = (
    type: GraphQLInputObjectType,
    name: string,
    outer: string,
    depth: number,
  ): readonly Values[] => {
    if (depth > maxDepth) return [];
    const own = typeNames.find((each) => type.name.startsWith(each));
    // The values in a scalar filter such as `StringFilter` are values of the field that it filters.
    const about = (field: string) => (own === undefined ? name : field);
    const subject = own ?? outer;
    // Each field of an input type is tested once. Wherever else the type is used, one variant is enough.
    const place = own === undefined ? `${type.name} ${outer} ${name}` : type.name;
    const isNew = !varied.has(place);
    varied.add(place);
    const variants = Object.values(type.getFields()).map((field) => ({
      name: field.name,
      isRequired: isNonNullType(field.type) && field.defaultValue === undefined,
      values: fill(field.type, about(field.name), subject, depth + 1),
    }));
    const required: Values = {
      ...Object.fromEntries(
        variants.filter(({ isRequired }) => isRequired).map((v) => [v.name, v.values[0]]),
      ),
      ...(type.name.endsWith('CreateInput') ? requiredKeys(subject, type) : {}),
    };
    const all = variants.flatMap(({ name: field, values }) =>
      values.map((value) => withoutRivals(subject, { ...required, [field]: value }, field)),
    );
    return isNew ? all : all.slice(0, 1);
  };

  /** Returns required foreign keys such as `boardId`, without which an issue cannot be created. */
  const requiredKeys = (typeName: string, input: GraphQLInputObjectType): Values =>
    Object.fromEntries(
      foreignKeysOf(model, typeName).flatMap(({ target, required, key }) =>
        required
          ? key
              // Access rules can leave a key out of the input.
              .filter(({ name }) => name in input.getFields())
              .map(({ name, of }) => [name, rows[target]?.[of]] as const)
          : [],
      ),
    );

  /** The input contains either `board` or the columns of its foreign key, such as `boardId`. */
  const withoutRivals = (typeName: string, values: Values, chosen: string): Values => {
    const rivals = foreignKeysOf(model, typeName)
      .filter(({ field }) => field === chosen)
      .flatMap(({ key }) => key.map(({ name }) => name));
    return Object.fromEntries(Object.entries(values).filter(([name]) => !rivals.includes(name)));
  };
  return (type, name, subject) => fill(type, name, subject, 0);
}

/** The foreign keys of a type. Each column has its name in the API, and that of the column that it references. */
function foreignKeysOf({ types }: Model, typeName: string) {
  const fieldsOf = (name: string) => types.find((type) => type.name === name)?.fields ?? [];
  /** The names in the API of a type's columns. */
  const namesOf = (name: string) =>
    new Map(
      fieldsOf(name).flatMap((field): (readonly [string, string])[] => {
        if (field.kind === 'VALUE') return [[field.column, field.name]];
        if (field.kind === 'TO_MANY') return [];
        return (field.key ?? []).map((each) => [each.column, each.name]);
      }),
    );
  return fieldsOf(typeName).flatMap((field) => {
    if (field.kind !== 'TO_ONE' || field.key === null) return [];
    const { name, target, required } = field;
    const names = namesOf(target);
    const key = field.key.map((each) => ({
      name: each.name,
      of: names.get(each.references) ?? '',
    }));
    return [{ field: name, target, required, key }];
  });
}

function leaves(type: string, name: string, row: Values): readonly unknown[] {
  const known = row[name];
  if (type === 'Cursor') return [row['cursor']];
  if (type === 'Boolean') return [true, false];
  if (known !== undefined && known !== null) return [Array.isArray(known) ? known[0] : known];
  return type === 'Int' ? [1] : type === 'String' ? [row['canary']] : [];
}

/** Selects all scalar fields of the result and of the objects that it refers to, three levels deep. */
function askOf(root: GraphQLObjectType, field: GraphQLField<unknown, unknown>, args: Values): Ask {
  const given = field.args.filter(({ name }) => name in args);
  const declared = given.map(({ name, type }) => `$${name}: ${String(type)}`).join(', ');
  const passed = given.map(({ name }) => `${name}: $${name}`).join(', ');
  const operation = root.name === 'Mutation' ? 'mutation' : 'query';
  const head = declared === '' ? operation : `${operation} (${declared})`;
  const call = passed === '' ? field.name : `${field.name}(${passed})`;
  return {
    name: `${root.name}.${field.name} ${JSON.stringify(args)}`,
    query: `${head} { ${call} ${selectionOf(field, 0)} }`,
    variables: args,
  };
}

const selectedLevels = 3;

function selectionOf(field: GraphQLField<unknown, unknown>, level: number): string {
  const type = getNamedType(field.type);
  if (!isObjectType(type)) return '';
  const parts = Object.values(type.getFields()).flatMap((each) => {
    if (isLeafType(getNamedType(each.type))) return [each.name];
    return level >= selectedLevels ? [] : [`${each.name} ${selectionOf(each, level + 1)}`];
  });
  return parts.length === 0 ? '{ __typename }' : `{ ${parts.join(' ')} }`;
}
