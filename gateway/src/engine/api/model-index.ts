import type {
  EnumType,
  Field,
  Model,
  ModelType,
  Relation,
  ToManyField,
  ToOneField,
  ValueField,
} from '../sdl/model.ts';

/** A model with lookups by name. Unless stated otherwise, a lookup throws if the name does not exist. */
export interface ModelIndex {
  readonly model: Model;
  readonly type: (name: string) => ModelType;
  readonly enumType: (name: string) => EnumType;
  readonly relation: (name: string) => Relation;
  readonly idOf: (type: ModelType) => ValueField;
  /** Null if the type has no field with this name. A foreign key (`boardId`) is not a field: see `keyOf`. */
  readonly field: (type: ModelType, name: string) => Field | null;
  /** `boardId` → the field `board`. Null if the name is not a foreign key. */
  readonly keyOf: (type: ModelType, name: string) => OwningSideField | null;
  /** The columns that connect a row to the rows of one of its relations. */
  readonly link: (type: ModelType, field: ToOneField | ToManyField) => Link;
}

/** The owning side of a relation, which has the foreign key. */
export type OwningSideField = ToOneField & { readonly key: NonNullable<ToOneField['key']> };

/** How a row is connected to the rows of `target`, the other side of a relation. Column names are not quoted. */
export type Link =
  /** `row.column = target.id`; at most one row. */
  | {
      readonly kind: 'OWNING_SIDE';
      readonly target: ModelType;
      readonly column: string;
      readonly required: boolean;
    }
  /** `target.column = row.id`; at most one row if `unique`. */
  | {
      readonly kind: 'INVERSE_SIDE';
      readonly target: ModelType;
      readonly column: string;
      readonly unique: boolean;
      /** Whether the foreign key of `target` is required. */
      readonly required: boolean;
    }
  /** `table.ownColumn = row.id AND table.otherColumn = target.id` */
  | {
      readonly kind: 'MANY_TO_MANY';
      readonly target: ModelType;
      readonly table: string;
      readonly ownColumn: string;
      readonly otherColumn: string;
    };

export function indexModel(model: Model): ModelIndex {
  const type = byName('type', model.types);
  const enumType = byName('enum', model.enums);
  const relation = byName('relation', model.relations);
  const fields = new Map(
    model.types.map((each) => [each.name, new Map(each.fields.map((f) => [f.name, f]))]),
  );
  const keys = new Map(
    model.types.map((each) => [
      each.name,
      new Map(each.fields.filter(isOwningSide).map((f) => [f.key.name, f])),
    ]),
  );
  return {
    model,
    type,
    enumType,
    relation,
    idOf({ name, idField }) {
      const id = fields.get(name)?.get(idField);
      if (id?.kind !== 'VALUE') throw new Error(`The type ${name} has no id.`);
      return id;
    },
    field: (of, name) => fields.get(of.name)?.get(name) ?? null,
    keyOf: (of, name) => keys.get(of.name)?.get(name) ?? null,
    link: (of, field) => linkOf(of, field, relation(field.relation), type(field.target)),
  };
}

export function isOwningSide(field: Field): field is OwningSideField {
  return field.kind === 'TO_ONE' && field.key !== null;
}

function linkOf(
  of: ModelType,
  field: ToOneField | ToManyField,
  relation: Relation,
  target: ModelType,
): Link {
  if (relation.kind === 'JOIN_TABLE') {
    const [a, b] = relation.sides;
    const [own, other] = a.type === of.name && a.field === field.name ? [a, b] : [b, a];
    return {
      kind: 'MANY_TO_MANY',
      target,
      table: relation.table,
      ownColumn: own.column,
      otherColumn: other.column,
    };
  }
  const { column, required, unique } = relation;
  return field.kind === 'TO_ONE' && field.key !== null
    ? { kind: 'OWNING_SIDE', target, column, required }
    : { kind: 'INVERSE_SIDE', target, column, unique, required };
}

function byName<T extends { readonly name: string }>(what: string, all: readonly T[]) {
  const known = new Map(all.map((each) => [each.name, each]));
  return (name: string): T => {
    const found = known.get(name);
    if (found === undefined) throw new Error(`The model has no ${what} ${name}.`);
    return found;
  };
}
