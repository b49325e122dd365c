/** What one member may see and do of a project's data, read from the project API's introspection. */
export interface DataModel {
  /** In the order of the schema: the types that the member may read. */
  readonly types: readonly DataType[];
}

/** A type with rows, and under which names the project API has it. */
export interface DataType {
  readonly name: string;
  readonly description: string | null;
  /** Query field for one row: `issue`. */
  readonly one: string;
  /** Query field for many: `issues`. */
  readonly many: string;
  readonly idField: string;
  readonly maxPageSize: number;
  readonly fields: readonly DataField[];
  /** Mutation fields; each null where the member may not. */
  readonly mutations: DataMutations;
}

export interface DataMutations {
  readonly create: string | null;
  readonly update: string | null;
  readonly delete: string | null;
  readonly deleteMany: string | null;
}

export type DataField = ValueField | ToOneField | ToManyField;

interface FieldBase {
  readonly name: string;
  readonly description: string | null;
}

/** A scalar, an enum value, or a list of either. */
export interface ValueField extends FieldBase {
  readonly kind: 'VALUE';
  readonly type: ValueType;
  readonly isList: boolean;
  /** Never null. */
  readonly isRequired: boolean;
  readonly isId: boolean;
  readonly isSortable: boolean;
  readonly operators: readonly string[];
  /** How it is given in a new row; null where it cannot be. */
  readonly create: CreateRule | null;
  readonly isUpdatable: boolean;
}

export interface CreateRule {
  readonly mustBeGiven: boolean;
  /** What the schema says of the value: `1 to 80 characters. Default: ….` */
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

/** One row of another type, or none. */
export interface ToOneField extends FieldBase {
  readonly kind: 'TO_ONE';
  /** A type of the model. */
  readonly target: string;
  readonly isRequired: boolean;
  /** The field with the other row's id, `boardId`; null on the side of a pair that holds none. */
  readonly key: string | null;
  readonly isCreatable: boolean;
  readonly isUpdatable: boolean;
}

export interface ToManyField extends FieldBase {
  readonly kind: 'TO_MANY';
  readonly target: string;
  /** The field of the other type that leads back, if there is no doubt which it is. */
  readonly inverse: string | null;
}

export const typeNamed = (model: DataModel, name: string): DataType | null =>
  model.types.find((type) => type.name === name) ?? null;

export const fieldNamed = (type: DataType, name: string): DataField | null =>
  type.fields.find((field) => field.name === name) ?? null;

/** The names, in the order of preference, that say which row it is. */
const labelNames = ['name', 'title', 'label', 'key', 'slug', 'email', 'username', 'code', 'number'];

/** The field whose value names a row to a person; null where only the id does. */
export function labelFieldOf(type: DataType): ValueField | null {
  const texts = type.fields.filter(
    (field) => field.kind === 'VALUE' && !field.isList && !field.isId,
  );
  // The filter leaves values only.
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
