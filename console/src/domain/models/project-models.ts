/**
 * The models of a project that the signed-in member can read, in schema order. They are derived from the project API's
 * introspection result, which depends on the member's role.
 */
export type ProjectModels = readonly Model[];

/** An SDL type with `@model`. It has a table, and the project API has fields to read and write its rows. */
export interface Model {
  readonly name: string;
  readonly description: string | null;
  /** Query field for one row: `issue`. */
  readonly one: string;
  /** Query field for a list of rows: `issues`. */
  readonly many: string;
  readonly key: ModelKey;
  readonly maxPageSize: number;
  readonly fields: readonly ModelField[];
  /** Mutation fields; null if the member is not allowed to use them. */
  readonly mutations: ModelMutations;
}

/** The primary key of a model. `row-key.ts` reads and writes its values. */
export interface ModelKey {
  /** The field of the API's `WhereUniqueInput`: `id`, `userId`, or `shelf_item` for a key of several parts. */
  readonly name: string;
  /** The values that together identify a row. */
  readonly parts: readonly KeyPart[];
}

/** A field of the API whose value is part of a key: a value (`id`), or a field of a foreign key (`shelfId`). */
export interface KeyPart {
  readonly name: string;
  readonly type: ValueType;
}

export interface ModelMutations {
  readonly create: string | null;
  readonly update: string | null;
  readonly delete: string | null;
  readonly deleteMany: string | null;
}

export type ModelField = ValueField | KeyField | ToOneField | ToManyField;

interface FieldBase {
  readonly name: string;
  readonly description: string | null;
}

/** A scalar, an enum value, or a list of either. */
export interface ValueField extends FieldBase {
  readonly kind: 'VALUE';
  readonly type: ValueType;
  readonly isList: boolean;
  /** Whether the value is never null. */
  readonly isRequired: boolean;
  /** Whether the value alone is the key of the model. */
  readonly isId: boolean;
  readonly isSortable: boolean;
  readonly operators: readonly string[];
  /** How to set the value in a new row; null if the API sets it. */
  readonly create: CreateRule | null;
  readonly isUpdatable: boolean;
}

/**
 * The key of a model that no value field shows: a key of several parts, or of a relation. Its name is the name of the
 * key, which no other field has.
 */
export interface KeyField extends FieldBase {
  readonly kind: 'KEY';
}

export interface CreateRule {
  readonly mustBeGiven: boolean;
  /** The value's rules from the schema: `1 to 80 characters. Default: ….` */
  readonly rules: string | null;
}

export type ValueType =
  | { readonly kind: 'SCALAR'; readonly name: ScalarName }
  | { readonly kind: 'ENUM'; readonly name: string; readonly values: readonly string[] };

export const scalarNames = [
  'ID',
  'String',
  'Int',
  'Float',
  'Boolean',
  'BigInt',
  'Decimal',
  'DateTime',
  'Date',
  'Time',
  'Bytes',
  'JSON',
  'UUID',
] as const;

export type ScalarName = (typeof scalarNames)[number];

interface RelationBase extends FieldBase {
  /** The other model's name. */
  readonly target: string;
  readonly targetKey: ModelKey;
}

/** A relation to at most one row of another model. */
export interface ToOneField extends RelationBase {
  readonly kind: 'TO_ONE';
  readonly isRequired: boolean;
  /** Null on the inverse side. */
  readonly foreignKey: ForeignKey | null;
  readonly isCreatable: boolean;
  readonly isUpdatable: boolean;
}

/** The fields that contain the values of the related row, such as `boardId`. */
export interface ForeignKey {
  /** If `hasKey` is true, in the order of the parts of the other model's key. */
  readonly fields: readonly KeyPart[];
  /** Whether the values are the key of the related row. Otherwise they are other unique values of that row. */
  readonly hasKey: boolean;
}

/** A relation to any number of rows of another model. */
export interface ToManyField extends RelationBase {
  readonly kind: 'TO_MANY';
  /** The field on the other side of the relation; null if introspection does not determine it. */
  readonly inverse: string | null;
  /** Whether existing rows can be added to the list, and be removed from it without being deleted. */
  readonly isLinkable: boolean;
}

export const modelNamed = (models: ProjectModels, name: string): Model | null =>
  models.find((model) => model.name === name) ?? null;

export const fieldNamed = (model: Model, name: string): ModelField | null =>
  model.fields.find((field) => field.name === name) ?? null;

/** Field names that identify a row to people, in order of preference. */
const labelNames = ['name', 'title', 'label', 'key', 'slug', 'email', 'username', 'code', 'number'];

/** The field whose value identifies a row to people; null if only the key does. */
export function labelFieldOf(model: Model): ValueField | null {
  const isText = (field: ValueField) => field.type.name === 'String';
  const values = model.fields.filter(
    (field): field is ValueField => field.kind === 'VALUE' && !field.isList,
  );
  const candidates = values.filter(
    ({ name }) => !model.key.parts.some((part) => part.name === name),
  );
  for (const name of labelNames) {
    const found = values.find((field) => field.name === name && (!field.isId || isText(field)));
    // A text key such as `slug` is shown as the key.
    if (found !== undefined) return found.isId ? null : found;
  }
  return (
    candidates.find((field) => isText(field) && field.isRequired) ?? candidates.find(isText) ?? null
  );
}
