import {
  isOwningSide,
  type OwningSideField,
  type Link,
  type ModelIndex,
} from '../api/model-index.ts';
import { columnTypeOf, typeName } from '../migrations/tables/column-type.ts';
import type {
  JsonValue,
  ModelType,
  ToManyField,
  ToOneField,
  UniqueKey,
  ValueField,
} from '../sdl/model.ts';
import { commaList, ident, projectTable, sql, type Sql } from '../sql/sql.ts';
import { codecOf, keyCodec, type ValueCodec } from './value-codec.ts';

/** A type as writing sees it: what may be put into which column, and where its relations lead. */
export interface TableShape {
  readonly type: ModelType;
  readonly table: Sql;
  readonly idColumn: Sql;
  /** The id first, then the other columns that a caller fills, in the order of the model. */
  readonly columns: readonly WriteColumn[];
  /** `"id", "title", …` */
  readonly columnList: Sql;
  /** `"id" uuid, "title" text, …` */
  readonly columnDefinitions: Sql;
  /** `"updated_at" = now()` for each column that every change sets. */
  readonly touches: readonly Sql[];
  readonly relations: readonly WriteRelation[];
  readonly uniques: ReadonlyMap<string, UniqueShape>;
}

export interface WriteColumn {
  /** In inputs: `title`, `boardId`. */
  readonly name: string;
  readonly column: string;
  readonly ident: Sql;
  readonly sqlType: Sql;
  readonly codec: ValueCodec;
  readonly required: boolean;
  /** What a new row holds where nothing is given; null for nothing. */
  readonly default: JsonValue;
  /** Of a relation's key: the relation. */
  readonly key: OwningSideField | null;
}

export interface WriteRelation {
  readonly field: ToOneField | ToManyField;
  readonly link: Link;
  /** On the inverse side: the field of the owning side. Null on the other sides. */
  readonly owningField: string | null;
}

/** One way to name a row in `connect`. */
export interface UniqueShape {
  readonly key: UniqueKey;
  readonly columns: readonly WriteColumn[];
}

const shapesOf = new WeakMap<ModelIndex, Map<string, TableShape>>();

/** Made once for each type of a model. */
export function tableShape(index: ModelIndex, type: ModelType): TableShape {
  const shapes = shapesOf.get(index) ?? new Map<string, TableShape>();
  shapesOf.set(index, shapes);
  const known = shapes.get(type.name);
  if (known !== undefined) return known;
  const shape = readShape(index, type);
  shapes.set(type.name, shape);
  return shape;
}

function readShape(index: ModelIndex, type: ModelType): TableShape {
  const id = valueColumn(index.idOf(type));
  const others = type.fields.flatMap((field) => {
    if (isOwningSide(field)) return [keyColumn(field)];
    return field.kind === 'VALUE' && field.role === 'PLAIN' ? [valueColumn(field)] : [];
  });
  const columns = [id, ...others];
  return {
    type,
    table: projectTable(type.table),
    idColumn: id.ident,
    columns,
    columnList: commaList(columns.map((column) => column.ident)),
    columnDefinitions: commaList(
      columns.map(({ ident: name, sqlType }) => sql`${name} ${sqlType}`),
    ),
    touches: type.fields.flatMap((field) =>
      field.kind === 'VALUE' && field.role === 'UPDATED_AT'
        ? [sql`${ident(field.column)} = now()`]
        : [],
    ),
    relations: type.fields.flatMap((field) =>
      field.kind === 'VALUE' ? [] : [writeRelation(index, type, field)],
    ),
    uniques: new Map(type.uniques.map((key) => [key.name, uniqueShape(key, type, columns)])),
  };
}

function valueColumn(field: ValueField): WriteColumn {
  const { name, column, list, required, default: value } = field;
  return {
    name,
    column,
    ident: ident(column),
    sqlType: typeName({ type: columnTypeOf(field.type), list }),
    codec: codecOf(field),
    required,
    default: value,
    key: null,
  };
}

function keyColumn(field: OwningSideField): WriteColumn {
  return {
    name: field.key.name,
    column: field.key.column,
    ident: ident(field.key.column),
    sqlType: sql`uuid`,
    codec: keyCodec,
    required: field.required,
    default: null,
    key: field,
  };
}

function writeRelation(
  index: ModelIndex,
  type: ModelType,
  field: ToOneField | ToManyField,
): WriteRelation {
  const relation = index.relation(field.relation);
  const link = index.link(type, field);
  const owningField =
    link.kind === 'INVERSE_SIDE' && relation.kind === 'FOREIGN_KEY'
      ? relation.owningSide.field
      : null;
  return { field, link, owningField };
}

/** A value that no row could hold is simply not found, so constraints are left aside. */
function uniqueShape(
  key: UniqueKey,
  type: ModelType,
  columns: readonly WriteColumn[],
): UniqueShape {
  return {
    key,
    columns: key.columns.map((name) => {
      const field = type.fields.find((each) => each.kind === 'VALUE' && each.column === name);
      if (field?.kind === 'VALUE') return valueColumn({ ...field, constraint: null });
      const foreignKey = columns.find(({ column }) => column === name);
      if (foreignKey === undefined) throw new Error(`${type.name} has no column for ${key.name}.`);
      return foreignKey;
    }),
  };
}
