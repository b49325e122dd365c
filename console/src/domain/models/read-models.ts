import { shapeOf, type IntrospectionAnswer, type Named, type SchemaType } from './introspection.ts';
import {
  scalarNames,
  type CreateRule,
  type ForeignKey,
  type KeyField,
  type KeyPart,
  type Model,
  type ModelField,
  type ModelKey,
  type ModelMutations,
  type ProjectModels,
  type ToManyField,
  type ToOneField,
  type ValueField,
  type ValueType,
} from './project-models.ts';

/** Derives the models from the project API's introspection result. */
export function readModels(answer: IntrospectionAnswer): ProjectModels {
  const schema = indexSchema(answer);
  const models = schema.queries.flatMap((query) => {
    // The API has a type `XWhereUniqueInput` for every model X, so this identifies each model's query field.
    const { name, isRequired, isList } = shapeOf(query.type);
    const isOne =
      schema.lookUps.has(query.name) &&
      !isRequired &&
      !isList &&
      schema.types.has(`${name}WhereUniqueInput`);
    return isOne ? [readModel(schema, name, query.name)] : [];
  });
  return withInverses(models);
}

interface Schema {
  readonly types: ReadonlyMap<string, SchemaType>;
  readonly queries: readonly Named[];
  readonly mutations: readonly Named[];
  readonly pageSizes: ReadonlyMap<string, number>;
  /** The queries with a condition. The query `me`, for the row of the caller, has none. */
  readonly lookUps: ReadonlySet<string>;
}

function indexSchema({ __schema }: IntrospectionAnswer): Schema {
  const types = new Map(__schema.types.map((type) => [type.name, type]));
  const fieldsOf = (name: string | undefined) => types.get(name ?? '')?.fields ?? [];
  const sizes = __schema.queryType.fields.map(
    ({ name, args }) =>
      [name, pageSizeOf(args.find((arg) => arg.name === 'first')?.description)] as const,
  );
  return {
    types,
    queries: fieldsOf(__schema.queryType.name),
    mutations: fieldsOf(__schema.mutationType?.name),
    pageSizes: new Map(sizes),
    lookUps: new Set(
      __schema.queryType.fields
        .filter(({ args }) => args.some((arg) => arg.name === 'where'))
        .map(({ name }) => name),
    ),
  };
}

/** The maximum page size, from the description of the `first` argument: `…, at most 100.` */
function pageSizeOf(description: string | null | undefined): number {
  const size = /at most (\d+)/.exec(description ?? '')?.[1];
  return size === undefined ? 20 : Number(size);
}

function readModel(schema: Schema, name: string, one: string): Model {
  const type = schema.types.get(name);
  const many =
    schema.queries.find((query) => shapeOf(query.type).name === `${name}Connection`)?.name ?? one;
  const fields = type?.fields ?? [];
  const key = readKey(schema, name);
  const read = fields.flatMap((field) => readField({ schema, type: name, fields, key }, field));
  const isShown = read.some((field) => field.kind === 'VALUE' && field.isId);
  const keyField: KeyField = { kind: 'KEY', name: key.name, description: null };
  return {
    name,
    description: type?.description ?? null,
    one,
    many,
    key,
    maxPageSize: schema.pageSizes.get(many) ?? 20,
    fields: isShown ? read : [keyField, ...read],
    mutations: readMutations(schema, name),
  };
}

/** The primary key of a type. The API lists it before the other unique keys. */
const readKey = (schema: Schema, type: string): ModelKey =>
  uniqueKeysOf(schema, type)[0] ?? { name: 'id', parts: [] };

const uniqueKeysOf = (schema: Schema, type: string): readonly ModelKey[] =>
  inputsOf(schema, `${type}WhereUniqueInput`).map((input) => {
    const { kind, name } = shapeOf(input.type);
    const parts = kind === 'INPUT_OBJECT' ? inputsOf(schema, name) : [input];
    return { name: input.name, parts: parts.map((part) => keyPart(schema, part)) };
  });

const keyPart = (schema: Schema, field: Named): KeyPart => ({
  name: field.name,
  type: valueType(schema, field),
});

interface FieldContext {
  readonly schema: Schema;
  readonly type: string;
  readonly fields: readonly Named[];
  readonly key: ModelKey;
}

const connectionSuffix = 'Connection';

function readField(context: FieldContext, field: Named): readonly ModelField[] {
  const { name, kind } = shapeOf(field.type);
  if (kind === 'SCALAR' || kind === 'ENUM') {
    return isInForeignKey(context, field) ? [] : [valueField(context, field)];
  }
  if (context.schema.types.has(`${name}WhereUniqueInput`)) return [toOneField(context, field)];
  const { name: fieldName, description } = field;
  const target = name.slice(0, -connectionSuffix.length);
  const toMany: ToManyField = {
    kind: 'TO_MANY',
    name: fieldName,
    description,
    target,
    targetKey: readKey(context.schema, target),
    inverse: null,
    isLinkable: isLinkable(context, fieldName),
  };
  return [toMany];
}

function isLinkable({ schema, type }: FieldContext, name: string): boolean {
  const input = inputNamed(schema, `${type}UpdateInput`, name);
  const changes = input === null ? [] : inputsOf(schema, shapeOf(input.type).name);
  return ['connect', 'disconnect'].every((each) => changes.some((change) => change.name === each));
}

/** Whether a field is part of the foreign key of a relation. `boardId` belongs to `board` and is not shown separately. */
function isInForeignKey({ fields }: FieldContext, field: Named): boolean {
  const relation = referenceBy(field)?.relation;
  return relation !== undefined && fields.some(({ name }) => name === relation);
}

/**
 * What a field of a foreign key contains, from its description: `The id of `board`.`, or `The `slug` of `domain`.` for
 * another value, which is called `references`.
 */
function referenceBy({ description }: Named) {
  const found = /^The (?:id|`(\w+)`) of `(\w+)`\.$/.exec(description ?? '');
  const [, references = null, relation] = found ?? [];
  return relation === undefined ? null : { references, relation };
}

/** The foreign key of a relation; null on the inverse side. */
function foreignKeyOf({ schema, fields }: FieldContext, relation: Named): ForeignKey | null {
  const { parts } = readKey(schema, shapeOf(relation.type).name);
  const found = fields.flatMap((field) => {
    const reference = referenceBy(field);
    return reference?.relation === relation.name ? { field, ...reference } : [];
  });
  if (found.length === 0) return null;
  const hasKey =
    found.length === parts.length &&
    parts.every(({ name }, index) => [null, name].includes(found[index]?.references ?? null));
  return { fields: found.map(({ field }) => keyPart(schema, field)), hasKey };
}

function valueField({ schema, type, key }: FieldContext, field: Named): ValueField {
  const { isList, isRequired } = shapeOf(field.type);
  const filter = inputNamed(schema, `${type}WhereInput`, field.name);
  const operators = filter === null ? [] : inputsOf(schema, shapeOf(filter.type).name);
  return {
    kind: 'VALUE',
    name: field.name,
    description: field.description,
    type: valueType(schema, field),
    isList,
    isRequired,
    isId: key.parts.length === 1 && field.name === key.parts[0]?.name,
    isSortable: inputNamed(schema, `${type}OrderByInput`, field.name) !== null,
    operators: operators.map(({ name }) => name).filter((name) => name !== 'mode'),
    create: createRule(schema, type, field.name),
    isUpdatable: inputNamed(schema, `${type}UpdateInput`, field.name) !== null,
  };
}

function createRule(schema: Schema, type: string, name: string): CreateRule | null {
  const input = inputNamed(schema, `${type}CreateInput`, name);
  if (input === null) return null;
  return { mustBeGiven: shapeOf(input.type).isRequired, rules: input.description };
}

function valueType({ types }: Schema, { type }: Named): ValueType {
  const { name, kind } = shapeOf(type);
  if (kind === 'ENUM') {
    const values = types.get(name)?.enumValues ?? [];
    return { kind: 'ENUM', name, values: values.map((value) => value.name) };
  }
  // Scalars that this console does not recognize are shown and edited as JSON.
  return { kind: 'SCALAR', name: scalarNames.find((known) => known === name) ?? 'JSON' };
}

function toOneField(context: FieldContext, field: Named): ToOneField {
  const { schema, type } = context;
  const { name: target, isRequired } = shapeOf(field.type);
  const foreignKey = foreignKeyOf(context, field);
  const isIn = (input: string) =>
    foreignKey !== null && isRelationIn(schema, input, field, foreignKey);
  return {
    kind: 'TO_ONE',
    name: field.name,
    description: field.description,
    target,
    targetKey: readKey(schema, target),
    isRequired,
    foreignKey,
    isCreatable: isIn(`${type}CreateInput`),
    isUpdatable: isIn(`${type}UpdateInput`),
  };
}

/** Whether an input can set a relation: with its foreign key or, if that does not contain the row's key, by `connect`. */
function isRelationIn(
  schema: Schema,
  input: string,
  { name }: Named,
  { fields, hasKey }: ForeignKey,
): boolean {
  if (hasKey) return fields.every((field) => inputNamed(schema, input, field.name) !== null);
  const nested = inputNamed(schema, input, name);
  return nested !== null && inputNamed(schema, shapeOf(nested.type).name, 'connect') !== null;
}

function readMutations({ mutations }: Schema, type: string): ModelMutations {
  const named = (name: string) => mutations.find((field) => field.name === name)?.name ?? null;
  const deleteMany = mutations.find(
    (field) => shapeOf(field.type).name === `${type}Batch` && field.name.startsWith('delete'),
  );
  return {
    create: named(`create${type}`),
    update: named(`update${type}`),
    delete: named(`delete${type}`),
    deleteMany: deleteMany?.name ?? null,
  };
}

const inputsOf = ({ types }: Schema, name: string): readonly Named[] =>
  types.get(name)?.inputFields ?? [];

const inputNamed = (schema: Schema, input: string, name: string): Named | null =>
  inputsOf(schema, input).find((field) => field.name === name) ?? null;

/**
 * Introspection does not name relations, so the two sides of a relation are paired only if exactly one pair is
 * possible.
 */
function withInverses(models: readonly Model[]): readonly Model[] {
  const between = (from: string, to: string): readonly ModelField[] =>
    models
      .find(({ name }) => name === from)
      ?.fields.filter((field) => 'target' in field && field.target === to) ?? [];
  const inverseOf = (owner: Model, field: ToManyField): string | null => {
    const there = between(field.target, owner.name).filter(({ name }) => name !== field.name);
    const here = between(owner.name, field.target).filter(
      ({ name }) => field.target !== owner.name || name === field.name,
    );
    return there.length === 1 && here.length === 1 ? (there[0]?.name ?? null) : null;
  };
  return models.map((model) => ({
    ...model,
    fields: model.fields.map((field) =>
      field.kind === 'TO_MANY' ? { ...field, inverse: inverseOf(model, field) } : field,
    ),
  }));
}
