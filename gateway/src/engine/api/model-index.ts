import type {
  EnumType,
  Field,
  ForeignKey,
  JoinSide,
  Model,
  ModelType,
  Relation,
  ToManyField,
  ToOneField,
  UniqueKey,
  ValueField,
  ValueType,
} from '../sdl/model.ts';

/** A model with lookups by name. Unless stated otherwise, a lookup throws if the name does not exist. */
export interface ModelIndex {
  readonly model: Model;
  readonly type: (name: string) => ModelType;
  readonly enumType: (name: string) => EnumType;
  readonly relation: (name: string) => Relation;
  /** The columns of the primary key, in its order. */
  readonly keyOf: (type: ModelType) => readonly ModelColumn[];
  /** The columns of a unique key, in its order. */
  readonly columnsOf: (type: ModelType, key: UniqueKey) => readonly ModelColumn[];
  /** Finds a column by its name in the API: `title`, `boardId`. Null if the type has no such column. */
  readonly column: (type: ModelType, name: string) => ModelColumn | null;
  /** The name of the field that a column of the table belongs to. */
  readonly fieldOfColumn: (type: ModelType, column: string) => string;
  /** Null if the type has no field with this name. A foreign key (`boardId`) is not a field: see `column`. */
  readonly field: (type: ModelType, name: string) => Field | null;
  /** The columns that connect a row to the rows of one of its relations. */
  readonly link: (type: ModelType, field: ToOneField | ToManyField) => Link;
}

/** A column of a row: the column of a value field, or one of the columns of a foreign key. */
export interface ModelColumn {
  /** The name in the API: `title`, `boardId`. */
  readonly name: string;
  readonly column: string;
  readonly type: ValueType;
  readonly list: boolean;
  readonly required: boolean;
  readonly field: ValueField | OwningSideField;
}

/** The owning side of a relation, which has the foreign key. */
export type OwningSideField = ToOneField & { readonly key: ForeignKey };

/** Two columns that have the same value in connected rows. Names are not quoted. */
export interface LinkedColumns {
  /** The column of the row, or of the join table. */
  readonly own: string;
  /** The column of the other row, or of the row that the join table references. */
  readonly other: string;
  readonly type: ValueType;
}

/** How a row is connected to the rows of `target`, the other side of a relation. */
export type Link =
  /** The row has the foreign key: `row.own = target.other`; at most one row. */
  | {
      readonly kind: 'OWNING_SIDE';
      readonly target: ModelType;
      readonly columns: readonly LinkedColumns[];
      readonly required: boolean;
    }
  /** The target has the foreign key: `row.own = target.other`; at most one row if `unique`. */
  | {
      readonly kind: 'INVERSE_SIDE';
      readonly target: ModelType;
      readonly columns: readonly LinkedColumns[];
      readonly unique: boolean;
      /** Whether the foreign key of `target` is required. */
      readonly required: boolean;
      /** Whether the foreign key belongs to the key of `target`, which cannot be changed. */
      readonly inKey: boolean;
    }
  /** A join table has the keys of both rows: `table.own = row.other` for `toRow`, and `target.other` for `toTarget`. */
  | {
      readonly kind: 'MANY_TO_MANY';
      readonly target: ModelType;
      readonly table: string;
      readonly toRow: readonly LinkedColumns[];
      readonly toTarget: readonly LinkedColumns[];
    };

export function indexModel(model: Model): ModelIndex {
  const type = byName('type', model.types);
  const enumType = byName('enum', model.enums);
  const relation = byName('relation', model.relations);
  const fields = new Map(
    model.types.map((each) => [each.name, new Map(each.fields.map((f) => [f.name, f]))]),
  );
  const columns = new Map(model.types.map((each) => [each.name, columnsOfType(each)]));
  const byColumn = new Map(
    model.types.map((each) => [
      each.name,
      new Map(columnsOfType(each).map((column) => [column.column, column])),
    ]),
  );
  const columnsOf = ({ name }: ModelType, key: UniqueKey): readonly ModelColumn[] =>
    key.columns.map((column) => {
      const found = byColumn.get(name)?.get(column);
      if (found === undefined) throw new Error(`${name} has no column for the key ${key.name}.`);
      return found;
    });
  const keys = new Map(model.types.map((each) => [each.name, columnsOf(each, each.key)]));
  const columnsByName = new Map(
    [...columns].map(([name, all]) => [name, new Map(all.map((each) => [each.name, each]))]),
  );
  return {
    model,
    type,
    enumType,
    relation,
    keyOf: ({ name }) => keys.get(name) ?? [],
    columnsOf,
    column: (of, name) => columnsByName.get(of.name)?.get(name) ?? null,
    fieldOfColumn: (of, name) => {
      const found = byColumn.get(of.name)?.get(name);
      if (found === undefined) throw new Error(`${of.name} has no column ${name}.`);
      return found.field.name;
    },
    field: (of, name) => fields.get(of.name)?.get(name) ?? null,
    link: (of, field) => linkOf(of, field, relation(field.relation), type(field.target)),
  };
}

/** The columns of a type, in the order of its fields. */
export function columnsOfType({ fields }: ModelType): readonly ModelColumn[] {
  return fields.flatMap((field): readonly ModelColumn[] => {
    if (isOwningSide(field)) return columnsOfForeignKey(field);
    if (field.kind !== 'VALUE') return [];
    const { name, column, type, list, required } = field;
    return [{ name, column, type, list, required, field }];
  });
}

export function columnsOfForeignKey(field: OwningSideField): readonly ModelColumn[] {
  const { key, required } = field;
  return key.map(({ name, column, type }) => ({
    name,
    column,
    type,
    list: false,
    required,
    field,
  }));
}

export function isOwningSide(field: Field): field is OwningSideField {
  return field.kind === 'TO_ONE' && field.key !== null;
}

/** Whether the field belongs to the key of the type, which does not change. */
export function isInKey({ key }: ModelType, { name }: Pick<Field, 'name'>): boolean {
  return key.fields.includes(name);
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
    const linked = ({ columns }: JoinSide): readonly LinkedColumns[] =>
      columns.map(({ column, references, type }) => ({ own: column, other: references, type }));
    const { table } = relation;
    return {
      kind: 'MANY_TO_MANY',
      target,
      table,
      toRow: linked(own),
      toTarget: linked(other),
    };
  }
  const { key, required, unique } = relation;
  if (isOwningSide(field)) {
    const columns = key.map(({ column, references, type }) => ({
      own: column,
      other: references,
      type,
    }));
    return { kind: 'OWNING_SIDE', target, columns, required };
  }
  const columns = key.map(({ column, references, type }) => ({
    own: references,
    other: column,
    type,
  }));
  const inKey = key.some(({ column }) => target.key.columns.includes(column));
  return { kind: 'INVERSE_SIDE', target, columns, unique, required, inKey };
}

function byName<T extends { readonly name: string }>(what: string, all: readonly T[]) {
  const known = new Map(all.map((each) => [each.name, each]));
  return (name: string): T => {
    const found = known.get(name);
    if (found === undefined) throw new Error(`The model has no ${what} ${name}.`);
    return found;
  };
}
