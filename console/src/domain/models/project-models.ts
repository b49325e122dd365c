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
  readonly idField: string;
  readonly maxPageSize: number;
  readonly fields: readonly ModelField[];
  /** Mutation fields; null if the member is not allowed to use them. */
  readonly mutations: ModelMutations;
}

export interface ModelMutations {
  readonly create: string | null;
  readonly update: string | null;
  readonly delete: string | null;
  readonly deleteMany: string | null;
}

export type ModelField = ValueField | ToOneField | ToManyField;

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
  readonly isId: boolean;
  readonly isSortable: boolean;
  readonly operators: readonly string[];
  /** How to set the value in a new row; null if the API sets it. */
  readonly create: CreateRule | null;
  readonly isUpdatable: boolean;
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
  'JSON',
  'UUID',
] as const;

export type ScalarName = (typeof scalarNames)[number];

/** A relation to at most one row of another model. */
export interface ToOneField extends FieldBase {
  readonly kind: 'TO_ONE';
  /** The other model's name. */
  readonly target: string;
  readonly isRequired: boolean;
  /** The field that contains the other row's id, such as `boardId`; null on the inverse side. */
  readonly key: string | null;
  readonly isCreatable: boolean;
  readonly isUpdatable: boolean;
}

/** A relation to any number of rows of another model. */
export interface ToManyField extends FieldBase {
  readonly kind: 'TO_MANY';
  readonly target: string;
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

/** The field whose value identifies a row to people; null if only the id does. */
export function labelFieldOf(model: Model): ValueField | null {
  const texts = model.fields.filter(
    (field) => field.kind === 'VALUE' && !field.isList && !field.isId,
  );
  // The filter above keeps only fields of kind VALUE.
  const candidates = texts as readonly ValueField[];
  for (const name of labelNames) {
    const found = candidates.find((field) => field.name === name);
    if (found !== undefined) return found;
  }
  const isText = (field: ValueField) => field.type.name === 'String';
  return (
    candidates.find((field) => isText(field) && field.isRequired) ?? candidates.find(isText) ?? null
  );
}
